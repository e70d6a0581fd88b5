import ts from 'typescript';
import type { GraphRoot } from '../controlFlow/graph.ts';
import { canFollow, type Skip, skipOf } from '../controlFlow/skips.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { undoesFailure } from '../syntax/leaving.ts';
import { isAsync, memberName, some, strip } from '../syntax/tree.ts';
import { kindOfName } from './names.ts';
import { isSettledBy } from './rejections.ts';
import type { Counter, Update } from './updates.ts';

/** A raise after which some path misses the lowering that others take. */
export interface Unbalanced {
  readonly counter: Counter;
  readonly raise: Update;
  /** The lowering that is missed. */
  readonly lower: Update;
  readonly lowers: readonly Update[];
  readonly skip: Skip;
}

/** The raises of a counter that are not lowered on every path of the function that means to. */
export function unbalancedIn(file: FileAnalysis, counter: Counter): readonly Unbalanced[] {
  const kind = kindOfName(counter.name);
  if (!counter.gauge && kind === 'none') return [];
  const { up, down } = directions(counter, kind === 'capacity');
  if (up.length === 0 || down.length === 0) return [];
  const { graphs } = file.semantics;
  const rootOf = ({ node }: Update): GraphRoot => graphs.rootOf(node);
  const raising = new Set(up.map(rootOf));
  // Lowered where nothing is raised: the duty was handed over.
  if (down.some((update) => !raising.has(rootOf(update))) || isLoweredElsewhere(file, counter)) return [];
  if (!counter.gauge && isIndex(file, counter)) return [];
  return up.flatMap((raise) => {
    const root = rootOf(raise);
    const lowers = down.filter((update) => rootOf(update) === root);
    if (lowers.length === 0 || !isFunction(root) || isLocal(file, counter, root)) return [];
    const skip = skipFrom(file, counter, { raise, lowers, root, inFlight: kind === 'inFlight' || kind === 'capacity' });
    const [lower] = lowers;
    return skip && lower ? [{ counter, raise, lower, lowers, skip }] : [];
  });
}

/** Whether the number says which element is meant: `points[current]` counts nothing. */
function isIndex({ unit }: FileAnalysis, { text }: Counter): boolean {
  return some(
    unit.file,
    (node) => ts.isElementAccessExpression(node) && strip(node.argumentExpression).getText() === text,
  );
}

/** For capacity the direction is the other way round: what is taken lowers it. */
function directions({ updates }: Counter, taken: boolean): { up: readonly Update[]; down: readonly Update[] } {
  const raises = updates.filter(({ does }) => does === 'raise');
  const lowers = updates.filter(({ does }) => does === 'lower');
  return taken ? { up: lowers, down: raises } : { up: raises, down: lowers };
}

interface Candidate {
  readonly raise: Update;
  readonly lowers: readonly Update[];
  readonly root: ts.FunctionLikeDeclaration;
  readonly inFlight: boolean;
}

function skipFrom(file: FileAnalysis, counter: Counter, candidate: Candidate): Skip | undefined {
  const { raise, lowers, root, inFlight } = candidate;
  if ('asteriskToken' in root && root.asteriskToken) return undefined;
  const graph = file.semantics.graphs.of(root);
  if (graph.approximate) return undefined;
  const sets = counter.updates.filter(({ does }) => does === 'set');
  const passes = new Set<ts.Node>([...lowers, ...sets].map(({ node }) => node));
  if (!canFollow(graph, raise.node, new Set(lowers.map(({ node }) => node)))) return undefined;
  const waits = isAsync(root);
  // Without a wait a number is more often a cursor than a count of what is going on.
  if (!waits && !counter.gauge && !inFlight) return undefined;
  const skip = skipOf({
    graph,
    from: raise.node,
    passes,
    throws: (node) => {
      const { kind, syntax } = node;
      if (kind === 'throw') return waits || counter.gauge !== undefined;
      if (kind === 'settle' ? isSettledBy(file.unit, syntax, lowers) : kind !== 'evaluate' || !isWait(syntax))
        return false;
      return /^(?:expected|outside)$/.test(file.semantics.failures.of(node));
    },
  });
  // Lowered only where the work has failed: on success somebody else has taken it over.
  const undone = skip?.end === 'exit' && lowers.every(({ node }) => undoesFailure(node, root));
  return undone ? undefined : skip;
}

const isWait = (node: ts.Node): boolean => ts.isAwaitExpression(node) || ts.isForOfStatement(node);

function isFunction(root: GraphRoot): root is ts.FunctionLikeDeclaration {
  return ts.isFunctionLike(root) && 'body' in root;
}

/** Whether the counter dies with the function's run. */
function isLocal(file: FileAnalysis, counter: Counter, root: ts.FunctionLikeDeclaration): boolean {
  let object = counter.updates[0]?.counter;
  while (object && (ts.isPropertyAccessExpression(object) || ts.isElementAccessExpression(object))) {
    object = strip(object.expression);
  }
  if (!object || !ts.isIdentifier(object)) return false;
  const declaration = file.unit.scopes.bindingOf(object)?.declarations[0];
  if (!declaration || declaration.pos < root.pos || declaration.end > root.end) return false;
  // What a parameter leads to belongs to somebody who lives on.
  return !ts.isParameter(declaration.parent) || object === counter.updates[0]?.counter;
}

/** Whether another file lowers a counter of that name: it may be this one. */
function isLoweredElsewhere({ unit, program }: FileAnalysis, { name, updates }: Counter): boolean {
  const [first] = updates;
  // A plain name is seen by its own file only, unless it is an instrument that others import.
  if (first && memberName(first.counter) === undefined && !first.gauge) return false;
  const word = name.replace(/^#/, '');
  if (name.startsWith('#')) return false;
  const paths = program.host.mentioning(unit.path, word);
  if (paths === undefined) return true;
  const lowering = new RegExp(
    `\\.\\s*${word}\\s*(?:--|-=)|--[\\w.]*\\.${word}\\b|\\b${word}\\s*\\??\\.\\s*(?:dec\\w*\\(|add\\(\\s*-)`,
  );
  return paths.some((path) => path !== unit.path && lowering.test(program.host.read(path) ?? ''));
}
