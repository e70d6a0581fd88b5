import type { CheckOutcome } from '../../project/engine/protocol.ts';
import type { Paint } from '../paint.ts';

export const reporterNames = ['stylish', 'json', 'unix', 'agent'] as const;
export type ReporterName = (typeof reporterNames)[number];

/** What a reporter may know besides the result. */
export interface ReportContext {
  readonly cwd: string;
  readonly version: string;
  /** Whether durations may be written. */
  readonly timing: boolean;
  readonly paint: Paint;
  /** The width of the terminal in columns. */
  readonly width: number;
}

/** Writes the findings of a run as text. `outcome` holds only what is to be shown. */
export type Reporter = (outcome: CheckOutcome, context: ReportContext) => string;

/** What a format needs of the engine. */
export interface ReporterNeeds {
  readonly fixes: boolean;
  readonly sources: boolean;
}

export const reporterNeeds: Readonly<Record<ReporterName, ReporterNeeds>> = {
  stylish: { fixes: true, sources: true },
  json: { fixes: true, sources: false },
  unix: { fixes: false, sources: false },
  agent: { fixes: true, sources: false },
};
