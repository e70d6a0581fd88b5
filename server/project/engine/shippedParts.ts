import { createPrefilter } from '../../analysis/prefilter.ts';
import { libraryModels } from '../../analysis/resources/index.ts';
import { ruleCatalog } from '../catalog/catalog.ts';
import type { EngineParts } from './parts.ts';

const triggers = [...new Set(ruleCatalog.flatMap((rule) => rule.triggers))];

/** The engine as it ships. */
export const shippedParts: EngineParts = {
  loadAnalysis: async () => (await import('../../analysis/check.ts')).createAnalysis,
  loadTypeTier: async () => {
    const { createTypeTier } = await import('../types/tier.ts');
    return ({ watch, longLived }) => createTypeTier({ mode: 'auto', watch, longLived });
  },
  createPrefilter: (models, names) => createPrefilter([...libraryModels, ...models], triggers, names),
};
