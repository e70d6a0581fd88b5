import { type TokenFact, type TokenQuery, unknownFact } from '../../analysis/facts.ts';
import type { TypeTier } from './typeTier.ts';

/** The type tier that knows nothing. The analysis then relies on local evidence. */
export const noTypeTier: TypeTier = {
  backend: 'none',
  update() {},
  expect() {},
  facts: (_path: string, queries: readonly TokenQuery[]): readonly TokenFact[] => queries.map(() => unknownFact),
  newErrors: () => undefined,
  problems: () => [],
  close() {},
};
