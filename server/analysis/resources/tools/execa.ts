import type { Acquisition, LibraryModel } from '../model.ts';
import { emitter, events, methods } from '../words.ts';

const limits = ['timeout', 'cancelSignal', 'signal'];

const subprocess: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  unless: [1, 2].flatMap((argument) => [
    ...limits.map((option) => ({ argument, option })),
    { argument, option: 'detached', equals: true },
  ]),
  resource: 'Subprocess',
  endsByItself: true,
  onlyIfReleased: ['kill', 'cancel'],
  duty: 'handle',
  kind: 'child process',
  discharges: [...methods('kill', 'cancel', 'unref', 'disconnect'), ...events('exit', 'close')],
  preferred: { by: 'method', name: 'kill' },
  consequence: 'it goes on running when the code that needed it has failed',
};

const runner = { returns: 'Subprocess' } as const;

/** A child that is never killed ends by itself. */
export const execa: LibraryModel = {
  library: 'execa',
  packages: [{ name: 'execa' }],
  modules: { execa: { default: runner, execa: runner, execaCommand: runner, execaNode: runner } },
  types: { Subprocess: { members: emitter('Subprocess') } },
  acquisitions: [
    { at: { module: 'execa', export: 'execa' }, ...subprocess },
    { at: { module: 'execa', export: 'execaCommand' }, ...subprocess },
    { at: { module: 'execa', export: 'execaNode' }, ...subprocess },
  ],
};
