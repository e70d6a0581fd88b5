import type { LibraryModel } from '../model.ts';
import { genericPool } from './genericPool.ts';
import { ioredis } from './ioredis.ts';
import { knex } from './knex.ts';
import { mariadb } from './mariadb.ts';
import { mongodb } from './mongodb.ts';
import { mongoose } from './mongoose.ts';
import { mysql } from './mysql.ts';
import { mysql2 } from './mysql2.ts';
import { pg } from './pg.ts';
import { prisma } from './prisma.ts';
import { redis, redisClient } from './redis.ts';
import { sequelize } from './sequelize.ts';
import { tarn } from './tarn.ts';
import { typeorm } from './typeorm.ts';

/** Databases and pools. */
export const databases: readonly LibraryModel[] = [
  genericPool,
  ioredis,
  knex,
  mariadb,
  mongodb,
  mongoose,
  mysql,
  mysql2,
  pg,
  prisma,
  redis,
  redisClient,
  sequelize,
  tarn,
  typeorm,
];
