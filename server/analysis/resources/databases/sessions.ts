import type { Acquisition } from '../model.ts';

/** What an unended session of MongoDB costs. */
export const sessionCost: Pick<Acquisition, 'consequence' | 'idle'> = {
  consequence:
    'it keeps its transaction and that one’s locks until the server’s limit, and pins a connection on sharded clusters',
  idle: {
    begins: ['startTransaction'],
    ends: ['abortTransaction', 'commitTransaction'],
    consequence:
      'no transaction is left open, but without `endSession()` the client keeps it among its open sessions, and the server for half an hour',
  },
};
