import type { LibraryModel } from '../model.ts';
import { genericPool } from './genericPool.ts';
import { mariadb } from './mariadb.ts';
import { mysql } from './mysql.ts';
import { mysql2 } from './mysql2.ts';
import { pg } from './pg.ts';
import { tarn } from './tarn.ts';

/** Databases and pools. */
export const databases: readonly LibraryModel[] = [genericPool, mariadb, mysql, mysql2, pg, tarn];
