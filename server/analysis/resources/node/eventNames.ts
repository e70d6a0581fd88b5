/**
 * The events that Node's own emitters have, by library and type. Data only: a listener of a name that is almost one of them
 * never runs. Types that others extend with events of their own are left out.
 */
const readable = ['close', 'data', 'end', 'error', 'pause', 'readable', 'resume'];
const writable = ['close', 'drain', 'error', 'finish', 'pipe', 'unpipe'];
const socket = [...readable, ...writable, 'connect', 'connectionAttempt', 'lookup', 'ready', 'timeout', 'session'];

export const nodeEvents: Readonly<Record<string, readonly string[]>> = {
  'net.Socket': socket,
  'net.TLSSocket': [...socket, 'keylog', 'OCSPResponse', 'secure', 'secureConnect'],
  'net.Server': ['close', 'connection', 'drop', 'error', 'listening', 'request', 'upgrade', 'connect', 'clientError'],
  'http.ClientRequest': [
    ...writable,
    ...['abort', 'connect', 'continue', 'information', 'response', 'socket', 'timeout', 'upgrade'],
  ],
  'http.IncomingMessage': [...readable, 'aborted', 'timeout'],
  'http.ServerResponse': [...writable, 'timeout'],
  'child_process.ChildProcess': ['close', 'disconnect', 'error', 'exit', 'message', 'spawn'],
};

/** The events of `process`, beside the signals. */
export const processEvents: readonly string[] = [
  ...['beforeExit', 'disconnect', 'exit', 'message', 'multipleResolves', 'rejectionHandled', 'uncaughtException'],
  ...['uncaughtExceptionMonitor', 'unhandledRejection', 'warning', 'worker', 'workerMessage', 'loaded'],
  ...[
    'SIGABRT',
    'SIGALRM',
    'SIGBREAK',
    'SIGBUS',
    'SIGCHLD',
    'SIGCONT',
    'SIGFPE',
    'SIGHUP',
    'SIGILL',
    'SIGINFO',
    'SIGINT',
  ],
  ...['SIGIO', 'SIGIOT', 'SIGKILL', 'SIGLOST', 'SIGPIPE', 'SIGPOLL', 'SIGPROF', 'SIGPWR', 'SIGQUIT', 'SIGSEGV'],
  ...['SIGSTKFLT', 'SIGSTOP', 'SIGSYS', 'SIGTERM', 'SIGTRAP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGUNUSED', 'SIGURG'],
  ...['SIGUSR1', 'SIGUSR2', 'SIGVTALRM', 'SIGWINCH', 'SIGXCPU', 'SIGXFSZ'],
];
