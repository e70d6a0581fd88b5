import type { Acquisition, Discharge, DisposalSupport, LibraryModel, ModuleShape, Yield } from '../model.ts';
import { emitter } from '../words.ts';
import { browserConvention } from './conventions.ts';

const browserType = { value: 'BrowserType' } as const;
const exports: ModuleShape = {
  chromium: browserType,
  firefox: browserType,
  webkit: browserType,
  request: { value: 'APIRequest' },
  Browser: { type: 'Browser' },
  BrowserContext: { type: 'BrowserContext' },
  Page: { type: 'Page' },
  BrowserType: { type: 'BrowserType' },
};

const promised: readonly Yield[] = [{ via: 'promise' }];
const close: Discharge = { by: 'method', name: 'close', promise: true };
const disposal: readonly DisposalSupport[] = [{ versions: '>=1.42.0', disposal: 'async' }];

const browser: Omit<Acquisition, 'at'> = {
  yields: promised,
  resource: 'Browser',
  duty: 'handle',
  kind: 'browser',
  // Whoever is told of the end point connects to the browser, and closes it.
  told: { by: ['wsEndpoint'] },
  reachedBy: ['browser'],
  discharges: [close],
  preferred: close,
  disposal,
  consequence: 'its processes go on running, with some hundred megabytes of memory',
};

/** What closes with the browser that it was opened in. */
const inside = (resource: string, kind: string): Omit<Acquisition, 'at'> => ({
  yields: promised,
  resource,
  duty: 'handle',
  kind,
  discharges: [close, { by: 'acquirerClose', name: 'close' }],
  preferred: close,
  disposal,
  consequence: 'it keeps its memory, and a process, as long as the browser lives',
});

export const playwright: LibraryModel = {
  library: 'playwright',
  packages: [{ name: 'playwright-core' }, { name: 'playwright' }, { name: '@playwright/test' }],
  modules: { 'playwright-core': exports, playwright: exports, '@playwright/test': exports },
  types: {
    BrowserType: {
      members: {
        launch: { returns: 'Browser', promise: true },
        connect: { returns: 'Browser', promise: true },
        connectOverCDP: { returns: 'Browser', promise: true },
        launchPersistentContext: { returns: 'BrowserContext', promise: true },
        launchServer: { returns: 'BrowserServer', promise: true },
      },
    },
    Browser: {
      members: {
        ...emitter('Browser'),
        newContext: { returns: 'BrowserContext', promise: true },
        newPage: { returns: 'Page', promise: true },
      },
    },
    BrowserContext: { members: { ...emitter('BrowserContext'), newPage: { returns: 'Page', promise: true } } },
    Page: { members: { ...emitter('Page'), context: { returns: 'BrowserContext' } } },
    BrowserServer: { members: emitter('BrowserServer') },
    APIRequest: { members: { newContext: { returns: 'APIRequestContext', promise: true } } },
    APIRequestContext: { members: {} },
  },
  acquisitions: [
    { at: { type: 'BrowserType', member: 'launch' }, ...browser },
    { at: { type: 'BrowserType', member: 'connect' }, ...browser },
    { at: { type: 'BrowserType', member: 'connectOverCDP' }, ...browser },
    {
      at: { type: 'BrowserType', member: 'launchPersistentContext' },
      ...browser,
      resource: 'BrowserContext',
      reachedBy: ['context'],
      kind: 'browser context',
    },
    {
      at: { type: 'BrowserType', member: 'launchServer' },
      ...browser,
      resource: 'BrowserServer',
      kind: 'browser server',
      discharges: [close, { by: 'method', name: 'kill', promise: true }],
    },
    {
      at: { type: 'Browser', member: 'newContext' },
      ...inside('BrowserContext', 'browser context'),
      reachedBy: ['context'],
    },
    { at: { type: 'Browser', member: 'newPage' }, ...inside('Page', 'page'), conventional: browserConvention },
    { at: { type: 'BrowserContext', member: 'newPage' }, ...inside('Page', 'page') },
    {
      at: { type: 'APIRequest', member: 'newContext' },
      yields: promised,
      resource: 'APIRequestContext',
      duty: 'handle',
      kind: 'request context',
      discharges: [{ by: 'method', name: 'dispose', promise: true }],
      preferred: { by: 'method', name: 'dispose', promise: true },
      disposal,
      consequence: 'it keeps all bodies that it has received in memory',
    },
  ],
};
