/**
 * Streams to which code subscribes and that go on until somebody unsubscribes. Data only: what ends a subscription by
 * itself, and which streams are told to live on by the place that they come from.
 */

/** Operators after which a subscription ends by itself, or with what they are given. */
export const endingOperators: ReadonlySet<string> = new Set([
  ...['take', 'takeUntil', 'takeWhile', 'takeUntilDestroyed', 'takeUntilDestroy', 'untilDestroyed', 'first', 'last'],
  ...[
    'single',
    'find',
    'findIndex',
    'elementAt',
    'toArray',
    'isEmpty',
    'every',
    'timeout',
    'takeLast',
    'ignoreElements',
  ],
]);

/** Properties that hold a stream, as everybody calls them. */
export const streamNames = /\$$/;

/** Objects of which there is one for the whole program, and their streams. */
export const lastingStreams: readonly { readonly owner: RegExp; readonly member: RegExp }[] = [
  { owner: /^_?router$/, member: /^events$/ },
  { owner: /translate(?:Service)?$/i, member: /^on(?:Lang|Translation|DefaultLang)Change$/ },
  { owner: /^_?store\$?$/, member: /^(?:select|pipe)$/ },
];

/** Methods in which a component or directive ends. */
export const componentEnds: ReadonlySet<string> = new Set(['ngOnDestroy', 'componentWillUnmount', 'onDestroy']);
