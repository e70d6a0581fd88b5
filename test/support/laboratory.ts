import type { Acquisition, LibraryModel } from '../../server/analysis/resources/model.ts';

/** What the acquisitions of the laboratory have in common unless they say otherwise. */
const plain = {
  duty: 'pooled',
  kind: 'lab resource',
  consequence: 'the lab runs out of them',
} as const satisfies Partial<Acquisition>;

const ending = {
  duty: 'pooled',
  kind: 'lab transaction',
  consequence: 'its locks stay',
} as const satisfies Partial<Acquisition>;

/** A library that does not exist: one acquisition for each word of the vocabulary. Cases marked `{lab}` know it. */
const lab: LibraryModel = {
  library: 'lab',
  packages: [{ name: 'lab' }],
  modules: {
    lab: {
      request: { returns: 'Result', promise: true },
      get: { returns: 'Response', promise: true },
      cursor: { returns: 'Cursor' },
      open: { returns: 'Handle' },
      watch: { returns: 'Watcher' },
      begin: { returns: 'Transaction', promise: true },
      connect: { returns: 'Client', promise: true },
      Semaphore: { class: 'Semaphore' },
      Tickets: { class: 'Tickets' },
      Client: { class: 'Client' },
      Shared: { class: 'Shared' },
      Handle: { class: 'Handle' },
    },
  },
  types: {
    Result: { members: { body: { value: 'Body' } } },
    Body: { members: { json: {}, dump: {} } },
    Response: { members: { body: { value: 'Body' }, json: {} } },
    Cursor: { members: { next: {}, close: {} } },
    Watcher: { members: { close: {} } },
    Transaction: { members: { commit: {}, rollback: {} } },
    Semaphore: { members: { acquire: {}, release: {} } },
    Tickets: { members: { take: {} } },
    Client: { members: { connect: {}, query: {}, begin: {}, commit: {}, rollback: {}, close: {} } },
    Shared: { members: { close: {} } },
    Handle: { members: { close: {}, read: {} } },
  },
  acquisitions: [
    {
      ...plain,
      at: { module: 'lab', export: 'request' },
      yields: [{ via: 'promise', path: ['body'] }],
      kind: 'lab body',
      discharges: [{ by: 'method', name: 'json' }, { by: 'method', name: 'dump', promise: true }, { by: 'iteration' }],
      preferred: { by: 'method', name: 'dump', promise: true },
    },
    {
      ...plain,
      at: { module: 'lab', export: 'get' },
      yields: [{ via: 'promise' }],
      kind: 'lab response',
      discharges: [
        { by: 'method', name: 'json' },
        { by: 'property', name: 'body' },
      ],
      preferred: { by: 'method', name: 'json' },
    },
    {
      ...plain,
      at: { module: 'lab', export: 'cursor' },
      yields: [{ via: 'value' }],
      kind: 'lab cursor',
      discharges: [{ by: 'method', name: 'close', promise: true }, { by: 'iteration' }],
      preferred: { by: 'method', name: 'close', promise: true },
    },
    {
      ...plain,
      at: { module: 'lab', export: 'watch' },
      yields: [{ via: 'value' }],
      when: [{ argument: 1, option: 'persistent', equals: true }],
      unless: [{ argument: 1, option: 'signal' }],
      kind: 'lab watcher',
      discharges: [{ by: 'method', name: 'close' }],
      preferred: { by: 'method', name: 'close' },
    },
    {
      ...ending,
      at: { module: 'lab', export: 'begin' },
      yields: [{ via: 'promise' }],
      unless: [
        { argument: 0, is: 'function' },
        { argument: 1, is: 'function' },
      ],
      discharges: [
        { by: 'method', name: 'commit', promise: true },
        { by: 'method', name: 'rollback', promise: true },
      ],
      preferred: { by: 'method', name: 'rollback', promise: true },
    },
    {
      ...plain,
      at: { type: 'Semaphore', member: 'acquire' },
      yields: [{ via: 'promise', path: ['1'] }],
      kind: 'lab permit',
      discharges: [{ by: 'call' }, { by: 'acquirer', name: 'release' }],
      preferred: { by: 'call' },
    },
    {
      ...plain,
      at: { construct: 'Client' },
      yields: [{ via: 'value' }],
      opens: ['connect'],
      kind: 'lab client',
      discharges: [{ by: 'method', name: 'close', promise: true }],
      preferred: { by: 'method', name: 'close', promise: true },
    },
    {
      ...ending,
      at: { type: 'Client', member: 'begin' },
      yields: [{ via: 'receiver' }],
      discharges: [
        { by: 'method', name: 'commit', promise: true },
        { by: 'method', name: 'rollback', promise: true },
      ],
      preferred: { by: 'method', name: 'rollback', promise: true },
    },
    {
      ...ending,
      at: { type: 'Client', member: 'query', statement: ['begin', 'start transaction'] },
      yields: [{ via: 'receiver' }],
      discharges: [
        { by: 'method', name: 'query', promise: true, statement: ['commit', 'end'] },
        { by: 'method', name: 'query', promise: true, statement: ['rollback', 'abort'] },
      ],
      preferred: { by: 'method', name: 'query', promise: true, statement: ['rollback', 'abort'] },
    },
    {
      ...plain,
      at: { module: 'lab', export: 'open' },
      yields: [{ via: 'value' }],
      duty: 'handle',
      kind: 'lab handle',
      discharges: [{ by: 'method', name: 'close' }],
      preferred: { by: 'method', name: 'close' },
    },
    {
      ...plain,
      at: { construct: 'Shared' },
      yields: [{ via: 'value' }],
      lifetime: 'application',
      kind: 'lab pool',
      discharges: [{ by: 'method', name: 'close', promise: true }],
      preferred: { by: 'method', name: 'close', promise: true },
    },
  ],
};

export const laboratory: readonly LibraryModel[] = [lab];
