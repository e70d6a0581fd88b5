const testPath =
  /(^|\/)(__tests__|__mocks__|tests?|specs?|e2e|acceptance|fixtures?|benchmarks?|bench|examples?|testing)\/|[.\-_](test|spec|bench|e2e|fixture)s?\.[cm]?[jt]sx?$/i;

/** Whether a file (path relative to its package) is test, benchmark or example code: its leaks die with the run. */
export function isTestCode(relativePath: string): boolean {
  return testPath.test(relativePath);
}
