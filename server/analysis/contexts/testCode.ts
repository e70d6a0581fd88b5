const testPath =
  /(^|\/)(__tests__|__mocks__|tests?|specs?|e2e|acceptance|fixtures?|benchmarks?|bench(?:-[\w-]+)?|examples?|testing|playwright|cypress)\/|[.\-_](test|spec|bench|e2e|fixture)s?\.[cm]?[jt]sx?$/i;

/** `integration-tests/`, `test-integration/`, `app-e2e/`, `gateway-int-test/`, `socket.int-test.ts`. */
const kinds = '(?:integration|int|e2e|end-to-end|functional|unit|system|smoke|acceptance|regression|stress|load|perf)';
const namedTests = new RegExp(
  `(^|/)(?:(?:[\\w.-]+[-_.])?${kinds}[-_]?tests?|tests?[-_.]${kinds}|[\\w.-]+[-_.]e2e)(?:[-_.][\\w.-]*)?/|` +
    `[-_.]${kinds}[-_]?tests?\\.[cm]?[jt]sx?$|(^|/)tests?[-_](?:tap|utils?|support|helpers?|lib|data|apps?)/`,
  'i',
);

/** Whether a file (path relative to its package) is test, benchmark or example code: its leaks die with the run. */
export function isTestCode(relativePath: string): boolean {
  return testPath.test(relativePath) || namedTests.test(relativePath);
}

const asidePath =
  /(^|\/)(examples?|samples?|demos?|playgrounds?|e2e|benchmarks?|bench|__fixtures__|__tests__)(\/|$)|(^|\/)(fixtures?|tests?)\//i;

/** Whether a package (its path in the repository) is an example, a fixture or a benchmark as a whole. */
export function isAside(packagePath: string | undefined): boolean {
  return packagePath !== undefined && (asidePath.test(packagePath) || namedTests.test(`${packagePath}/`));
}
