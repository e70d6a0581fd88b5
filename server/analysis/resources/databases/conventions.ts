import type { Convention, Discharge } from '../model.ts';

/** How pools of MySQL drivers are usually called, and what only a database connection is asked to do. */
export const connectionConvention: Convention = {
  receiver: /(pool|cluster|mysql2?|mariadb|db|database|conn|connection|source)\d*$/i,
  uses: ['query', 'execute', 'beginTransaction'],
};

/** How statements that begin a transaction start. */
export const beginStatements = ['begin', 'start transaction'] as const;

/** Statements that end a transaction, sent with one of these methods. */
export function endStatements(...methods: readonly string[]): readonly Discharge[] {
  return methods.flatMap((name): readonly Discharge[] => [
    { by: 'method', name, promise: true, statement: ['rollback', 'abort'] },
    { by: 'method', name, promise: true, statement: ['commit', 'end'] },
  ]);
}

/** What an open transaction does to others. */
export const transactionConsequence =
  'its locks stay, and whoever gets the connection next works inside a transaction that never ends';
