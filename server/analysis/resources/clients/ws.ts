import type { LibraryModel } from '../model.ts';
import { webSocketWaits } from '../waits/ws.ts';

export const ws: LibraryModel = {
  library: 'ws',
  packages: [{ name: 'ws' }],
  modules: {
    ws: {
      default: { class: 'WebSocket' },
      WebSocket: { class: 'WebSocket' },
      WebSocketServer: { class: 'WebSocketServer' },
      Server: { class: 'WebSocketServer' },
    },
  },
  types: {
    WebSocket: { members: { Server: { class: 'WebSocketServer' } } },
    WebSocketServer: { members: {} },
  },
  acquisitions: [],
  ...webSocketWaits,
};
