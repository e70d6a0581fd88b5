// Loaded into a program of an incident before its own code: tells the runner what only the process itself can see.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

/** How many handlers of signals ran. */
let handled = 0;
const { emit } = process;
process.emit = function (name, ...rest) {
  if (typeof name === 'string' && name.startsWith('SIG')) handled += this.listenerCount(name);
  return Reflect.apply(emit, this, [name, ...rest]);
};

setInterval(() => {
  const names = process.eventNames().filter((name) => typeof name === 'string' && name.startsWith('SIG'));
  const resources = process.getActiveResourcesInfo();
  const sample = {
    listeners: names.reduce((sum, name) => sum + process.listenerCount(name), 0),
    handled,
    timers: resources.filter((kind) => kind === 'Timeout').length,
    heap: getHeapStatistics().used_heap_size,
    delay: delay.max / 1e6,
  };
  delay.reset();
  // The channel may be gone while the program ends.
  if (process.connected) process.send(sample, undefined, undefined, () => {});
}, 50).unref();
process.channel?.unref();
