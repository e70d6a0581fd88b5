import type { Acquisition, LibraryModel } from '../model.ts';

const lock: Omit<Acquisition, 'at' | 'yields'> = {
  onlyIfKept: true,
  duty: 'pooled',
  kind: 'file lock',
  discharges: [{ by: 'call' }],
  preferred: { by: 'call' },
  consequence: 'nobody else gets the lock as long as this process lives',
};

export const properLockfile: LibraryModel = {
  library: 'proper-lockfile',
  packages: [{ name: 'proper-lockfile' }],
  modules: { 'proper-lockfile': { lock: {}, lockSync: {}, unlock: {}, unlockSync: {} } },
  types: {},
  acquisitions: [
    { at: { module: 'proper-lockfile', export: 'lock' }, yields: [{ via: 'promise' }], ...lock },
    { at: { module: 'proper-lockfile', export: 'lockSync' }, yields: [{ via: 'value' }], ...lock },
  ],
};
