/** How code names what opens something outside of the program, and what gives it back. */
export interface Usage {
  /** Names of functions that open something outside of the program. */
  readonly acquiring: RegExp;
  /** Methods that end it. */
  readonly releasing: RegExp;
  /** It is there at once: nobody has to wait for it. */
  readonly atOnce?: true;
}

/**
 * Names that mean opening, and what undoes it. `destroy` of what was looked up deletes it, and `close` of what was created
 * may be a state of it: they count for what was opened only. What is given back by `release` was lent, whatever it is.
 */
export const usages: readonly Usage[] = [
  { acquiring: /^(?:\w*[a-z]_?)?transaction$/i, releasing: /^(commit|rollback)$/ },
  { acquiring: /./, releasing: /^(release|releaseConnection)$/ },
  { acquiring: /session$/i, releasing: /^(end_?session|close)$/i, atOnce: true },
  {
    acquiring: /^(acquire\w*|check_?out\w*|lease\w*|reserve)$/i,
    releasing: /^(release|unlock|close|end|disconnect|destroy|dispose)$/,
  },
  {
    acquiring: /^(connect|attach|launch|open|dial)$/,
    releasing: /^(release|close|end|disconnect|destroy|detach|terminate)$/,
  },
  {
    acquiring:
      /^(open|connect|new|create|get|make|establish|obtain)_?\w*(Connection|Conn|Client|Channel|Stream|Socket|File|Handle|Database|Db|Cursor|Transport|Tunnel|Producer|Consumer)$/i,
    releasing: /^(release|close|end|disconnect)$/,
  },
  {
    acquiring: /^(open|new|create|launch)_?(Page|Browser|Context|BrowserContext|Session)$/i,
    releasing: /^(close|end)$/,
  },
  { acquiring: /^(load|start|get|prepare|init|setup|make)_?\w*(Page|Browser)$/i, releasing: /^close$/ },
  { acquiring: /^(lock|get_?lock)$/i, releasing: /^(release|unlock)$/ },
];

/** What a function gives beside other things is told by the name under which it is taken. */
export const beside: readonly (Usage & { readonly part: RegExp })[] = [
  {
    acquiring: /^(open|new|create|launch|load|start|get|prepare|init|setup|make|connect|acquire)(?=[_A-Z]|$)/,
    part: /^(page|browser|conn|connection|client|channel|session)$/i,
    releasing: /^(release|close|end|disconnect)$/,
  },
];

/** Methods of the lender that take it back. */
export const takingBack = /^(release\w*|check_?in\w*|return\w*|give_?back\w*)$/i;

/** Functions, whoever has them, that give back what they are given: `gracefulRelease(client)`. */
export const releasers =
  /^(?:(?:safe|safely|graceful|gracefully|quiet|quietly|try|force|do)_?)?release(?:$|[A-Z_])\w*$/i;

/** The pairs of verbs by which a lender opens and closes what it tells by a number or name: `fs.open(…)`, `fs.close(fd)`. */
export const openers: readonly (readonly [opens: RegExp, closes: RegExp])[] = [
  [/^open/, /^close/],
  [/^mkdtemp/, /^(rmdir|rm)/],
];

/** Names of a function that gives back what it came for: `const release = await mutex.acquire()`. */
export const releaserNames =
  /^(?:release|unlock|free)(?:$|[A-Z_0-9])|(?:[a-z0-9](?:Release|Unlock|Free)|_(?:release|unlock|free))(?:r|Fn|Lock|Mutex)?$/;

/** Other methods by which code may end what it cannot close in good order. */
export const endingNames = [
  'abort',
  'cancel',
  'kill',
  'reset',
  'stop',
  'quit',
  'shutdown',
  'free',
  'detach',
  'terminate',
  'unlock',
  'interrupt',
];

/** What messages call it. */
export const kinds: readonly (readonly [name: RegExp, kind: string])[] = [
  [/transaction/i, 'transaction'],
  [/lock/i, 'lock'],
  [/client/i, 'client'],
  [/channel/i, 'channel'],
  [/stream/i, 'stream'],
  [/session/i, 'session'],
  [/page/i, 'page'],
  [/launch|browser/i, 'browser'],
  [/^open$|file|handle/i, 'handle'],
  [/^(open|create|get).*(db|database)$/i, 'database'],
  [/connect|attach|dial/i, 'connection'],
];

/** Two verbs of one object: what the first begins, the second ends. */
export interface Pair {
  readonly opens: RegExp;
  /** A pattern of names, before the noun that both have: `launchBrowser`, `closeBrowser`. */
  readonly closes: string;
  /** How the object is called. */
  readonly of?: RegExp;
}

export const pairs: readonly Pair[] = [
  { opens: /^acquire/, closes: 'release|free|giveBack' },
  { opens: /^lock/, closes: 'unlock|release' },
  { opens: /^(?:take|wait|enter|down|p)$/i, closes: 'give|leave|signal|exit|up|v|release', of: /mutex|sem/i },
  { opens: /^(?:launch|open)/, closes: 'close' },
  { opens: /^connect/, closes: 'disconnect|close|end|quit|dispose|destroy|terminate|logout' },
  { opens: /^login$/, closes: 'logout' },
  { opens: /^mount/, closes: 'unmount|umount' },
];
