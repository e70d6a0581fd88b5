import type { Host, Location } from '../host.ts';

/**
 * What the path of a file says of its code: one table of folders for all who ask. Paths are relative to the package, or
 * to the package's parent directory where that one's name is evidence, too.
 */

const testPath =
  /(^|\/)(__tests__|(?!ab[-_])[\w.]+[-_]tests|[\w.]+[-_]specs?|__mocks__|tests?|specs?|e2e|acceptance|fixtures?|benchmarks?|bench(?:-[\w-]+)?|examples?|testing|playwright|cypress|step[-_]?definitions?)\/|(?:[.\-_](?:test|spec|bench|e2e|fixture)s?|(?:^|\/)tests?)\.[cm]?[jt]sx?$/i;

/** `integration-tests/`, `test-integration/`, `app-e2e/`, `gateway-int-test/`, `socket.int-test.ts`. */
const kinds = '(?:integration|int|e2e|end-to-end|functional|unit|system|smoke|acceptance|regression|stress|load|perf)';
const namedTests = new RegExp(
  `(^|/)(?:(?:[\\w.-]+[-_.])?${kinds}[-_]?tests?|tests?[-_.]${kinds}|[\\w.-]+[-_.]e2e)(?:[-_.][\\w.-]*)?/|` +
    `[-_.]${kinds}[-_]?tests?\\.[cm]?[jt]sx?$|(^|[-_./])tests?[-_]runner\\.[cm]?[jt]sx?$|(^|/)tests?[-_](?:tap|utils?|support|helpers?|lib|data|apps?)/`,
  'i',
);

/** Whether a file is test, benchmark or example code, or its package as a whole: its leaks die with the run. */
export function isTestFile(host: Host, path: string): boolean {
  const { inPackage, packagePath } = host.location(path);
  return isTestCode(inPackage) || isAside(packagePath);
}

/** The same by the path below the package alone. Whoever looks for other files asks it of each, again and again. */
export function isTestCode(inPackage: string): boolean {
  let answer = testCode.get(inPackage);
  if (answer === undefined) {
    answer = testPath.test(inPackage) || namedTests.test(inPackage);
    testCode.set(inPackage, answer);
  }
  return answer;
}

const testCode = new Map<string, boolean>();

const asidePath =
  /(^|\/)(examples?|samples?|demos?|playgrounds?|e2e|benchmarks?|bench|load-?tests?|__fixtures__|__tests__|(?:[\w.-]+-)?(?:testcontainers?|test-?kit))(\/|$)|(^|\/)(fixtures?|tests?)\/|(^|\/)(?:fixtures|tests)$|^(?:performance|perf)\//i;

/** Whether a package (its path in the repository) is an example, a fixture or a benchmark as a whole. */
export function isAside(packagePath: string | undefined): boolean {
  if (packagePath === undefined) return false;
  let answer = aside.get(packagePath);
  if (answer === undefined) {
    answer = asidePath.test(packagePath) || namedTests.test(`${packagePath}/`);
    aside.set(packagePath, answer);
  }
  return answer;
}

const aside = new Map<string, boolean>();

/** Folders that hold what others wrote, at whatever depth. */
const otherPeoples = /(^|\/)(third[-_]?party|3rd[-_]?party|bower_components|jspm_packages)\//i;
/**
 * `vendor/`, `archive/` and the like at the top of a package, or in what a web server gives out. Deeper down they may be
 * words of the program's own subject: vendors of a shop, an archive of messages.
 */
const setAside =
  /^_?(?:vendor|vendors|vendored|archived?|attic|deprecated|obsolete)\/|(^|\/)(?:public|static|assets|wwwroot)\/(?:[\w.-]+\/)*vendors?\//i;
/** What a build wrote, and somebody committed. */
const built = /^dist\/|\.bundle\.[cm]?js$/i;
/** `alasql.4.5.1.js`, `jquery-3.7.1.min.js`: a release of a library, copied. */
const release = /[\w-][.-]v?\d+\.\d+\.\d+(?:[.-](?:min|slim|umd|bundle|prod|esm))*\.[cm]?js$/i;
const setAsidePackage = /^_?(?:vendor|vendors|vendored|archived?|attic|deprecated|obsolete)(?:\/|$)/i;

/** Whether nobody here would mend a file: it was copied from somewhere else, written by a build, or laid away. */
export function isForeignCode({ inPackage, packagePath }: Location): boolean {
  if ([otherPeoples, setAside, release, built].some((place) => place.test(inPackage))) return true;
  return packagePath !== undefined && (otherPeoples.test(`${packagePath}/`) || setAsidePackage.test(packagePath));
}

/** What generators write at the top of a file, and what WebAssembly loaders say all over. */
const written =
  /@generated\b|\b(?:auto-?\s?generated|automatically generated|generated (?:by|from|with|code))\b(?=[\s\S]{0,200}\bdo(?:n't| not) (?:edit|modify|change|touch)\b)|\bdo(?:n't| not) (?:edit|modify)\b(?=[\s\S]{0,200}\bgenerated\b)/i;
const loader = /\bENVIRONMENT_IS_(?:WEB|NODE|WORKER)\b/;

/** Whether a generator wrote a text: who mends it mends the generator. */
export function isGenerated(text: string): boolean {
  return written.test(text.slice(0, 800)) || loader.test(text);
}

/** Folders and files of what the developers of a project run by hand. */
const handRunFolders =
  '(?:[\\w.-]+-)?(?:scripts?|tools?)|tooling|stress(?:-tests?)?|ci|\\.github|migrations?|seeds?|playgrounds?|demos?|samples?|hack';
const configFiles =
  'gulpfile[\\w.-]*|gruntfile[\\w.-]*|[\\w.-]*\\.config|webpack[\\w.-]*|rollup[\\w.-]*|\\.(?:vite|vue)press/config|\\.storybook/[\\w.-]+';

/** What a tool of the developers loads by its name. */
export const toolPlaces = new RegExp(`(?:^|/)(?:${configFiles})\\.[cm]?[jt]s$`, 'i');
/** What developers run by hand, unless a part of a program imports it. */
export const handRunPlaces = places(handRunFolders, configFiles);
/** What the developers of a project keep for themselves, unless a part of a program imports it. */
export const developerPlaces = places(`${handRunFolders}|build|docs?|website|site`, `${configFiles}|vite`);
/** What runs as a command that somebody starts and that ends, with the same reserve. */
export const commandPlaces = places('bin|cli|commands', '');
/** What only bundles for pages take in. */
export const browserFiles = /[._-]browser\.[cm]?[jt]sx?$/i;
/** What runs in a page. */
export const pagePlaces =
  /(?:^|\/)(?:front-?end|client-?side|browser(?:-client)?|web-client|public|static|assets|www|webview|webviews|components|hooks|composables|popup|content-?scripts?|background-?scripts?|service-?workers?|renderer|stores?|islands|storybook|extension|libs?\/vendor|vendor)\/|(?:^|\/)(?:sw|service-?worker|content-?script)\.[cm]?[jt]s$|\.(?:client|browser|web)\.[cm]?[jt]sx?$/i;
/** What a web server gives out as it is, or after a bundler took it in. */
export const servedPlaces =
  /(?:^|\/)(?:front-?end|client-?side|browser(?:-client)?|web-client|public|static|www|wwwroot|webviews?)\//i;
export const serverPlaces =
  /(?:^|\/)(?:server|servers|back-?end|lambdas?|functions|cron|daemon|node)\/|(?:^|\/)(?:route|server)\.[cm]?[jt]s$|\.(?:server|node)\.[cm]?[jt]sx?$/i;
/** Directories of servers, and of pages that speak to one. */
export const eitherPlaces = /(?:^|\/)(?:api|routes|controllers|middlewares?|workers?|jobs)\//i;

/** Where frameworks, runners and bundlers load what lies there. */
export const loadedPlaces =
  /(?:^|\/)(?:pages|app\/(?:[^/]+\/)*api|api|routes?|router|controllers?|handlers?|functions|lambdas?|netlify|migrations?|seed(?:er)?s?|commands?|cmds?|events?|listeners?|subscribers?|middlewares?|plugins?|modules|extensions?|hooks|jobs?|tasks?|crons?|workers?|processors?|consumers?|actions?|models?|entit(?:y|ies)|schemas?|resolvers?|layouts?|components?|views?|bin|scripts?|config|locales?|public|static|assets|bots?|skills?|nodes|\.[\w-]+)\/(?:[^/]+\/)*[^/]+$/i;
/** What they load by the name of the file. */
export const loadedNames =
  /(?:^|[/._-])(?:index|main|app|server|cli|worker|preload|setup|start|run|cron|config|job|task|entry|handler|plugin|command|route|page|layout|middleware|migration|resolver|model|entity|module|controller)\.[cm]?[jt]sx?$/i;

function places(folders: string, files: string): RegExp {
  const named = files === '' ? '' : `|(?:^|/)(?:${files})\\.[cm]?[jt]s$`;
  return new RegExp(`(?:^|/)(?:${folders})/${named}`, 'i');
}
