import type { LibraryModel } from '../model.ts';

export const nodemailer: LibraryModel = {
  library: 'nodemailer',
  packages: [{ name: 'nodemailer' }],
  modules: { nodemailer: { createTransport: { returns: 'Transporter' }, Transporter: { type: 'Transporter' } } },
  types: { Transporter: { declaredAs: [{ container: 'Mail' }, { container: 'Transporter' }], members: {} } },
  acquisitions: [
    {
      at: { module: 'nodemailer', export: 'createTransport' },
      yields: [{ via: 'value' }],
      // Without a pool every message has a connection of its own, which ends with it.
      when: [{ argument: 0, option: 'pool', equals: true }],
      resource: 'Transporter',
      lifetime: 'application',
      duty: 'handle',
      kind: 'mail transport',
      discharges: [{ by: 'method', name: 'close' }],
      preferred: { by: 'method', name: 'close' },
      consequence: 'its pooled connections stay open for ten minutes after the last message',
    },
  ],
};
