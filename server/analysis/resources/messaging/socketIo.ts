import type { Acquisition, LibraryModel } from '../model.ts';
import { emitter, events, methods } from '../words.ts';

const client: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  resource: 'Socket',
  onlyIfReleased: ['disconnect', 'close'],
  duty: 'handle',
  kind: 'socket',
  discharges: [...methods('disconnect', 'close'), ...events('disconnect')],
  preferred: { by: 'method', name: 'disconnect' },
  consequence: 'it stays connected, and reconnects for ever',
};

const io = { returns: 'Socket' } as const;

export const socketIo: LibraryModel = {
  library: 'socket.io',
  packages: [{ name: 'socket.io' }, { name: 'socket.io-client' }],
  modules: {
    'socket.io-client': { default: io, io, Socket: { type: 'Socket' } },
    'socket.io': { Server: { class: 'Server' } },
  },
  types: {
    Socket: { members: emitter('Socket') },
    Server: { members: emitter('Server') },
  },
  acquisitions: [
    { at: { module: 'socket.io-client', export: 'io' }, ...client },
    {
      at: { construct: 'Server' },
      yields: [{ via: 'value' }],
      resource: 'Server',
      lifetime: 'application',
      onlyIfReleased: ['close'],
      duty: 'handle',
      kind: 'server',
      discharges: methods('close'),
      preferred: { by: 'method', name: 'close' },
      consequence: 'it goes on listening, and its clients stay connected',
    },
  ],
};
