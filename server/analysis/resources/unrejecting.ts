/** Methods that return a promise which nothing ever rejects, by the package whose objects have them. */
export const unrejecting: Readonly<Record<string, RegExp>> = {
  async: /^(?:drain|empty|saturated|unsaturated)$/,
  'p-queue': /^(?:onIdle|onEmpty|onSizeLessThan)$/,
  'p-limit': /^onIdle$/,
};
