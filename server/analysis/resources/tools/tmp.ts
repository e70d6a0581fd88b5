import type { AcquireSite, Acquisition, CallCondition, Discharge, LibraryModel } from '../model.ts';
import type { Told } from '../told.ts';

const remove: Discharge = { by: 'method', name: 'removeCallback' };
const cleanup: Discharge = { by: 'method', name: 'cleanup', promise: true };

/** What is not removed here may be removed at the end of the process, when somebody has asked for that. */
const consequence = 'it stays on the disk at least until the process ends';

/** Who knows the path can delete the file, and the descriptor that was opened with it stays. */
const told = (property: string): Told => ({
  by: [property],
  keeps: {
    part: 'descriptor',
    consequence: 'whoever deletes the file by its path leaves the descriptor open, and the file’s space with it',
    remedy: 'open it with `discardDescriptor: true`, or return the object, so that its user can remove it',
    option: { text: 'discardDescriptor: true', unlessRead: 'fd' },
  },
});

const discards: CallCondition = { argument: 0, option: 'discardDescriptor', equals: true };

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

/** A file is all there is where its descriptor is closed at once. */
function fileOf(at: AcquireSite, rest: Omit<Acquisition, 'at' | 'kind'>, property: string): readonly Acquisition[] {
  const file: Acquisition = { at, kind: 'temporary file', ...rest };
  return [
    { ...file, unless: [discards], told: told(property) },
    { ...file, when: [discards], told: { by: [property] } },
  ];
}

export const tmp: LibraryModel = {
  library: 'tmp',
  packages: [{ name: 'tmp' }, { name: 'tmp-promise' }],
  modules: {
    tmp: { fileSync: { returns: 'FileResult' }, dirSync: { returns: 'FileResult' } },
    'tmp-promise': { file: { returns: 'Result', promise: true }, dir: { returns: 'Result', promise: true } },
  },
  types: { FileResult: { members: {} }, Result: { members: {} } },
  acquisitions: [
    ...fileOf({ module: 'tmp', export: 'fileSync' }, made, 'name'),
    { at: { module: 'tmp', export: 'dirSync' }, kind: 'temporary directory', ...made, told: { by: ['name'] } },
    ...fileOf({ module: 'tmp-promise', export: 'file' }, promised, 'path'),
    { at: { module: 'tmp-promise', export: 'dir' }, kind: 'temporary directory', ...promised, told: { by: ['path'] } },
  ],
};
