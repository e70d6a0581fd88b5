import type { LibraryModel } from '../model.ts';
import { http } from './http.ts';
import { http2 } from './http2.ts';
import { net } from './net.ts';

/** Modules of Node itself. */
export const nodeModules: readonly LibraryModel[] = [http, http2, net];
