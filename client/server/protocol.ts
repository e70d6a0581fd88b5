import { type Diagnostic, NotificationType, RequestType } from 'vscode-languageclient/node';
import {
  type AddHealthParams,
  type AddHealthResult,
  addHealthRequest,
  type CheckWorkspaceParams,
  type CheckWorkspaceResult,
  type CreateConfigParams,
  type CreateConfigResult,
  checkWorkspaceRequest,
  createConfigRequest,
  type ExplainParams,
  type ExplainResult,
  explainRequest,
  type ReportParams,
  type ReportResult,
  type RulesResult,
  reportRequest,
  rulesRequest,
  type StatusParams,
  statusNotification,
  type TraceParams,
  type TraceResult,
  traceRequest,
} from '../../protocol/messages.ts';

/** The messages beyond the protocol of language servers, as the client's library has them. */
export type WorkspaceResult = CheckWorkspaceResult<Diagnostic>;
export const StatusNotification = new NotificationType<StatusParams>(statusNotification);
export const ExplainRequest = new RequestType<ExplainParams, ExplainResult, void>(explainRequest);
export const RulesRequest = new RequestType<object, RulesResult, void>(rulesRequest);
export const TraceRequest = new RequestType<TraceParams, TraceResult, void>(traceRequest);
export const CheckWorkspaceRequest = new RequestType<CheckWorkspaceParams, WorkspaceResult, void>(
  checkWorkspaceRequest,
);
export const CreateConfigRequest = new RequestType<CreateConfigParams, CreateConfigResult, void>(createConfigRequest);
export const AddHealthRequest = new RequestType<AddHealthParams, AddHealthResult, void>(addHealthRequest);
export const ReportRequest = new RequestType<ReportParams, ReportResult, void>(reportRequest);
