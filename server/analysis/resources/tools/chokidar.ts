import type { LibraryModel } from '../model.ts';
import { emitter, fluent } from '../words.ts';

export const chokidar: LibraryModel = {
  library: 'chokidar',
  packages: [{ name: 'chokidar' }],
  modules: { chokidar: { watch: { returns: 'FSWatcher' }, FSWatcher: { type: 'FSWatcher' } } },
  types: { FSWatcher: { members: { ...emitter('FSWatcher'), ...fluent('FSWatcher', 'add') } } },
  acquisitions: [
    {
      at: { module: 'chokidar', export: 'watch' },
      yields: [{ via: 'value' }],
      resource: 'FSWatcher',
      lifetime: 'application',
      onlyIfReleased: ['close'],
      duty: 'handle',
      kind: 'file watcher',
      discharges: [{ by: 'method', name: 'close', promise: true }],
      preferred: { by: 'method', name: 'close', promise: true },
      consequence: 'it holds a handle for each directory, keeps the process alive and goes on calling its listeners',
    },
  ],
};
