import type { Acquisition, CallCondition, LibraryModel } from '../model.ts';
import { childWaits } from '../waits/childProcess.ts';
import { emitter, events, methods, node } from '../words.ts';

const spawned: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  resource: 'ChildProcess',
  endsByItself: true,
  onlyIfReleased: ['kill'],
  duty: 'handle',
  kind: 'child process',
  discharges: [...methods('kill', 'unref', 'disconnect'), ...events('exit', 'close')],
  preferred: { by: 'method', name: 'kill' },
  disposal: [{ versions: '>=20.5.0', disposal: 'sync' }],
  consequence: 'it goes on running when the code that needed it has failed',
};

/** A limit that the caller gave ends the child. */
const limited = (argument: number): readonly CallCondition[] => [
  { argument, option: 'signal' },
  { argument, option: 'timeout' },
  { argument, option: 'detached', equals: true },
];

/** `exec(command, callback)`: the callback is told when the child has ended. */
const calledBack = (...indices: readonly number[]): readonly CallCondition[] =>
  indices.map((argument) => ({ argument, is: 'function' }));

/** Node's child processes. One that is never killed ends by itself. */
export const childProcess: LibraryModel = {
  library: 'child_process',
  packages: node,
  modules: {
    child_process: {
      spawn: { returns: 'ChildProcess' },
      fork: { returns: 'ChildProcess' },
      exec: { returns: 'ChildProcess' },
      execFile: { returns: 'ChildProcess' },
      execSync: {},
      execFileSync: {},
      spawnSync: {},
      ChildProcess: { type: 'ChildProcess' },
    },
  },
  types: {
    ChildProcess: {
      members: {
        ...emitter('ChildProcess'),
        stdout: { value: 'Readable' },
        stderr: { value: 'Readable' },
        stdin: { value: 'Writable' },
      },
    },
    Readable: { declaredAs: [], holds: 'child process', members: emitter('Readable') },
    Writable: { declaredAs: [], endsEarly: 'the child process', members: emitter('Writable') },
  },
  acquisitions: [
    { at: { module: 'child_process', export: 'spawn' }, ...spawned, unless: [...limited(1), ...limited(2)] },
    { at: { module: 'child_process', export: 'fork' }, ...spawned, unless: [...limited(1), ...limited(2)] },
    { at: { module: 'child_process', export: 'exec' }, ...spawned, unless: [...limited(1), ...calledBack(1, 2)] },
    {
      at: { module: 'child_process', export: 'execFile' },
      ...spawned,
      unless: [...limited(1), ...limited(2), ...calledBack(1, 2, 3)],
    },
  ],
  ...childWaits,
};
