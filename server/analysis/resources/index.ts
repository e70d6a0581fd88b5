import { databases } from './databases/index.ts';
import type { LibraryModel } from './model.ts';

/** Every library that Leakproof knows. */
export const libraryModels: readonly LibraryModel[] = [...databases];
