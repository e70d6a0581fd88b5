import type { Acquisition, LibraryModel, TypeShape } from '../model.ts';
import { eventual } from '../words.ts';
import { sessionCost } from './sessions.ts';

/** Before version 6.9.0 nothing disposes; ending a session aborts its transaction, and so does disposal. */
const disposal: Acquisition['disposal'] = [{ versions: '>=6.9.0', disposal: 'async' }];

const client: Omit<Acquisition, 'at' | 'yields'> = {
  lifetime: 'application',
  resource: 'MongoClient',
  duty: 'handle',
  kind: 'client',
  discharges: [{ by: 'method', name: 'close', promise: true }],
  preferred: { by: 'method', name: 'close', promise: true },
  disposal,
  consequence: 'its pool and its monitors keep connections of the server open, and the process alive',
};

const cursor: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  // One that is read to its end closes itself; the code that closes it says that it may not be.
  onlyIfReleased: ['close'],
  resource: 'Cursor',
  duty: 'handle',
  kind: 'cursor',
  discharges: [
    { by: 'method', name: 'close', promise: true },
    { by: 'method', name: 'toArray', promise: true },
    { by: 'method', name: 'forEach', promise: true },
    { by: 'iteration' },
  ],
  preferred: { by: 'method', name: 'close', promise: true },
  disposal,
  consequence: 'the server keeps it, and the memory it needs, for ten minutes',
};

const changeStream: Omit<Acquisition, 'at'> = {
  ...cursor,
  resource: 'ChangeStream',
  kind: 'change stream',
  discharges: [{ by: 'method', name: 'close', promise: true }, { by: 'iteration' }],
  consequence: 'it keeps a cursor on the server and a connection of the pool, and asks for ever',
};

const watched: TypeShape['members'] = { watch: { returns: 'ChangeStream' } };

const chained = (...names: readonly string[]): TypeShape['members'] =>
  Object.fromEntries(names.map((name) => [name, { returns: 'Cursor' }]));

/**
 * A transaction is no duty of its own: ending the session, which is one, aborts it.
 */
export const mongodb: LibraryModel = {
  library: 'mongodb',
  packages: [{ name: 'mongodb' }],
  modules: {
    mongodb: {
      MongoClient: { class: 'MongoClient', statics: 'MongoClient.statics' },
      ClientSession: { type: 'ClientSession' },
      Db: { type: 'Db' },
      Collection: { type: 'Collection' },
    },
  },
  types: {
    MongoClient: {
      members: {
        ...watched,
        connect: { returns: 'MongoClient', promise: true },
        close: {},
        db: { returns: 'Db' },
        startSession: { returns: 'ClientSession' },
      },
    },
    'MongoClient.statics': {
      declaredAs: [{ container: 'MongoClient' }],
      members: {
        connect: { returns: 'MongoClient', promise: true, callback: { parameters: { 1: 'MongoClient' } } },
      },
    },
    Db: {
      members: {
        ...watched,
        collection: { returns: 'Collection' },
        aggregate: { returns: 'Cursor' },
        listCollections: { returns: 'Cursor' },
      },
    },
    Collection: {
      members: {
        ...watched,
        find: { returns: 'Cursor' },
        aggregate: { returns: 'Cursor' },
        listIndexes: { returns: 'Cursor' },
      },
    },
    ClientSession: { members: { endSession: {}, startTransaction: {}, withTransaction: {} } },
    Cursor: {
      declaredAs: [
        { container: 'AbstractCursor' },
        { container: 'FindCursor' },
        { container: 'AggregationCursor' },
        { container: 'ListIndexesCursor' },
        { container: 'ListCollectionsCursor' },
        { container: 'Cursor' },
        { container: 'AggregationCursor' },
      ],
      members: {
        ...chained('sort', 'limit', 'skip', 'project', 'batchSize', 'hint', 'maxTimeMS', 'map', 'filter', 'match'),
        ...chained('group', 'unwind', 'lookup', 'addCursorFlag', 'collation', 'comment', 'withReadPreference'),
        close: {},
        toArray: {},
        forEach: {},
        // A batch that cannot be fetched closes the cursor.
        ...eventual('next', 'hasNext', 'tryNext'),
      },
    },
    ChangeStream: { members: { close: {}, next: {}, hasNext: {}, on: { returns: 'ChangeStream' } } },
  },
  acquisitions: [
    {
      at: { type: 'MongoClient', member: 'startSession' },
      yields: [{ via: 'value' }],
      resource: 'ClientSession',
      duty: 'pooled',
      kind: 'session',
      discharges: [
        { by: 'method', name: 'endSession', promise: true },
        { by: 'acquirerClose', name: 'close' },
      ],
      preferred: { by: 'method', name: 'endSession', promise: true },
      disposal,
      ...sessionCost,
      conventional: {
        receiver: /^(?:mongo|mongoClient|client)$/i,
        uses: ['withTransaction', 'startTransaction', 'commitTransaction', 'abortTransaction'],
      },
    },
    {
      at: { construct: 'MongoClient' },
      yields: [{ via: 'value' }],
      opens: ['connect'],
      opensByUse: ['db', 'startSession', 'watch'],
      ...client,
    },
    {
      at: { type: 'MongoClient.statics', member: 'connect' },
      yields: [{ via: 'callback', parameter: 1, error: 0 }, { via: 'promise' }],
      ...client,
    },
    { at: { type: 'Collection', member: 'find' }, ...cursor },
    { at: { type: 'Collection', member: 'aggregate' }, ...cursor },
    { at: { type: 'Collection', member: 'listIndexes' }, ...cursor },
    { at: { type: 'Db', member: 'aggregate' }, ...cursor },
    { at: { type: 'Db', member: 'listCollections' }, ...cursor },
    ...['MongoClient', 'Db', 'Collection'].map((type) => ({ at: { type, member: 'watch' }, ...changeStream })),
  ],
  bounds: [
    {
      at: { construct: 'MongoClient' },
      phase: 'acquire',
      option: 'waitQueueTimeoutMS',
      unit: 'ms',
      default: 'forever',
      disabledBy: [0],
    },
    { at: { construct: 'MongoClient' }, phase: 'connect', option: 'connectTimeoutMS', unit: 'ms', default: 30_000 },
    {
      at: { construct: 'MongoClient' },
      phase: 'idle',
      option: 'socketTimeoutMS',
      unit: 'ms',
      default: 'forever',
      disabledBy: [0],
    },
  ],
};
