/** How frameworks hand a request to its handler, and what tells that the client has left. Data only. */
export interface HandlerShape {
  /** How the parameter is called through which the response is written. */
  readonly parameter: RegExp;
  /** The Node response behind it, after the parameter's name; it emits `close` and has `writableEnded`. */
  readonly response: string;
  /** What is written with, after the parameter's name. */
  readonly writes: RegExp;
}

export const handlerShapes: readonly HandlerShape[] = [
  // node:http, express, connect, restify, polka, Nest with `@Res()`, Next's `pages/api`.
  { parameter: /^_?(?:res|resp|response|stream)$/, response: '', writes: /^write$/ },
  // fastify
  { parameter: /^_?(?:reply|rep)$/, response: '.raw', writes: /^write$/ },
  // koa
  { parameter: /^(?:ctx|context)$/, response: '.res', writes: /^write$/ },
];

/** Streams of the Web that a handler returns: whoever stops reading calls `cancel`. */
export const webStreams: ReadonlySet<string> = new Set(['ReadableStream']);

/** Everything by which a handler may learn that the client left. */
export const hearsOfLeaving =
  /signal|abort|['"`](?:close|aborted|finish|error|disconnect)['"`]|onclose|onabort|writableEnded|writableFinished|\.destroyed|\.closed\b|headersSent|pipeline|finished\s*\(|onDisconnect|connection|\bcancel\b/i;
