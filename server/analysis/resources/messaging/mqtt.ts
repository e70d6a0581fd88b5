import type { Acquisition, LibraryModel } from '../model.ts';
import { emitter, events } from '../words.ts';

const client: Omit<Acquisition, 'at' | 'yields'> = {
  resource: 'MqttClient',
  duty: 'handle',
  kind: 'client',
  discharges: [
    { by: 'method', name: 'end' },
    { by: 'method', name: 'endAsync', promise: true },
    // Whoever waits for messages keeps it.
    { by: 'method', name: 'subscribe', stays: true },
    { by: 'method', name: 'subscribeAsync', stays: true },
    ...events('message', 'close', 'end'),
  ],
  preferred: { by: 'method', name: 'end' },
  consequence: 'it stays connected, sends a ping every minute and reconnects for ever',
};

export const mqtt: LibraryModel = {
  library: 'mqtt',
  packages: [{ name: 'mqtt' }],
  modules: {
    mqtt: {
      connect: { returns: 'MqttClient' },
      connectAsync: { returns: 'MqttClient', promise: true },
      MqttClient: { type: 'MqttClient' },
    },
  },
  types: { MqttClient: { members: emitter('MqttClient') } },
  acquisitions: [
    { at: { module: 'mqtt', export: 'connect' }, yields: [{ via: 'value' }], ...client },
    { at: { module: 'mqtt', export: 'connectAsync' }, yields: [{ via: 'promise' }], ...client },
  ],
};
