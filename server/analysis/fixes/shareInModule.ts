import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { contains, strip, unstrip, walk } from '../syntax/tree.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';
import { withComments } from './tokens.ts';

/**
 * Moves `const client = new Client(…)` out of its function, to the top level of the module. Refused where the arguments
 * need what only the function has, where the name means something else, or where it is no declaration of its own.
 */
export function shareInModule(
  { unit, options }: FileAnalysis,
  site: ts.CallExpression | ts.NewExpression,
): FixPlan | undefined {
  const whole = unstrip(site);
  const declaration = whole.parent;
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined;
  const list = declaration.parent;
  const statement = list.parent;
  if (!ts.isVariableDeclarationList(list) || !ts.isVariableStatement(statement) || list.declarations.length !== 1)
    return undefined;
  if (!(list.flags & ts.NodeFlags.Const) || !ts.isBlock(statement.parent)) return undefined;
  const { name } = declaration;
  const outer = topLevel(statement);
  if (!outer || dependsOnLocals(unit.scopes, whole, outer)) return undefined;
  if (!isFree(unit.file, unit.scopes, name, statement)) return undefined;
  const style = styleOf(unit.file);
  const lines = new Lines(unit.text);
  const rewriter = new Rewriter();
  const { start, end } = withComments(statement, unit.file);
  const ownLine = lines.opens(start) && lines.closes(end);
  rewriter.remove(ownLine ? lines.start(start) : start, ownLine ? lines.next(end) : end);
  const at = lines.start(withComments(outer, unit.file).start);
  const value = unit.text.slice(whole.getStart(), whole.end);
  const type = declaration.type ? `: ${declaration.type.getText()}` : '';
  const text = isReloaded(unit.path, options.packageRoot)
    ? keptAcrossReloads(name.text, value, /\.[cm]?tsx?$/.test(unit.path), site, style)
    : [`const ${name.text}${type} = ${value}${style.end}`];
  rewriter.insert(at, text.map((line) => line + style.newline).join('') + style.newline);
  return { title: 'Share one in the module', safety: 'suggestion', edits: rewriter.edits() };
}

/** Next evaluates modules anew on each change during development; what hangs on `globalThis` survives. */
function keptAcrossReloads(
  name: string,
  value: string,
  typed: boolean,
  site: ts.CallExpression | ts.NewExpression,
  { end }: { readonly end: string },
): readonly string[] {
  const holder = `globalFor${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const type = ts.isNewExpression(site) ? site.expression.getText() : `ReturnType<typeof ${site.expression.getText()}>`;
  const cast = typed ? ` as unknown as { ${name}?: ${type} }` : '';
  return [`const ${holder} = globalThis${cast}${end}`, `const ${name} = (${holder}.${name} ??= ${value})${end}`];
}

function isReloaded(path: string, root: string): boolean {
  const relative = path.startsWith(root) ? path.slice(root.length) : path;
  return /(?:^|\/)(?:src\/)?(?:app\/.*\/?(?:route|page|layout)|pages\/.*)\.[jt]sx?$/.test(relative);
}

/** The statement of the module around a node, when that is another one. */
export function topLevel(node: ts.Node): ts.Statement | undefined {
  let current = node;
  while (current.parent && !ts.isSourceFile(current.parent)) current = current.parent;
  return ts.isStatement(current) && current !== node ? current : undefined;
}

type Scopes = FileAnalysis['unit']['scopes'];

/** Whether a value reads a name, `this` or `await` that exists only inside of the function. */
export function dependsOnLocals(scopes: Scopes, value: ts.Expression, outer: ts.Node): boolean {
  let found = false;
  walk(value, (node) => {
    if (node.kind === ts.SyntaxKind.ThisKeyword || ts.isAwaitExpression(node) || ts.isYieldExpression(node))
      found = true;
    if (!ts.isIdentifier(node)) return;
    const declared = scopes.bindingOf(node)?.declarations[0];
    if (!declared || contains(value, declared)) return;
    // Declared further down at top level, it would not be there yet.
    found ||= contains(outer, declared) || declared.pos > outer.pos;
  });
  return found;
}

/** Whether the name may stand at top level: nothing there has it, and no other scope in between hides it. */
function isFree(file: ts.SourceFile, scopes: Scopes, name: ts.Identifier, statement: ts.Statement): boolean {
  if (scopes.lookup(name.text, file)) return false;
  const binding = scopes.bindingOf(name);
  if (!binding || binding.writes.length > 0) return false;
  let clash = false;
  walk(file, (node) => {
    if (!ts.isIdentifier(node) || node.text !== name.text || contains(statement, node)) return;
    const other = scopes.bindingOf(node);
    // A global of that name would be hidden.
    clash ||= !other && ts.isExpressionStatement(strip(node).parent);
  });
  return !clash;
}
