import type { Acquisition, Discharge, LibraryModel } from '../model.ts';

const remove: Discharge = { by: 'method', name: 'removeCallback' };
const cleanup: Discharge = { by: 'method', name: 'cleanup', promise: true };

/** What is not removed here may be removed at the end of the process, when somebody has asked for that. */
const consequence = 'it stays on the disk at least until the process ends';

const made: Omit<Acquisition, 'at' | 'kind'> = {
  yields: [{ via: 'value' }],
  resource: 'FileResult',
  onlyIfReleased: ['removeCallback'],
  duty: 'handle',
  discharges: [remove],
  preferred: remove,
  consequence,
};

const promised: Omit<Acquisition, 'at' | 'kind'> = {
  yields: [{ via: 'promise' }],
  resource: 'Result',
  onlyIfReleased: ['cleanup'],
  duty: 'handle',
  discharges: [cleanup],
  preferred: cleanup,
  consequence,
};

export const tmp: LibraryModel = {
  library: 'tmp',
  packages: [{ name: 'tmp' }, { name: 'tmp-promise' }],
  modules: {
    tmp: { fileSync: { returns: 'FileResult' }, dirSync: { returns: 'FileResult' } },
    'tmp-promise': { file: { returns: 'Result', promise: true }, dir: { returns: 'Result', promise: true } },
  },
  types: { FileResult: { members: {} }, Result: { members: {} } },
  acquisitions: [
    { at: { module: 'tmp', export: 'fileSync' }, kind: 'temporary file', ...made },
    { at: { module: 'tmp', export: 'dirSync' }, kind: 'temporary directory', ...made },
    { at: { module: 'tmp-promise', export: 'file' }, kind: 'temporary file', ...promised },
    { at: { module: 'tmp-promise', export: 'dir' }, kind: 'temporary directory', ...promised },
  ],
};
