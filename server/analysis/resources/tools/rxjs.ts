import type { LibraryModel } from '../model.ts';

/** Most streams complete by themselves: only who unsubscribes on one path has to do so on all. */
export const rxjs: LibraryModel = {
  library: 'rxjs',
  packages: [{ name: 'rxjs' }],
  modules: {
    rxjs: {
      Observable: { class: 'Observable' },
      Subject: { class: 'Subject' },
      BehaviorSubject: { class: 'Subject' },
      ReplaySubject: { class: 'Subject' },
      interval: { returns: 'Observable' },
      fromEvent: { returns: 'Observable' },
      Subscription: { type: 'Subscription' },
    },
  },
  types: {
    Observable: { members: { subscribe: { returns: 'Subscription' }, pipe: { returns: 'Observable' } } },
    Subject: { extends: 'Observable', members: {} },
    Subscription: { members: {} },
  },
  acquisitions: [
    {
      at: { type: 'Observable', member: 'subscribe' },
      yields: [{ via: 'value' }],
      resource: 'Subscription',
      onlyIfReleased: ['unsubscribe'],
      duty: 'handle',
      kind: 'subscription',
      discharges: [
        { by: 'method', name: 'unsubscribe' },
        { by: 'method', name: 'add' },
      ],
      preferred: { by: 'method', name: 'unsubscribe' },
      consequence: 'its observer, and all that it closes over, stays subscribed',
    },
  ],
};
