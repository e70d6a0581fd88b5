import type { Acquisition, LibraryModel, ModuleShape, TypeShape } from '../model.ts';
import { eventual } from '../words.ts';
import { sessionCost } from './sessions.ts';

const session: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'promise' }],
  resource: 'ClientSession',
  duty: 'pooled',
  kind: 'session',
  discharges: [{ by: 'method', name: 'endSession', promise: true }],
  preferred: { by: 'method', name: 'endSession', promise: true },
  disposal: [{ versions: '>=8.7.0', disposal: 'async' }],
  ...sessionCost,
  conventional: {
    receiver: /mongo|^(?:db|database|conn|connection)$|model$/i,
    uses: ['withTransaction', 'startTransaction', 'commitTransaction', 'abortTransaction', 'endSession'],
  },
};

const exported: ModuleShape = {
  startSession: { returns: 'ClientSession', promise: true },
  createConnection: { returns: 'Connection' },
  connection: { value: 'Connection' },
  model: { returns: 'Model' },
  Model: { class: 'Model', statics: 'Model' },
  Connection: { type: 'Connection' },
  Mongoose: { class: 'Mongoose' },
};

const sessions: TypeShape['members'] = { startSession: { returns: 'ClientSession', promise: true } };

export const mongoose: LibraryModel = {
  library: 'mongoose',
  packages: [{ name: 'mongoose' }],
  modules: { mongoose: exported },
  types: {
    // Typings declare the module's functions without a container.
    Mongoose: { members: { ...sessions, createConnection: { returns: 'Connection' }, model: { returns: 'Model' } } },
    Connection: { members: { ...sessions, close: {}, destroy: {}, model: { returns: 'Model' } } },
    Model: {
      declaredAs: [{ container: 'Model' }, { container: 'SessionStarter' }],
      members: {
        ...sessions,
        find: { returns: 'Query' },
        aggregate: { returns: 'Aggregate' },
      },
    },
    Query: {
      members: {
        ...Object.fromEntries(
          ['sort', 'limit', 'skip', 'select', 'lean', 'populate', 'where', 'batchSize', 'hint', 'session'].map(
            (name) => [name, { returns: 'Query' }],
          ),
        ),
        cursor: { returns: 'Cursor' },
      },
    },
    Aggregate: { members: { cursor: { returns: 'Cursor' } } },
    Cursor: { members: { close: {}, ...eventual('next'), eachAsync: {} } },
    ClientSession: { members: { endSession: {}, startTransaction: {}, withTransaction: {} } },
  },
  acquisitions: [
    ...['Mongoose', 'Connection', 'Model'].map((type) => ({ at: { type, member: 'startSession' }, ...session })),
    { at: { module: 'mongoose', export: 'startSession' }, ...session },
    {
      at: { module: 'mongoose', export: 'createConnection' },
      yields: [{ via: 'value' }],
      lifetime: 'application',
      resource: 'Connection',
      duty: 'handle',
      kind: 'connection',
      discharges: [
        { by: 'method', name: 'close', promise: true },
        { by: 'method', name: 'destroy', promise: true },
      ],
      preferred: { by: 'method', name: 'close', promise: true },
      consequence: 'its pool and its monitors keep connections of the server open, and the process alive',
    },
    ...['Query', 'Aggregate'].map(
      (type): Acquisition => ({
        at: { type, member: 'cursor' },
        yields: [{ via: 'value' }],
        // One that is read to its end closes itself; the code that closes it says that it may not be.
        onlyIfReleased: ['close'],
        resource: 'Cursor',
        duty: 'handle',
        kind: 'cursor',
        discharges: [
          { by: 'method', name: 'close', promise: true },
          { by: 'method', name: 'eachAsync', promise: true },
          { by: 'method', name: 'destroy' },
          { by: 'iteration' },
        ],
        preferred: { by: 'method', name: 'close', promise: true },
        disposal: [{ versions: '>=8.8.2', disposal: 'async' }],
        consequence: 'the server keeps it, and the memory it needs, for ten minutes',
      }),
    ),
  ],
};
