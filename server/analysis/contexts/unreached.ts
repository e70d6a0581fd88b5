import ts from 'typescript';
import type { Host } from '../host.ts';
import { isFunctionLiteral, some, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { importersOf, mayImport, pathsBeside } from './importers.ts';
import { isTestFile, pagePlaces } from './places.ts';

/** Where frameworks, runners and bundlers load what lies there, and what they load by the name of the file. */
const loadedPlaces =
  /(?:^|\/)(?:pages|app\/(?:[^/]+\/)*api|api|routes?|router|controllers?|handlers?|functions|lambdas?|netlify|migrations?|seed(?:er)?s?|commands?|cmds?|events?|listeners?|subscribers?|middlewares?|plugins?|modules|extensions?|hooks|jobs?|tasks?|crons?|workers?|processors?|consumers?|actions?|models?|entit(?:y|ies)|schemas?|resolvers?|layouts?|components?|views?|bin|scripts?|config|locales?|public|static|assets|bots?|skills?|nodes|\.[\w-]+)\/(?:[^/]+\/)*[^/]+$/i;
const loadedNames =
  /(?:^|[/._-])(?:index|main|app|server|cli|worker|preload|setup|start|run|cron|config|job|task|entry|handler|plugin|command|route|page|layout|middleware|migration|resolver|model|entity|module|controller)\.[cm]?[jt]sx?$/i;
const loaders = ['readdir', 'readdirSync', 'glob', 'globSync', 'context', 'opendir', 'requireDir', 'autoload', 'walk'];
/** `require(path)`, `import(`./${name}.js`)` */
const computed = /\b(?:require|import)\s*\(\s*(?!(['"])[^'"]*\1\s*[,)])[^)\s]/;

/** Beside a package.json: they name the functions that a platform calls, and the files that these lie in. */
const deployments = ['serverless.yml', 'serverless.yaml', 'template.yml', 'template.yaml', 'firebase.json'];

/** Others of its folder that have to be imported by their names. */
const enough = 2;

/**
 * Whether nothing loads a file of a program: nobody imports it or speaks of its path but tests, it does nothing by itself,
 * and of what lies beside it several are imported one by one, so that it is not the place that brings them in.
 */
export function isUnreached(host: Host, unit: SourceUnit): boolean {
  const { path } = unit;
  if (loadedNames.test(path) || !waitsForImport(host, unit)) return false;
  const stem = /([^/]+?)\.[cm]?[jt]sx?$/
    .exec(path)?.[1]
    ?.match(/[\w$]+/g)
    ?.at(-1);
  if (importersOf(host, path).others.length > 0) return false;
  return !isPathSaid(host, path, stem) && isImportedOneByOne(host, path) && !isLoadedByPlace(host, path);
}

/** Whether a file of a program does nothing by itself, and does not lie where frameworks look for what they load. */
export function waitsForImport(host: Host, { path, file }: SourceUnit): boolean {
  if (host.packageOf(path) === undefined || host.environment(path).role !== undefined) return false;
  const { inPackage } = host.location(path);
  return !loadedPlaces.test(inPackage) && isPassive(file);
}

/** Whether a text that holds a word of its path may speak of a file in a way that nobody can resolve. */
export const isPathSaid = (host: Host, path: string, word: string | undefined): boolean =>
  pathsBeside(host, path, word)?.some((other) => mayImport(host, other, host.read(other) ?? '', path)) ?? true;

/** Whether others than the scripts of a package name what it exports: a platform that it is deployed to, or its users. */
export function isKnownElsewhere(host: Host, path: string): boolean {
  const root = host.packageOf(path);
  if (root === undefined || deployments.some((name) => host.read(`${root}/${name}`) !== undefined)) return true;
  const manifest = host.read(`${root}/package.json`) ?? '';
  // Where nothing says how the program starts, nobody knows what it is made of.
  if (!/"(?:start|serve|dev)\b[^"]*"\s*:/.test(manifest)) return true;
  // Of what is published, an entry may be there only when it is built.
  const isPublished =
    /"(?:main|module|exports|types|bin)"\s*:/.test(manifest) && !/"private"\s*:\s*true/.test(manifest);
  return isPublished && host.entries(path)?.length === 0;
}

/** Whether a module does nothing when it is loaded but to declare what it exports. */
function isPassive({ statements }: ts.SourceFile): boolean {
  return statements.every((it) => {
    if (ts.isVariableStatement(it))
      return it.declarationList.declarations.every(({ initializer }) => !starts(initializer));
    if (ts.isExportAssignment(it)) return !starts(it.expression);
    if (!ts.isExpressionStatement(it))
      return !ts.isIterationStatement(it, false) && !ts.isTryStatement(it) && !ts.isIfStatement(it);
    const { expression } = it;
    if (ts.isStringLiteral(expression)) return true;
    const isExport =
      ts.isBinaryExpression(expression) && /^(?:module\.)?exports\b|\.prototype\b/.test(expression.left.getText());
    return isExport && !starts(expression.right);
  });
}

/** Whether a value comes of a call that may do something: it takes a function, or others wait for it. */
function starts(value: ts.Expression | undefined): boolean {
  const made = value && strip(value);
  if (!made) return false;
  if (ts.isAwaitExpression(made)) return true;
  return (
    (ts.isCallExpression(made) || ts.isNewExpression(made)) &&
    (ts.isFunctionLike(strip(made.expression)) ||
      (made.arguments?.some((it) => isFunctionLiteral(it) || some(it, isFunctionLiteral)) ?? false))
  );
}

function isImportedOneByOne(host: Host, path: string): boolean {
  const folder = folderOf(path);
  const word = folder.match(/[\w$]+/g)?.at(-1);
  const beside = new Set<string>();
  for (const other of pathsBeside(host, path, word) ?? []) {
    for (const [, , specifier = ''] of (host.read(other) ?? '').matchAll(
      /(?:\bfrom|\brequire\s*\(|\bimport\s*\(|\bimport)\s*(['"])([^'"\n]+)\1/g,
    )) {
      const meant =
        specifier.includes(`${folder.slice(folder.lastIndexOf('/') + 1)}/`) && host.resolve(other, specifier);
      if (meant && folderOf(meant) === folder && meant !== path) beside.add(meant);
      if (beside.size >= enough) return true;
    }
  }
  return false;
}

/** Whether some code loads whatever lies in the folder of a file, or what it computes: it names the folder, or lies in it. */
export function isLoadedByPlace(host: Host, path: string): boolean {
  const folder = folderOf(path);
  const last = folder.slice(folder.lastIndexOf('/') + 1);
  const word = last.match(/[\w$]+/g)?.at(-1);
  const speaking = word === undefined ? undefined : host.mentioning(path, word);
  const requiring = [host.mentioning(path, 'require'), host.mentioning(path, 'import')];
  const loading = loaders.map((it) => host.mentioning(path, it));
  if (!speaking || [...requiring, ...loading].includes(undefined)) return true;
  const named = new RegExp(`['"\`](?:[^'"\`\\n]*/)?${last.replace(/[^\w]/g, '\\$&')}['"\`/]`);
  const isNear = (other: string): boolean =>
    !isTestFile(host, other) &&
    path.startsWith(`${host.packageOf(other) ?? ''}/`) &&
    !pagePlaces.test(host.location(other).inPackage) &&
    (folder === folderOf(other) || (speaking.includes(other) && named.test(withoutImports(host.read(other) ?? ''))));
  return (
    loading.some((paths) => paths?.some(isNear)) ||
    requiring.some((paths) => paths?.some((other) => computed.test(host.read(other) ?? '') && isNear(other)))
  );
}

/** A text without the modules that it loads by their whole names. */
const withoutImports = (text: string): string =>
  text.replace(/(?:\bfrom|\brequire\s*\(|\bimport\s*\(|\bimport)\s*(['"])[^'"\n]+\1/g, '');

/** The directory that a file lies in, or the module of several files that it is the index of. */
function folderOf(path: string): string {
  const module = path.replace(/\/index\.[cm]?[jt]sx?$/, '');
  return module.slice(0, module.lastIndexOf('/'));
}
