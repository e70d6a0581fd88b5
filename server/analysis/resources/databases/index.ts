import type { LibraryModel } from '../model.ts';
import { bullmq } from './bullmq.ts';
import { genericPool } from './genericPool.ts';
import { ioredis } from './ioredis.ts';
import { knex } from './knex.ts';
import { kysely } from './kysely.ts';
import { mariadb } from './mariadb.ts';
import { mongodb } from './mongodb.ts';
import { mongoose } from './mongoose.ts';
import { mssql, mssqlNative } from './mssql.ts';
import { mysql } from './mysql.ts';
import { mysql2 } from './mysql2.ts';
import { neo4j } from './neo4j.ts';
import { oracledb } from './oracledb.ts';
import { pg } from './pg.ts';
import { pgPromise } from './pgPromise.ts';
import { postgres } from './postgres.ts';
import { prisma } from './prisma.ts';
import { redis, redisClient } from './redis.ts';
import { elasticsearch, opensearch } from './searchClients.ts';
import { sequelize } from './sequelize.ts';
import { betterSqlite3, nodeSqlite, sqlite3 } from './sqlite.ts';
import { tarn } from './tarn.ts';
import { typeorm } from './typeorm.ts';

/** Databases and pools. */
export const databases: readonly LibraryModel[] = [
  betterSqlite3,
  bullmq,
  elasticsearch,
  genericPool,
  ioredis,
  knex,
  kysely,
  mariadb,
  mongodb,
  mongoose,
  mssql,
  mssqlNative,
  mysql,
  mysql2,
  neo4j,
  nodeSqlite,
  opensearch,
  oracledb,
  pg,
  pgPromise,
  postgres,
  prisma,
  redis,
  redisClient,
  sequelize,
  sqlite3,
  tarn,
  typeorm,
];
