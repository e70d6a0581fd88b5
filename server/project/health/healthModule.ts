import type { ModuleTemplate } from '../../analysis/fixes/moduleText.ts';

/** Tells whether a process is about to run out of something, while it can still tell. */
export const healthModule: ModuleTemplate = {
  name: 'health',
  text: `
Tells whether this process is about to run out of something, while it can still tell.
//
//   serveHealth({ port: 9464 });                      GET /healthz: 200, or 503 and the reasons. GET /metrics: Prometheus
//   await answerHealth(request, response);            the same in a server that is there already
//   track(sendReceipt(order)).catch(report);          work that nobody waits for
//   watchEmitter('bus', bus);                         listeners that must not pile up; those of process are watched
//   registered(() => process.on('SIGHUP', reload));   counts handlers that could not be registered
//   reloaded(); reloadFailed(error);                  after each reload
//   probe(8080, '/status');                           asks the listener of this process itself
//
// Alerts for the metrics are in health.rules.yml.

«import type { EventEmitter } from 'node:events';
»import { readdirSync, readFileSync } from 'node:fs';
import { createServer, get«, type IncomingMessage, type ServerResponse» } from 'node:http';
import { connect } from 'node:net';
import { getHeapStatistics } from 'node:v8';

/** Past these the process is unhealthy: change them where you start it. */
export const limits = {
  /** The share of the descriptors that it may have open. */
  descriptors: 0.8,
  /** The share of the memory that its heap may grow to. */
  heap: 0.9,
  /** Sockets, timers or other resources of one kind. */
  resources: 10000,
  /** Tasks in flight that nobody waits for. */
  tasks: 1000,
  /** Listeners of one event. */
  listeners: 50,
  /** Handlers that could not be registered. */
  registrationFailures: 0,
  /** Seconds since the last reload that succeeded, when one has failed since. */
  reloadAge: 3600,
  /** Milliseconds within which its own listener has to answer. */
  probe: 1000,
};

const emitters = new Map«<string, EventEmitter>»([['process', process]]);
const probes = new Map«<number, string | undefined>»();
let tasks = 0;
/** The next number of tasks that is worth a line in the log. */
let notable = 16;
let registrationFailures = 0;
let lastReload = Date.now();
let reloadProblem«: string | undefined»;

/** Counts a task as long as it is in flight, and says so each time their number has doubled. */
export function track«<T>»(task«: Promise<T>»)«: Promise<T>» {
  tasks += 1;
  if (tasks >= notable) {
    console.warn(\`\${tasks} tasks are in flight that nobody waits for\`);
    notable *= 2;
  }
  return task.finally(() => {
    tasks -= 1;
  });
}

/** Watches how many listeners an emitter has. */
export function watchEmitter(name«: string», emitter«: EventEmitter»)«: void» {
  emitters.set(name, emitter);
}

/** Registers a handler, and counts when that fails. */
export function registered«<T>»(register«: () => T»)«: T» {
  try {
    return register();
  } catch (error) {
    registrationFailures += 1;
    throw error;
  }
}

/** Notes that a reload has succeeded. */
export function reloaded()«: void» {
  lastReload = Date.now();
  reloadProblem = undefined;
}

/** Notes that a reload has failed: the old state goes on being used. */
export function reloadFailed(error«: unknown»)«: void» {
  reloadProblem = error instanceof Error ? error.message : String(error);
}

/** Asks a port of this process with every check: whether it accepts, or answers to GET when a path is given. */
export function probe(port«: number», path«?: string»)«: void» {
  probes.set(port, path);
}

/** What is wrong with the process; nothing when it is healthy. */
export async function checkHealth()«: Promise<string[]>» {
  return problemsOf(await ownListeners());
}

function problemsOf(ports«: [number, boolean][]»)«: string[]» {
  const problems«: string[]» = [];
  const past = (value«: number», limit«: number», text«: string»)«: void» => {
    if (value > limit) problems.push(text);
  };
  const { open, max } = descriptors();
  past(open / max, limits.descriptors, \`\${open} of \${max} descriptors are open\`);
  const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
  past(used / most, limits.heap, \`\${megabytes(used)} of \${megabytes(most)} MB of heap are used\`);
  for (const [kind, count] of resources()) past(count, limits.resources, \`\${count} resources \${kind} are active\`);
  past(tasks, limits.tasks, \`\${tasks} tasks are in flight\`);
  for (const { emitter, event, count } of listeners()) {
    past(count, limits.listeners, \`\${emitter} has \${count} listeners of \${event}\`);
  }
  past(registrationFailures, limits.registrationFailures, \`\${registrationFailures} handlers could not be registered\`);
  if (reloadProblem !== undefined) past(reloadAge(), limits.reloadAge, \`the last reload failed: \${reloadProblem}\`);
  for (const [port, isUp] of ports) if (!isUp) problems.push(\`port \${port} does not answer\`);
  return problems;
}

/** The numbers for Prometheus. */
export async function metrics()«: Promise<string>» {
  const ports = await ownListeners();
  const lines«: string[]» = [];
  const add = (name«: string», type«: string», samples«: Iterable<readonly [string, number]>») => {
    lines.push(\`# TYPE \${name} \${type}\`);
    for (const [labels, value] of samples) lines.push(\`\${name}\${labels} \${value}\`);
  };
  const gauge = (name«: string», value«: number») => add(name, 'gauge', [['', value]]);
  const { open, max } = descriptors();
  gauge('process_open_fds', open);
  gauge('process_max_fds', max);
  const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
  gauge('nodejs_heap_size_used_bytes', used);
  gauge('nodejs_heap_size_limit_bytes', most);
  add(
    'nodejs_active_resources',
    'gauge',
    [...resources()].map(([kind, count]) => [labels({ type: kind }), count]),
  );
  gauge('leakproof_tasks_in_flight', tasks);
  add(
    'nodejs_listeners',
    'gauge',
    listeners().map(({ emitter, event, count }) => [labels({ emitter, event }), count]),
  );
  add('leakproof_handler_registration_failures_total', 'counter', [['', registrationFailures]]);
  gauge('leakproof_seconds_since_reload', reloadAge());
  gauge('leakproof_last_reload_successful', reloadProblem === undefined ? 1 : 0);
  add(
    'leakproof_listener_up',
    'gauge',
    ports.map(([port, isUp]) => [labels({ port: String(port) }), isUp ? 1 : 0]),
  );
  gauge('leakproof_healthy', problemsOf(ports).length === 0 ? 1 : 0);
  return lines.join('\\n') + '\\n';
}

/** Answers to /healthz and /metrics; false when something else was asked for. */
export async function answerHealth(request«: IncomingMessage», response«: ServerResponse»)«: Promise<boolean>» {
  const path = (request.url ?? '/').split('?')[0];
  if (path !== '/healthz' && path !== '/metrics') return false;
  if (path === '/metrics') {
    const text = await metrics();
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(text);
    return true;
  }
  const problems = await checkHealth();
  response.writeHead(problems.length === 0 ? 200 : 503, { 'content-type': 'text/plain; charset=utf-8' });
  response.end((problems.length === 0 ? ['ok'] : problems).join('\\n') + '\\n');
  return true;
}

/** Answers on a port of its own. Does not keep the process alive. */
export function serveHealth({ port = 9464, host = '127.0.0.1' } = {}) {
  const server = createServer((request, response) => {
    const fail = (error«: unknown»)«: void» => {
      response.writeHead(500);
      response.end(String(error) + '\\n');
    };
    answerHealth(request, response).then((isDone) => {
      if (!isDone) response.writeHead(404).end();
    }, fail);
  });
  server.on('error', (error) => console.error(error));
  server.timeout = 10000;
  return server.listen(port, host).unref();
}

/** Read once: with no descriptor left it cannot be read any more. */
const maxDescriptors = (() => {
  try {
    return Number(/^Max open files +(\\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity);
  } catch {
    return Infinity;
  }
})();

function descriptors()«: { open: number; max: number }» {
  try {
    // One of them is that of the directory itself.
    const open = readdirSync(process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd').length - 1;
    return { open, max: maxDescriptors };
  } catch {
    // Either there is no such directory, or there is none left to open it with.
    return { open: Number.isFinite(maxDescriptors) ? maxDescriptors : 0, max: maxDescriptors };
  }
}

function resources()«: Map<string, number>» {
  const counts = new Map«<string, number>»();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

function listeners()«: { emitter: string; event: string; count: number }[]» {
  return [...emitters].flatMap(([name, emitter]) =>
    emitter.eventNames().map((event) => ({ emitter: name, event: String(event), count: emitter.listenerCount(event) })),
  );
}

function reloadAge()«: number» {
  return (Date.now() - lastReload) / 1000;
}

function ownListeners()«: Promise<[number, boolean][]>» {
  return Promise.all([...probes].map(async ([port, path])«: Promise<[number, boolean]>» => [port, await isUp(port, path)]));
}

function isUp(port«: number», path«: string | undefined»)«: Promise<boolean>» {
  return new Promise((resolve) => {
    if (path === undefined) {
      const socket = connect(port, '127.0.0.1');
      const done = (isDone«: boolean»)«: void» => {
        socket.destroy();
        resolve(isDone);
      };
      socket.setTimeout(limits.probe, () => done(false));
      socket.once('connect', () => done(true));
      socket.once('error', () => done(false));
      return;
    }
    const asked = get({ port, path, host: '127.0.0.1', agent: false, timeout: limits.probe }, (response) => {
      response.resume();
      resolve((response.statusCode ?? 500) < 500);
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.once('error', () => resolve(false));
  });
}

function labels(pairs«: Record<string, string>»)«: string» {
  const escaped = Object.entries(pairs).map(([name, value]) => \`\${name}=\${JSON.stringify(value)}\`);
  return \`{\${escaped.join(',')}}\`;
}

function megabytes(bytes«: number»)«: number» {
  return Math.round(bytes / 1048576);
}
`,
};
