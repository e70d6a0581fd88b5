import type { Acquisition, LibraryModel } from '../model.ts';

const client = (member: string, kind: string): Acquisition => ({
  at: { type: 'Kafka', member },
  yields: [{ via: 'value' }],
  opens: ['connect'],
  resource: 'Client',
  duty: 'handle',
  kind,
  discharges: [{ by: 'method', name: 'disconnect', promise: true }],
  preferred: { by: 'method', name: 'disconnect', promise: true },
  consequence: 'its connections to the brokers stay open, and what it retries in the background goes on',
});

export const kafkajs: LibraryModel = {
  library: 'kafkajs',
  packages: [{ name: 'kafkajs' }],
  modules: {
    kafkajs: {
      Kafka: { class: 'Kafka' },
      Consumer: { type: 'Client' },
      Producer: { type: 'Client' },
      Admin: { type: 'Client' },
    },
  },
  types: {
    Kafka: {
      members: {
        consumer: { returns: 'Client' },
        producer: { returns: 'Client' },
        admin: { returns: 'Client' },
      },
    },
    Client: { declaredAs: [{ container: 'Consumer' }, { container: 'Producer' }, { container: 'Admin' }], members: {} },
  },
  acquisitions: [
    client('producer', 'producer'),
    client('admin', 'admin client'),
    {
      ...client('consumer', 'consumer'),
      discharges: [
        { by: 'method', name: 'disconnect', promise: true },
        // A consumer that runs is meant to stay.
        { by: 'method', name: 'run', stays: true },
      ],
      wrong: [
        {
          name: 'stop',
          because: 'ends the fetching, but keeps the connections and the place in the consumer group',
          effect: 'holds',
        },
      ],
    },
  ],
};
