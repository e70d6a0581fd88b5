/** Iterators of the runtime that go on until their signal is aborted: where the options stand. Data only. */
export const endlessIterators: Readonly<
  Record<string, { readonly index: number; readonly source: string } | undefined>
> = {
  'events.on': { index: 2, source: 'events that never end by themselves' },
  'timers/promises.setInterval': { index: 2, source: 'an interval that never ends by itself' },
  'fs/promises.watch': { index: 1, source: 'changes of files, which never end by themselves' },
};

/** How people call what hands over one message after the other. */
export const channelName = /(?:channel|chan|queue|inbox|mailbox|events|messages|subscription)$/i;

/** What ends it. */
export const channelEnd = /^(?:close|end|return|destroy|finish|complete|stop|abort|cancel|dispose|unsubscribe)$/;
