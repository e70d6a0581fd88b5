/** What only the runtime of Cloudflare Workers has or is handed: it cancels what a request started when that ends. */
export const edgeWords =
  /\bcaches\.default\b|\baddEventListener\(\s*['"](?:fetch|scheduled)['"]|\bimport\s[^;]*['"]cloudflare:|\bWebSocketPair\b|\bresponse\.webSocket\b/;

/** The functions by which such a runtime calls the default export of a file. */
export const edgeHandlers = /^(?:fetch|scheduled|queue)$/;

/** Other runtimes that take such an export keep a process. */
export const processWords = /\b(?:Bun|Deno|process)\.|['"](?:node:|bun)/;

/** What only code of a worker at the edge, or of a service worker, says: their runtime ends timers with the request. */
export const timersEndWords =
  /from\s+['"]cloudflare:|\b(?:DurableObjectState|WebSocketPair|ServiceWorkerGlobalScope|FetchEvent)\b|\bself\s*\.\s*skipWaiting\s*\(|\bclients\s*\.\s*claim\s*\(|\bruntime\s*[:=]\s*['"]edge['"]|\bcaches\s*\.\s*default\b/;

/** A type of such runtimes whose name others use, too, for their own: NestJS, and whoever executes something. */
export const executionWord = /\bExecutionContext\b/;
export const ownExecution =
  /\b(?:interface|class|type)\s+ExecutionContext\b|\bExecutionContext\b[^;{}]*\}\s*from\s*['"](?![^'"]*(?:cloudflare|hono))/;

/** How conditions name such runtimes. */
export const edgeNames =
  /workerd|edge-(?:light|runtime|routine)|\bEdgeRuntime\b|\bis(?:Edge|Workerd?|CloudflareWorkers?)\b|\bfastly\b/i;
