import ts from 'typescript';
import type { Host } from '../host.ts';
import { isFunctionLiteral, some, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { importersOf, mayImport, pathsBeside } from './importers.ts';
import { isTestFile, loadedNames, loadedPlaces, pagePlaces } from './places.ts';

const loaders = ['readdir', 'readdirSync', 'glob', 'globSync', 'context', 'opendir', 'requireDir', 'autoload', 'walk'];
/** `require(path)`, `import(`./${name}.js`)` */
const computed = /\b(?:require|import)\s*\(\s*(?!(['"])[^'"]*\1\s*[,)])[^)\s]/;

/** Others of its folder that have to be imported by their names. */
const enough = 2;
/** The same for a folder whose name says that frameworks may look there. */
const many = 4;

/**
 * Whether nothing loads a file of a program: nobody imports it or speaks of its path but tests, it does nothing by itself,
 * and of what lies beside it several are imported one by one, so that it is not the place that brings them in.
 */
export function isUnreached(host: Host, unit: SourceUnit): boolean {
  const { path } = unit;
  const { inPackage } = host.location(path);
  if (host.packageOf(path) === undefined || host.environment(path).role !== undefined) return false;
  if (loadedNames.test(path) || !isPassive(unit.file)) return false;
  const others = loadedPlaces.test(inPackage) ? many : enough;
  const stem = /([^/]+?)\.[cm]?[jt]sx?$/
    .exec(path)?.[1]
    ?.match(/[\w$]+/g)
    ?.at(-1);
  if (importersOf(host, path).others.length > 0) return false;
  const isSaid =
    pathsBeside(host, path, stem)?.some((other) => mayImport(host, other, host.read(other) ?? '', path)) ?? true;
  return !isSaid && isImportedOneByOne(host, path, others) && !isLoadedByPlace(host, path);
}

/** Whether a module does nothing when it is loaded but to declare what it exports. */
export function isPassive({ statements }: ts.SourceFile): boolean {
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

function isImportedOneByOne(host: Host, path: string, others: number): boolean {
  const folder = folderOf(path);
  const word = folder.match(/[\w$]+/g)?.at(-1);
  const beside = new Set<string>();
  for (const other of pathsBeside(host, path, word) ?? []) {
    for (const [, , specifier = ''] of (host.read(other) ?? '').matchAll(
      /(?:\bfrom|\brequire\s*\(|\bimport\s*\(|\bimport)\s*(['"])([^'"\n]+)\1/g,
    )) {
      const meant =
        (folderOf(other) === folder || specifier.includes(`${folder.slice(folder.lastIndexOf('/') + 1)}/`)) &&
        host.resolve(other, specifier);
      if (meant && folderOf(meant) === folder && meant !== path) beside.add(meant);
      if (beside.size >= others) return true;
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
