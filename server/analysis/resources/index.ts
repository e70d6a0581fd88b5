import { clients } from './clients/index.ts';
import { databases } from './databases/index.ts';
import type { LibraryModel } from './model.ts';
import { nodeModules } from './node/index.ts';

/** Every library that Leakproof knows. */
export const libraryModels: readonly LibraryModel[] = [...clients, ...databases, ...nodeModules];
