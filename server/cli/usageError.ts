/** The command line makes no sense. Its message says what to do; the process ends with status 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
