import type { Convention } from '../model.ts';

/** How pools of MySQL drivers are usually called, and what only a database connection is asked to do. */
export const connectionConvention: Convention = {
  receiver: /(pool|cluster|mysql2?|mariadb|db|database|conn|connection|source)\d*$/i,
  uses: ['query', 'execute', 'beginTransaction'],
};
