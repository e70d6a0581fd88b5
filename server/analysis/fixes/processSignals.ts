import type { ModuleTemplate } from './moduleText.ts';

/** A hub: one handler of the process for each signal, and any number of subscribers. */
export const processSignals: ModuleTemplate = {
  name: 'processSignals',
  text: `
One handler for each signal of the process, and any number of subscribers.

«type Subscriber = (signal: NodeJS.Signals) => unknown;

»const hubs = new Map«<NodeJS.Signals, { subscribers: Set<Subscriber>; handler: Subscriber }>»();

/**
 * Calls the subscriber on every such signal, until the returned function is called or the abort signal aborts.
 * What one subscriber throws does not keep the others from running: it is printed.
 */
export function subscribe(
  name«: NodeJS.Signals»,
  subscriber«: Subscriber»,
  { signal }«: { signal?: AbortSignal }» = {},
)«: () => void» {
  const { subscribers } = hubs.get(name) ?? open(name);
  // A subscription of its own, also when the same function subscribes twice.
  const entry«: Subscriber» = (received) => subscriber(received);
  const unsubscribe = ()«: void» => {
    signal?.removeEventListener('abort', unsubscribe);
    subscribers.delete(entry);
  };
  if (signal?.aborted) return unsubscribe;
  signal?.addEventListener('abort', unsubscribe, { once: true });
  subscribers.add(entry);
  return unsubscribe;
}

/** Takes all handlers from the process: signals do again what they do by default. */
export function shutdown()«: void» {
  for (const name of [...hubs.keys()]) close(name);
}

function open(name«: NodeJS.Signals») {
  const subscribers = new Set«<Subscriber>»();
  const handler«: Subscriber» = (received) => {
    if (subscribers.size === 0 && (received === 'SIGINT' || received === 'SIGTERM')) {
      // Nobody is left who would end the program.
      close(name);
      process.kill(process.pid, received);
    }
    for (const subscriber of [...subscribers]) {
      try {
        Promise.resolve(subscriber(received)).catch(report);
      } catch (error) {
        report(error);
      }
    }
  };
  const hub = { subscribers, handler };
  hubs.set(name, hub);
  process.on(name, handler);
  return hub;
}

function close(name«: NodeJS.Signals»)«: void» {
  const hub = hubs.get(name);
  if (hub) process.removeListener(name, hub.handler);
  hubs.delete(name);
}

function report(error«: unknown»)«: void» {
  console.error(error);
}
`,
};
