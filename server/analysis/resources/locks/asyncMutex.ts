import type { Acquisition, LibraryModel } from '../model.ts';

const lock = (type: string, kind: string): Omit<Acquisition, 'yields'> => ({
  at: { type, member: 'acquire' },
  duty: 'pooled',
  kind,
  discharges: [{ by: 'call' }, { by: 'acquirer', name: 'release' }],
  preferred: { by: 'call' },
  consequence: 'everybody who waits for it waits for ever',
});

export const asyncMutex: LibraryModel = {
  library: 'async-mutex',
  packages: [{ name: 'async-mutex' }],
  modules: {
    'async-mutex': {
      Mutex: { class: 'Mutex' },
      Semaphore: { class: 'Semaphore' },
      MutexInterface: { type: 'Mutex' },
      SemaphoreInterface: { type: 'Semaphore' },
    },
  },
  types: {
    Mutex: { declaredAs: [{ container: 'Mutex' }, { container: 'MutexInterface' }], members: { acquire: {} } },
    Semaphore: {
      declaredAs: [{ container: 'Semaphore' }, { container: 'SemaphoreInterface' }],
      members: { acquire: {} },
    },
  },
  acquisitions: [
    { ...lock('Mutex', 'lock'), yields: [{ via: 'promise' }] },
    // The first element tells how many are left.
    { ...lock('Semaphore', 'semaphore slot'), yields: [{ via: 'promise', path: ['1'] }] },
  ],
};
