import type { LibraryModel } from '../model.ts';
import { chokidar } from './chokidar.ts';
import { execa } from './execa.ts';
import { fastify } from './fastify.ts';
import { piscina } from './piscina.ts';
import { rxjs } from './rxjs.ts';
import { tmp } from './tmp.ts';

/** Watchers, processes, threads, temporary files and frameworks. */
export const tools: readonly LibraryModel[] = [chokidar, execa, fastify, piscina, rxjs, tmp];
