import type { Acquisition, LibraryModel } from '../../analysis/resources/model.ts';
import type { ModelJson } from './modelSchema.ts';
import { parsePattern } from './validate.ts';

/** Turns a validated model from JSON into what the analysis works with. */
export function toLibraryModel(model: ModelJson): LibraryModel {
  return { ...model, acquisitions: model.acquisitions.map(toAcquisition) };
}

function toAcquisition({ conventional, sharedWhere, ...rest }: ModelJson['acquisitions'][number]): Acquisition {
  return {
    ...rest,
    ...(sharedWhere !== undefined && { sharedWhere: parsePattern(sharedWhere) }),
    ...(conventional !== undefined && {
      conventional: { ...conventional, receiver: parsePattern(conventional.receiver) },
    }),
  };
}
