import type { Acquisition, LibraryModel, TypeShape } from '../model.ts';

const disposal: Acquisition['disposal'] = [{ versions: '>=5.15.0', disposal: 'async' }];

const driverMembers: TypeShape['members'] = { session: { returns: 'Session' }, close: {}, executeQuery: {} };

export const neo4j: LibraryModel = {
  library: 'neo4j-driver',
  packages: [{ name: 'neo4j-driver' }, { name: 'neo4j-driver-core' }],
  modules: {
    'neo4j-driver': {
      driver: { returns: 'Driver' },
      default: { value: 'neo4j' },
      Driver: { type: 'Driver' },
      Session: { type: 'Session' },
    },
  },
  types: {
    neo4j: { members: { driver: { returns: 'Driver' } } },
    Driver: { members: driverMembers },
    Session: { members: { beginTransaction: { returns: 'Transaction', promise: true }, close: {}, run: {} } },
    Transaction: { members: { commit: {}, rollback: {}, close: {} } },
  },
  acquisitions: [
    ...[
      { module: 'neo4j-driver', export: 'driver' },
      { type: 'neo4j', member: 'driver' },
    ].map(
      (at): Acquisition => ({
        at,
        yields: [{ via: 'value' }],
        lifetime: 'application',
        resource: 'Driver',
        duty: 'handle',
        kind: 'driver',
        discharges: [{ by: 'method', name: 'close', promise: true }],
        preferred: { by: 'method', name: 'close', promise: true },
        disposal,
        consequence: 'its pool keeps connections to the server open for an hour, and asks for the routing table again',
      }),
    ),
    {
      at: { type: 'Driver', member: 'session' },
      yields: [{ via: 'value' }],
      resource: 'Session',
      duty: 'pooled',
      kind: 'session',
      // A result or a managed transaction that is over, also with an error, has given the connection back.
      idles: true,
      discharges: [
        { by: 'method', name: 'close', promise: true },
        { by: 'acquirerClose', name: 'close' },
      ],
      preferred: { by: 'method', name: 'close', promise: true },
      disposal,
      consequence:
        'it keeps the pooled connection of an unfinished result or transaction; with none left, everybody waits a minute and fails',
      conventional: { receiver: /driver|neo4j/i, uses: ['run', 'executeRead', 'executeWrite', 'beginTransaction'] },
    },
    {
      at: { type: 'Session', member: 'beginTransaction' },
      yields: [{ via: 'promise' }, { via: 'value' }],
      resource: 'Transaction',
      duty: 'transaction',
      kind: 'transaction',
      discharges: [
        { by: 'method', name: 'rollback', promise: true },
        { by: 'method', name: 'commit', promise: true },
        { by: 'method', name: 'close', promise: true },
        { by: 'acquirerClose', name: 'close' },
      ],
      preferred: { by: 'method', name: 'rollback', promise: true },
      disposal,
      consequence: 'its locks stay until the server gives it up',
      conventional: { receiver: /session$/i, uses: ['commit', 'rollback'] },
    },
  ],
};
