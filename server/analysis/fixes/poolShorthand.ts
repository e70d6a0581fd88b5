import ts from 'typescript';
import { enclosingRoot, strip, unstrip } from '../syntax/tree.ts';
import type { Held } from './held.ts';
import { isStable } from './held.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { releasesOf } from './releases.ts';
import { doom, isList, removeDoomed } from './removal.ts';
import { Rewriter } from './rewriter.ts';
import { usesOf } from './uses.ts';

/** Statements whose effect lives as long as the connection: they need one of their own. */
const bound =
  /\b(?:begin|start|commit|rollback|savepoint|set|reset|lock|unlock|listen|unlisten|notify|prepare|deallocate|declare|fetch|cursor|copy|temp|temporary|use|xa|pg_(?:try_)?advisory\w*|get_lock|release_lock|last_insert_id|currval|lastval|found_rows|set_config|row_count)\b|@\w/i;

/** `pool.query(…)` in place of acquire, one statement, release. */
export function poolShorthand(held: Held): FixPlan | undefined {
  const { acquisition, file, fn, guard, obligation, binding } = held;
  const { acquirer } = obligation;
  if (!acquisition || !ts.isVariableStatement(acquisition) || guard !== undefined || !acquirer || !isStable(acquirer))
    return undefined;
  if (acquisition.declarationList.declarations.length > 1 || binding.writes.length > 0) return undefined;
  const releases = releasesOf(held);
  const [use, ...others] = usesOf(held, releases).all;
  if (!use || others.length > 0 || releases.some((r) => !r.statement || r.special)) return undefined;
  const method = singleCall(use, held);
  const isHere = enclosingRoot(use) === fn && !isRepeated(use, acquisition.parent);
  const doomed = doom(releases.flatMap((r) => r.statement ?? []));
  if (!method || !isHere || !doomed || [...doomed.finallies].some((t) => !t.catchClause)) return undefined;
  const lines = new Lines(file.text);
  const start = acquisition.getStart(file);
  if (!isList(acquisition.parent) || !lines.opens(start) || !lines.closes(acquisition.end)) return undefined;
  const rewriter = new Rewriter();
  removeDoomed(rewriter, file, doomed);
  let end = lines.next(acquisition.end);
  if (lines.isBlank(end) && end < file.text.length) end = lines.next(end);
  rewriter.remove(lines.start(start), end);
  rewriter.replace(use.parent.getStart(file), use.parent.end, `${acquirer.getText()}.${method}`);
  return { title: `Call \`${acquirer.getText()}.${method}()\` instead`, safety: 'suggestion', edits: rewriter.edits() };
}

/** The pool's method that does what the one call on the client does. */
function singleCall(use: ts.Identifier, { obligation, resource, analysis }: Held): string | undefined {
  const access = use.parent;
  if (use.text !== resource || !ts.isPropertyAccessExpression(access) || !ts.isCallExpression(access.parent))
    return undefined;
  const call = access.parent;
  const { shorthand } = obligation.acquisition;
  const name = access.name.text;
  const method = shorthand && Object.hasOwn(shorthand, name) ? shorthand[name] : undefined;
  const outer = unstrip(call).parent;
  const [statement] = call.arguments;
  const text = statement && textOf(statement, analysis.unit.scopes.bindingOf);
  if (call.expression !== access || !(ts.isAwaitExpression(outer) || ts.isReturnStatement(outer))) return undefined;
  return text !== undefined && !bound.test(text) ? method : undefined;
}

type BindingOf = Held['analysis']['unit']['scopes']['bindingOf'];

/** The text of an SQL statement, where it stands in the file. */
function textOf(node: ts.Expression, bindingOf: BindingOf): string | undefined {
  const value = strip(node);
  if (ts.isStringLiteralLike(value) || ts.isTemplateExpression(value)) return value.getText();
  if (!ts.isIdentifier(value)) return undefined;
  const declaration = bindingOf(value)?.declarations[0]?.parent;
  const isConstant = declaration && ts.isVariableDeclaration(declaration) && bindingOf(value)?.kind === 'const';
  const initializer = isConstant ? declaration.initializer : undefined;
  return initializer && !ts.isIdentifier(strip(initializer)) ? textOf(initializer, bindingOf) : undefined;
}

function isRepeated(node: ts.Node, until: ts.Node): boolean {
  for (let current = node.parent; current && current !== until; current = current.parent) {
    if (ts.isIterationStatement(current, false)) return true;
  }
  return false;
}
