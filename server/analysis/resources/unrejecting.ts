/** Methods that return a promise which nothing ever rejects, by the package whose objects have them. */
export const unrejecting: Readonly<Record<string, RegExp>> = {
  // A dialog that cannot be shown throws; one that is closed has an answer.
  electron: /^(?:showMessageBox|showOpenDialog|showSaveDialog)$/,
  async: /^(?:drain|empty|saturated|unsaturated)$/,
  'p-queue': /^(?:onIdle|onEmpty|onSizeLessThan)$/,
  'p-limit': /^onIdle$/,
};
