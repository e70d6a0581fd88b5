/**
 * Who calls a function back, and how often. Data only: the first entry that fits a call decides.
 *
 * `element`: once for each element of what is there, a bounded number · `event`, `request`, `tick`: any number of times
 * while the program runs · `component`: with each instance of a user-interface component · `once`: when the call runs,
 * or later, but one time for each run of the call.
 */
export type Times = 'element' | 'event' | 'request' | 'tick' | 'component' | 'once';

export interface Caller {
  /** The function or method that takes the callback. */
  readonly names: readonly string[];
  /** How the object is usually called whose method it is; `none`: it is called without one. */
  readonly receiver?: RegExp | 'none';
  /** The first argument is a path, pattern or name written out; keeps `map.get(key, …)` out. */
  readonly named?: true;
  /** The first argument is the path of a URL, whatever the object is called. */
  readonly path?: true;
  /** What the first argument says. */
  readonly first?: RegExp;
  /** The callback comes after something else, such as the times at which it runs. */
  readonly behind?: true;
  readonly times: Times;
  /** What happens each time, after “every”: `request`, `tick of the interval`. */
  readonly each: string;
}

const router =
  /(?:^|[._])(?:app|api|router|server|fastify|hono|koa|routes?|instance|express)$|(?:App|Router|Server|Routes)$/i;
const collection = [
  'forEach',
  'map',
  'flatMap',
  'filter',
  'some',
  'every',
  'find',
  'findIndex',
  'findLast',
  'reduce',
  'reduceRight',
];

export const callers: readonly Caller[] = [
  // What runs its callback one time.
  {
    names: ['then', 'catch', 'finally', 'Promise', 'run', 'runInContext', 'bind', 'call', 'apply'],
    times: 'once',
    each: 'call',
  },
  {
    names: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'requestAnimationFrame', 'requestIdleCallback'],
    times: 'once',
    each: 'call',
  },
  // Languages' own iteration.
  { names: [...collection, 'sort', 'times', 'each'], times: 'element', each: 'element' },
  { names: ['setInterval'], times: 'tick', each: 'tick of the interval' },
  // Schedules and queues.
  {
    names: ['schedule', 'scheduleJob', 'CronJob', 'cron', 'Cron'],
    behind: true,
    times: 'tick',
    each: 'run of the job',
  },
  { names: ['process'], receiver: /queue$/i, times: 'event', each: 'job' },
  { names: ['Worker'], named: true, times: 'event', each: 'job' },
  { names: ['consume'], receiver: /chan(nel)?$|^ch$/i, times: 'event', each: 'message' },
  { names: ['subscribe', 'onMessage', 'onDidChange'], times: 'event', each: 'event' },
  // Servers. Routes come with a path, middleware without.
  {
    names: ['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options', 'all', 'route'],
    receiver: router,
    named: true,
    times: 'request',
    each: 'request',
  },
  // Of the server's own life.
  { names: ['addHook'], first: /^(?:on(?:Ready|Listen|Close|Register|Route)|preClose)$/, times: 'once', each: 'call' },
  {
    names: ['use', 'addHook', 'onRequest', 'preHandler', 'setErrorHandler'],
    receiver: router,
    times: 'request',
    each: 'request',
  },
  { names: ['ws', 'onConnection'], receiver: router, named: true, times: 'request', each: 'connection' },
  { names: ['ws'], path: true, times: 'request', each: 'connection' },
  { names: ['createServer', 'createSecureServer'], times: 'request', each: 'request' },
  {
    names: ['query', 'mutation', 'subscription'],
    receiver: /procedure$/i,
    times: 'request',
    each: 'call of the procedure',
  },
  {
    names: ['tool', 'registerTool'],
    receiver: /server$|mcp$/i,
    named: true,
    times: 'request',
    each: 'call of the tool',
  },
  { names: ['handle'], receiver: /^ipc(Main)?$/i, named: true, times: 'event', each: 'message' },
  { names: ['registerCommand', 'registerTextEditorCommand'], named: true, times: 'event', each: 'run of the command' },
  { names: ['serve'], receiver: /^(?:Bun|Deno)$/, times: 'request', each: 'request' },
  // Components.
  {
    names: [
      'useEffect',
      'useLayoutEffect',
      'useInsertionEffect',
      'onMounted',
      'onMount',
      'createEffect',
      'onActivated',
    ],
    times: 'component',
    each: 'component that is mounted',
  },
  { names: ['useCallback', 'useMemo'], times: 'component', each: 'call' },
];

/** Events that an emitter emits one time in its life, or that end the program: a handler of theirs runs once. */
export const singularEvents: ReadonlySet<string> = new Set([
  ...['ready', 'listening', 'load', 'DOMContentLoaded', 'online', 'spawn', 'exit', 'beforeExit', 'close', 'closed'],
  ...['end', 'finish', 'SIGINT', 'SIGTERM', 'SIGQUIT', 'uncaughtException', 'unhandledRejection', 'unload', 'pagehide'],
  ...[
    'beforeunload',
    'before-quit',
    'will-quit',
    'window-all-closed',
    'abort',
    'install',
    'activate',
    'open',
    'connect',
    'secureConnect',
  ],
]);

/** The same of objects that stand for one exchange, by the names that they usually have. */
export const singularOf: readonly { readonly owner: RegExp; readonly events: ReadonlySet<string> }[] = [
  {
    owner: /(?:req|request)$/i,
    events: new Set(['response', 'upgrade', 'socket', 'connect', 'continue', 'information', 'aborted', 'timeout']),
  },
  { owner: /(?:file|upload|body|res|response|stream|part)$/i, events: new Set(['limit', 'aborted', 'timeout']) },
];

/** Methods that a framework calls by their name or decorator. */
export interface LifecycleMethod {
  readonly names?: readonly string[];
  readonly decorators?: readonly string[];
  /** What the class must be: the name of a base class, or of a decorator. */
  readonly base?: RegExp;
  readonly classDecorator?: RegExp;
  readonly times: Times;
  readonly each: string;
}

export const lifecycles: readonly LifecycleMethod[] = [
  {
    decorators: ['Get', 'Post', 'Put', 'Patch', 'Delete', 'Options', 'Head', 'All', 'Query', 'Mutation', 'Sse'],
    times: 'request',
    each: 'request',
  },
  {
    decorators: [
      'SubscribeMessage',
      'MessagePattern',
      'EventPattern',
      'OnEvent',
      'RabbitSubscribe',
      'Process',
      'Listen',
    ],
    times: 'event',
    each: 'message',
  },
  {
    names: ['handleConnection'],
    classDecorator: /^WebSocketGateway$/,
    times: 'request',
    each: 'connection',
  },
  { decorators: ['Cron', 'Interval'], times: 'tick', each: 'run of the job' },
  {
    names: ['componentDidMount', 'componentDidUpdate', 'componentWillMount'],
    base: /Component$/,
    times: 'component',
    each: 'component that is mounted',
  },
  {
    names: ['connectedCallback', 'attributeChangedCallback'],
    base: /Element$/,
    times: 'component',
    each: 'element that is attached',
  },
  {
    names: ['ngOnInit', 'ngAfterViewInit', 'ngOnChanges', 'constructor'],
    classDecorator: /^(?:Component|Directive)$/,
    times: 'component',
    each: 'component that is created',
  },
];

/** Decorators of classes of which the container makes one instance. */
export const singletonDecorators =
  /^(?:Injectable|Singleton|Service|Controller|Module|Global|Resolver|WebSocketGateway|singleton)$/;

/** Exports that a framework calls for every request, by name and file. */
export interface HandlerExport {
  readonly names: readonly string[];
  readonly file?: RegExp;
  readonly each: string;
}

export const handlerExports: readonly HandlerExport[] = [
  {
    names: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
    file: /(?:^|\/)(?:route|\+server)\.[cm]?[jt]sx?$/,
    each: 'request',
  },
  { names: ['loader', 'action'], file: /(?:^|\/)routes\//, each: 'request' },
  { names: ['default'], file: /(?:^|\/)pages\/api\//, each: 'request' },
  { names: ['getServerSideProps'], file: /(?:^|\/)pages\//, each: 'request' },
  { names: ['handler'], each: 'invocation' },
];
