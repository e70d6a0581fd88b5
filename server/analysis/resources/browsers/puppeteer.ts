import type { Acquisition, Discharge, DisposalSupport, LibraryModel, ModuleShape, Yield } from '../model.ts';
import { emitter } from '../words.ts';
import { browserConvention } from './conventions.ts';

const exports: ModuleShape = {
  default: { value: 'Puppeteer' },
  puppeteer: { value: 'Puppeteer' },
  launch: { returns: 'Browser', promise: true },
  connect: { returns: 'Browser', promise: true },
  Browser: { type: 'Browser' },
  BrowserContext: { type: 'BrowserContext' },
  Page: { type: 'Page' },
};

const promised: readonly Yield[] = [{ via: 'promise' }];
const close: Discharge = { by: 'method', name: 'close', promise: true };
const disconnect: Discharge = { by: 'method', name: 'disconnect', promise: true };
const disposal: readonly DisposalSupport[] = [{ versions: '>=21.0.0', disposal: 'both' }];

const browser: Omit<Acquisition, 'at'> = {
  yields: promised,
  resource: 'Browser',
  duty: 'handle',
  kind: 'browser',
  // Whoever is told of the end point connects to the browser, and closes it.
  told: { by: ['wsEndpoint'] },
  reachedBy: ['browser'],
  discharges: [close, disconnect],
  preferred: close,
  disposal,
  consequence: 'its processes go on running, with some hundred megabytes of memory',
};

/** Somebody else's browser: it goes on for others, and only the connection to it is ours. */
const connected: Omit<Acquisition, 'at'> = {
  ...browser,
  preferred: disconnect,
  consequence: 'its connection stays open, and everything that happens in the browser is sent to it',
};

/** What closes with the browser that it was opened in. */
const inside = (resource: string, kind: string): Omit<Acquisition, 'at'> => ({
  yields: promised,
  resource,
  duty: 'handle',
  kind,
  discharges: [close, { by: 'acquirerClose', name: 'close' }, { by: 'acquirerClose', name: 'disconnect' }],
  preferred: close,
  disposal,
  consequence: 'it keeps its memory, and a process, as long as the browser lives',
});

const contexts = {
  createBrowserContext: { returns: 'BrowserContext', promise: true },
  // Until version 22.
  createIncognitoBrowserContext: { returns: 'BrowserContext', promise: true },
} as const;

export const puppeteer: LibraryModel = {
  library: 'puppeteer',
  packages: [{ name: 'puppeteer-core' }, { name: 'puppeteer' }],
  modules: { 'puppeteer-core': exports, puppeteer: exports },
  types: {
    Puppeteer: {
      declaredAs: [{ container: 'Puppeteer' }, { container: 'PuppeteerNode' }],
      members: {
        launch: { returns: 'Browser', promise: true },
        connect: { returns: 'Browser', promise: true },
      },
    },
    Browser: {
      members: { ...emitter('Browser'), ...contexts, newPage: { returns: 'Page', promise: true } },
    },
    BrowserContext: { members: { ...emitter('BrowserContext'), newPage: { returns: 'Page', promise: true } } },
    Page: { members: emitter('Page') },
  },
  acquisitions: [
    { at: { type: 'Puppeteer', member: 'launch' }, ...browser },
    { at: { type: 'Puppeteer', member: 'connect' }, ...connected },
    { at: { module: 'puppeteer', export: 'launch' }, ...browser },
    { at: { module: 'puppeteer', export: 'connect' }, ...connected },
    ...Object.keys(contexts).map((member) => ({
      at: { type: 'Browser', member },
      ...inside('BrowserContext', 'browser context'),
      reachedBy: ['browserContext'],
    })),
    { at: { type: 'Browser', member: 'newPage' }, ...inside('Page', 'page'), conventional: browserConvention },
    { at: { type: 'BrowserContext', member: 'newPage' }, ...inside('Page', 'page') },
  ],
};
