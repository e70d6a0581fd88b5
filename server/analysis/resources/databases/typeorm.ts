import type { Acquisition, LibraryModel, TypeShape } from '../model.ts';

const sourceMembers: TypeShape['members'] = {
  createQueryRunner: { returns: 'QueryRunner' },
  initialize: { returns: 'DataSource', promise: true },
  connect: { returns: 'DataSource', promise: true },
  destroy: {},
  close: {},
  manager: { value: 'EntityManager' },
  getRepository: { returns: 'Repository' },
  getTreeRepository: { returns: 'Repository' },
};

const shared: Omit<Acquisition, 'at' | 'yields'> = {
  lifetime: 'application',
  resource: 'DataSource',
  duty: 'handle',
  kind: 'data source',
  discharges: [
    { by: 'method', name: 'destroy', promise: true },
    { by: 'method', name: 'close', promise: true },
  ],
  preferred: { by: 'method', name: 'destroy', promise: true },
  consequence: 'its pool keeps connections of the database open, and the process alive',
};

/** Also the old API, which is gone from the typings and common in the field. */
export const typeorm: LibraryModel = {
  library: 'typeorm',
  packages: [{ name: 'typeorm' }],
  modules: {
    typeorm: {
      DataSource: { class: 'DataSource' },
      Connection: { class: 'DataSource' },
      createConnection: { returns: 'DataSource', promise: true },
      getConnection: { returns: 'DataSource' },
      getManager: { returns: 'EntityManager' },
      getRepository: { returns: 'Repository' },
      getConnectionManager: { returns: 'ConnectionManager' },
      ConnectionManager: { class: 'ConnectionManager' },
      EntityManager: { type: 'EntityManager' },
      Repository: { class: 'Repository' },
      TreeRepository: { class: 'Repository' },
      QueryRunner: { type: 'QueryRunner' },
    },
  },
  types: {
    DataSource: {
      declaredAs: [{ container: 'DataSource' }, { container: 'Connection' }],
      members: sourceMembers,
    },
    ConnectionManager: { members: { get: { returns: 'DataSource' }, create: { returns: 'DataSource' } } },
    EntityManager: {
      members: {
        connection: { value: 'DataSource' },
        dataSource: { value: 'DataSource' },
        queryRunner: { value: 'QueryRunner' },
        getRepository: { returns: 'Repository' },
      },
    },
    Repository: { members: { manager: { value: 'EntityManager' } } },
    QueryRunner: {
      members: {
        connect: {},
        release: {},
        startTransaction: {},
        commitTransaction: {},
        rollbackTransaction: {},
        query: {},
        manager: { value: 'EntityManager' },
        connection: { value: 'DataSource' },
        dataSource: { value: 'DataSource' },
      },
    },
  },
  acquisitions: [
    {
      at: { type: 'DataSource', member: 'createQueryRunner' },
      yields: [{ via: 'value' }],
      opens: ['connect'],
      opensByUse: ['startTransaction', 'query', 'stream', 'manager'],
      resource: 'QueryRunner',
      duty: 'pooled',
      kind: 'query runner',
      dropsDead: true,
      discharges: [
        { by: 'method', name: 'release', promise: true },
        { by: 'acquirerClose', name: 'destroy' },
        { by: 'acquirerClose', name: 'close' },
      ],
      preferred: { by: 'method', name: 'release', promise: true },
      disposal: [
        { versions: '>=1.0.0', disposal: 'async', differs: 'commits an open transaction, after an error too' },
      ],
      consequence:
        'every query runner keeps the pooled connection that it takes at its first query; with none left, every query waits',
      conventional: {
        receiver: /^(?:conn|connection|dataSource|ds|appDataSource|getConnection|manager|database|db)$/i,
        uses: ['startTransaction', 'commitTransaction', 'rollbackTransaction', 'connect'],
      },
    },
    {
      at: { type: 'QueryRunner', member: 'startTransaction' },
      yields: [{ via: 'receiver' }],
      resource: 'QueryRunner',
      duty: 'transaction',
      kind: 'transaction',
      discharges: [
        { by: 'method', name: 'rollbackTransaction', promise: true },
        { by: 'method', name: 'commitTransaction', promise: true },
      ],
      preferred: { by: 'method', name: 'rollbackTransaction', promise: true },
      wrong: [
        { name: 'release', because: 'gives the connection back with its transaction still open', effect: 'holds' },
      ],
      consequence:
        'its locks stay, and a release gives the connection back with the transaction still open, for the next one to work in',
      conventional: { receiver: /^(?:queryRunner|qr|runner)$/i, uses: ['commitTransaction', 'rollbackTransaction'] },
    },
    { at: { construct: 'DataSource' }, yields: [{ via: 'value' }], opens: ['initialize', 'connect'], ...shared },
    {
      at: { module: 'typeorm', export: 'createConnection' },
      yields: [{ via: 'promise' }],
      ...shared,
      kind: 'connection',
      preferred: { by: 'method', name: 'close', promise: true },
    },
  ],
};
