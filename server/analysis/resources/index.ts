import { browsers } from './browsers/index.ts';
import { clients } from './clients/index.ts';
import { databases } from './databases/index.ts';
import { locks } from './locks/index.ts';
import { messaging } from './messaging/index.ts';
import type { LibraryModel } from './model.ts';
import { nodeModules } from './node/index.ts';
import { tools } from './tools/index.ts';

/** Every library that Leakproof knows. */
export const libraryModels: readonly LibraryModel[] = [
  ...clients,
  ...databases,
  ...nodeModules,
  ...messaging,
  ...locks,
  ...browsers,
  ...tools,
];
