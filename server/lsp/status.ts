import type { Connection } from 'vscode-languageserver/node';
import { type StatusParams, statusNotification } from '../../protocol/messages.ts';
import { version } from '../project/catalog/version.generated.ts';
import type { Checked } from './checks.ts';

/** A check that is over before that needs no announcement: the status would only flicker. */
const announceAfterMs = 120;

/** Tells the client what the server is doing, and why it shows nothing. */
export class Status {
  readonly #connection: Connection;
  readonly #busy = new Map<string, NodeJS.Timeout>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  started(uri: string): void {
    if (this.#busy.has(uri)) return;
    const announce = (): void => this.#send({ ...empty, uri, state: 'busy' });
    this.#busy.set(uri, setTimeout(announce, announceAfterMs));
  }

  checked({ uri, report, settings }: Checked): void {
    this.#over(uri);
    const { findings, durationMs, configPath, backend } = report;
    const { timeBudget } = settings;
    const ms = Math.round(durationMs);
    const slow = durationMs > timeBudget.warn ? `checking took ${ms} ms` : null;
    const reason = report.reason ?? slow ?? report.remarks[0] ?? null;
    const state =
      report.broken || durationMs > timeBudget.error
        ? 'error'
        : slow !== null || report.remarks.length > 0
          ? 'warning'
          : 'ready';
    this.#send({ uri, state, findings: findings.length, durationMs: ms, configPath, backend, version, reason });
  }

  /** A check was given up because nobody waits for it, or could not be done. */
  ended(uri: string, error?: Error): void {
    this.#over(uri);
    const reason = error === undefined ? null : `internal error: ${error.message}`;
    if (error !== undefined) this.#send({ ...empty, uri: uri === '' ? null : uri, state: 'error', reason });
  }

  closed(uri: string): void {
    this.#over(uri);
  }

  #over(uri: string): void {
    clearTimeout(this.#busy.get(uri));
    this.#busy.delete(uri);
  }

  #send(status: StatusParams): void {
    void this.#connection.sendNotification(statusNotification, status);
  }
}

const empty: StatusParams = {
  ...{
    uri: null,
    state: 'ready',
    findings: 0,
    durationMs: 0,
    configPath: null,
    backend: 'pending',
    version,
    reason: null,
  },
};
