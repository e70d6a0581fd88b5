/** What keeps connections open as long as it is kept. Data only: names, because code of the project's own counts, too. */
export interface ConnectionKeepers {
  /** Classes. */
  readonly constructs: RegExp;
  /** Functions that make one. */
  readonly makes: RegExp;
  /** The usual ones by their full names, for the pre-filter. */
  readonly names: readonly string[];
}

export const connectionKeepers: ConnectionKeepers = {
  constructs:
    /(?:Pool|Client|Agent|Connection|Dispatcher|DataSource|Transport|Channel|Tunnel)s?$|^(?:Redis|Sequelize|Knex|knex)$/,
  makes:
    /^(?:create|make|open|new|build)?_?\w*(?:Pool|Client|Agent|Connection|Dispatcher|DataSource)$|^(?:connect|knex)$/,
  names: [
    ...['Agent', 'ProxyAgent', 'HttpsProxyAgent', 'Dispatcher', 'Pool', 'Client', 'Connection', 'DataSource'],
    ...['Redis', 'MongoClient', 'Sequelize', 'knex', 'createPool', 'createClient', 'createConnection'],
  ],
};
