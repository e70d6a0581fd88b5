import type { Acquisition, Borrowers, Discharge, DisposalSupport, LibraryModel, ModuleShape } from '../model.ts';
import { emitter, events, eventual, fluent, methods, node } from '../words.ts';

/** What removes a directory, by module. */
const removals: Readonly<Record<string, readonly string[]>> = {
  fs: ['rm', 'rmSync', 'rmdir', 'rmdirSync'],
  'fs/promises': ['rm', 'rmdir'],
  'fs-extra': ['remove', 'removeSync'],
};

/** Functions of `fs` that read or write an open descriptor. */
const descriptorFunctions = [
  ...['read', 'readv', 'write', 'writev', 'fstat', 'fsync', 'fdatasync', 'ftruncate', 'fchmod', 'fchown', 'futimes'],
  ...['readSync', 'readvSync', 'writeSync', 'writevSync', 'fstatSync', 'fsyncSync', 'fdatasyncSync', 'ftruncateSync'],
  ...['fchmodSync', 'fchownSync', 'futimesSync'],
  ...['readFile', 'readFileSync', 'writeFile', 'writeFileSync', 'appendFile', 'appendFileSync'],
];

const named = (names: readonly string[]): ModuleShape => Object.fromEntries(names.map((name) => [name, {}]));

const promises: ModuleShape = {
  ...named(['rm', 'rmdir', 'readFile', 'writeFile', 'appendFile', 'mkdtemp', 'watch']),
  open: { returns: 'FileHandle', promise: true },
  opendir: { returns: 'Dir', promise: true },
  mkdtempDisposable: { returns: 'DisposableTempDir', promise: true },
  FileHandle: { type: 'FileHandle' },
};

const callbacks: ModuleShape = {
  ...named([...(removals.fs ?? []), ...descriptorFunctions]),
  ...named(['open', 'openSync', 'close', 'closeSync', 'mkdtemp', 'mkdtempSync']),
  createReadStream: { returns: 'ReadStream' },
  createWriteStream: { returns: 'WriteStream' },
  opendir: { callback: { parameters: { 1: 'Dir' } } },
  opendirSync: { returns: 'Dir' },
  mkdtempDisposableSync: { returns: 'DisposableTempDir' },
  watch: { returns: 'FSWatcher' },
  ReadStream: { type: 'ReadStream' },
  WriteStream: { type: 'WriteStream' },
  FSWatcher: { type: 'FSWatcher' },
  Dir: { type: 'Dir' },
  promises: { namespace: promises },
};

const streams: ModuleShape = { pipeline: {} };

const modules = {
  fs: callbacks,
  'fs/promises': promises,
  // Both are `fs` with more functions; in fs-extra those without a callback return a promise.
  'fs-extra': { ...callbacks, ...named(removals['fs-extra'] ?? []) },
  'graceful-fs': callbacks,
  stream: { pipeline: {}, promises: { namespace: streams } },
  'stream/promises': streams,
} as const satisfies Readonly<Record<string, ModuleShape>>;

const disposedSince = (versions: string, disposal: DisposalSupport['disposal']): readonly DisposalSupport[] => [
  { versions, disposal },
];

const handle: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'promise' }],
  resource: 'FileHandle',
  duty: 'handle',
  kind: 'file handle',
  passive: true,
  discharges: [
    { by: 'method', name: 'close', promise: true },
    // These streams close the handle when they end.
    ...methods('createReadStream', 'createWriteStream', 'readLines'),
  ],
  preferred: { by: 'method', name: 'close', promise: true },
  borrowers: [{ module: 'fs/promises', exports: ['readFile', 'writeFile', 'appendFile'] }],
  disposal: disposedSince('>=20.4.0', 'async'),
  consequence: 'the descriptor stays open until garbage collection, which Node deprecates and will turn into an error',
};

const closings: readonly Discharge[] = ['closeSync', 'close'].map((name) => ({
  by: 'function',
  module: 'fs',
  export: name,
  argument: 0,
}));

const descriptorUsers: readonly Borrowers[] = [{ module: 'fs', exports: descriptorFunctions }];

const descriptor: Pick<Acquisition, 'duty' | 'kind' | 'passive' | 'discharges' | 'borrowers' | 'consequence'> = {
  duty: 'handle',
  kind: 'file descriptor',
  passive: true,
  discharges: closings,
  borrowers: descriptorUsers,
  consequence: 'nothing else ever closes it; with none left, the process can open neither files nor sockets',
};

/** Removes a directory with what is in it. */
const wholly = '{ recursive: true, force: true }';

const closing = (name: string): Discharge => ({ by: 'function', module: 'fs', export: name, argument: 0 });

/** A pipeline destroys all of its streams when it ends, however it does. */
const piping: readonly Discharge[] = ['stream', 'stream/promises'].flatMap((module) =>
  [0, 1, 2, 3, 4].map((argument): Discharge => ({ by: 'function', module, export: 'pipeline', argument })),
);

/** A stream that somebody reads to its end, or that is destroyed, closes its file by itself. */
const reading: readonly Discharge[] = [
  ...methods('destroy', 'close', 'pipe', 'resume', 'read', 'iterator', 'compose'),
  ...methods('toArray', 'forEach', 'map', 'filter', 'flatMap', 'reduce', 'some', 'every', 'find', 'take', 'drop'),
  ...events('data', 'readable', 'end', 'close'),
  { by: 'iteration' },
  ...piping,
];

/** Options with which somebody else closes the file. */
const givenFile = [{ argument: 1, option: 'fd' }] as const;

const readStream: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  unless: [...givenFile, { argument: 1, option: 'signal' }],
  resource: 'ReadStream',
  duty: 'handle',
  kind: 'file stream',
  passive: true,
  discharges: reading,
  preferred: { by: 'method', name: 'destroy' },
  consequence: 'a stream that nobody reads to its end keeps its file descriptor open',
};

const writeStream: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  unless: [...givenFile, { argument: 1, option: 'signal' }],
  resource: 'WriteStream',
  duty: 'handle',
  kind: 'file stream',
  passive: true,
  discharges: [...methods('end', 'destroy', 'close', 'destroySoon'), ...events('finish', 'close'), ...piping],
  preferred: { by: 'method', name: 'end' },
  consequence: 'a stream that nobody ends keeps its file descriptor open',
};

const directory: Pick<
  Acquisition,
  'resource' | 'duty' | 'kind' | 'passive' | 'discharges' | 'disposal' | 'consequence'
> = {
  resource: 'Dir',
  duty: 'handle',
  kind: 'directory handle',
  passive: true,
  discharges: [
    { by: 'method', name: 'close', promise: true },
    { by: 'method', name: 'closeSync' },
    { by: 'iteration' },
  ],
  disposal: disposedSince('>=24.1.0', 'both'),
  consequence: 'the directory’s descriptor stays open until garbage collection',
};

const removing: readonly Discharge[] = Object.entries(removals).flatMap(([module, names]) =>
  names.map((name) => removal(module, name)),
);

/** `rm` leaves nothing behind only when it is told so. */
function removal(module: string, name: string): Discharge {
  return {
    by: 'function',
    module,
    export: name,
    argument: 0,
    ...(module === 'fs/promises' ? { promise: true } : {}),
    ...(/^rm(Sync)?$/.test(name) ? { more: wholly } : {}),
  };
}

const temporary: Pick<Acquisition, 'duty' | 'kind' | 'onDisk' | 'told' | 'discharges' | 'consequence'> = {
  duty: 'handle',
  onDisk: true,
  told: { by: [], itself: true },
  kind: 'temporary directory',
  discharges: removing,
  consequence: 'the directory and what is in it stay on the disk until somebody else deletes them',
};

const disposable: Pick<Acquisition, 'resource' | 'duty' | 'kind' | 'onDisk' | 'told' | 'consequence'> = {
  resource: 'DisposableTempDir',
  duty: 'handle',
  onDisk: true,
  told: { by: ['path'] },
  kind: 'temporary directory',
  consequence: temporary.consequence,
};

const watcher: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  unless: [{ argument: 1, option: 'signal' }],
  resource: 'FSWatcher',
  lifetime: 'application',
  onlyIfReleased: ['close'],
  duty: 'handle',
  kind: 'file watcher',
  discharges: methods('close', 'unref'),
  preferred: { by: 'method', name: 'close' },
  consequence: 'it holds a handle of the operating system, keeps the process alive and goes on calling its listener',
};

/** Node's files and directories, and the packages that extend them. */
export const fs: LibraryModel = {
  library: 'fs',
  packages: [...node, { name: 'fs-extra' }, { name: 'graceful-fs' }],
  modules,
  types: {
    FileHandle: { members: {} },
    ReadStream: {
      holds: 'file descriptor',
      members: { ...emitter('ReadStream'), ...fluent('ReadStream', 'setEncoding', 'pause') },
    },
    WriteStream: {
      awaitsEnd: 'file descriptor',
      members: {
        ...emitter('WriteStream'),
        ...fluent('WriteStream', 'setDefaultEncoding'),
        ...eventual('write', 'cork', 'uncork'),
      },
    },
    Dir: { members: {} },
    DisposableTempDir: { members: {} },
    FSWatcher: { members: { ...emitter('FSWatcher'), ...fluent('FSWatcher', 'ref') } },
  },
  acquisitions: [
    { at: { module: 'fs/promises', export: 'open' }, ...handle },
    {
      at: { module: 'fs', export: 'openSync' },
      yields: [{ via: 'value' }],
      ...descriptor,
      preferred: closing('closeSync'),
    },
    {
      at: { module: 'fs', export: 'open' },
      yields: [{ via: 'callback', parameter: 1, error: 0 }, { via: 'promise' }],
      ...descriptor,
      preferred: closing('close'),
    },
    { at: { module: 'fs', export: 'createReadStream' }, ...readStream },
    { at: { module: 'fs', export: 'createWriteStream' }, ...writeStream },
    {
      at: { module: 'fs/promises', export: 'opendir' },
      yields: [{ via: 'promise' }],
      ...directory,
      preferred: { by: 'method', name: 'close', promise: true },
    },
    {
      at: { module: 'fs', export: 'opendirSync' },
      yields: [{ via: 'value' }],
      ...directory,
      preferred: { by: 'method', name: 'closeSync' },
    },
    {
      at: { module: 'fs', export: 'opendir' },
      yields: [{ via: 'callback', parameter: 1, error: 0 }],
      ...directory,
      preferred: { by: 'method', name: 'close', promise: true },
    },
    {
      at: { module: 'fs/promises', export: 'mkdtemp' },
      yields: [{ via: 'promise' }],
      ...temporary,
      preferred: removal('fs/promises', 'rm'),
    },
    {
      at: { module: 'fs', export: 'mkdtempSync' },
      yields: [{ via: 'value' }],
      ...temporary,
      preferred: removal('fs', 'rmSync'),
    },
    {
      at: { module: 'fs', export: 'mkdtemp' },
      yields: [{ via: 'callback', parameter: 1, error: 0 }, { via: 'promise' }],
      ...temporary,
      preferred: removal('fs', 'rm'),
    },
    {
      at: { module: 'fs/promises', export: 'mkdtempDisposable' },
      yields: [{ via: 'promise' }],
      ...disposable,
      discharges: [{ by: 'method', name: 'remove', promise: true }],
      preferred: { by: 'method', name: 'remove', promise: true },
      disposal: disposedSince('>=24.4.0', 'async'),
    },
    {
      at: { module: 'fs', export: 'mkdtempDisposableSync' },
      yields: [{ via: 'value' }],
      ...disposable,
      discharges: methods('remove'),
      preferred: { by: 'method', name: 'remove' },
      disposal: disposedSince('>=24.4.0', 'sync'),
    },
    { at: { module: 'fs', export: 'watch' }, ...watcher },
  ],
};
