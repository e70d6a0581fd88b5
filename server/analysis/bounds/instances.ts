import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { WitnessStep } from '../finding.ts';
import { acquisitionSpan, lineSpan } from '../ownership/witness.ts';
import type { Wait, WaitDefaults } from '../resources/model.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { callKinds, walkKinds } from '../syntax/nodes.ts';
import { calleeName, enclosingRoot, isReturned, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { Defaults } from './defaults.ts';
import { areCallsLimited } from './importers.ts';
import { Options } from './options.ts';
import { type Call, isAt } from './sites.ts';
import type { JudgedWait } from './waits.ts';

/** An object through which requests go that nothing bounds, neither it nor they. */
export interface UnboundedInstance {
  /** The call that makes it. */
  readonly call: Call;
  /** One of its waits. */
  readonly first: Pick<JudgedWait, 'model' | 'wait'>;
  readonly count: number;
  /** The argument of the call that holds its options. */
  readonly options: number;
  /** The options that together bound every call. */
  readonly preferred: readonly string[];
  readonly steps: readonly WitnessStep[];
}

/** Instances without a bound that the file hands out and does not use itself: their calls stand in other files. */
export function exportedInstances(file: FileAnalysis): readonly UnboundedInstance[] {
  const { semantics, unit } = file;
  const makers = semantics.models.models.flatMap((model) =>
    (model.defaults ?? []).flatMap((defaults) => {
      const [wait] = model.waits ?? [];
      return wait && defaults.reach === 'instance' && defaults.hooks ? [{ model, defaults, wait }] : [];
    }),
  );
  const found: UnboundedInstance[] = [];
  const lookUp = new Defaults(semantics, new Options(semantics));
  walkKinds(unit.file, callKinds, (node) => {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
    const name = calleeName(node)?.text;
    const handedOut = name === undefined ? undefined : (exportedName(unit, node) ?? returnedBy(file, node));
    if (!handedOut) return;
    const maker = makers.find(({ model, defaults }) => isAt(semantics.inference, node, model, defaults.at));
    if (!maker) return;
    const { model, defaults, wait } = maker;
    const methods = (model.waits ?? []).flatMap(({ at }) => ('member' in at ? [at.member] : []));
    if (areCallsLimited(file.program, unit, methods)) return;
    const bounds = wait.bounds.filter(({ carrier }) => !carrier);
    if (lookUp.ofReceiver(node, model, bounds).state !== 'unbounded') return;
    const { path } = unit;
    found.push({
      call: node,
      first: { model, wait },
      count: 0,
      options: defaults.options,
      preferred: preferredOf(defaults, wait),
      steps: [
        { path, span: acquisitionSpan(node), label: 'made here without a timeout' },
        { path, span: lineSpan(handedOut), label: 'and handed out: its calls stand in other files' },
      ],
    });
  });
  return found;
}

/** The name under which the value of a call leaves the file. */
function exportedName({ exports }: SourceUnit, call: Call): ts.Node | undefined {
  const { parent } = unstrip(call);
  for (const exported of exports.named.values()) {
    if (!('node' in exported)) continue;
    if (exported.node === unstrip(call) || exported.node === call) return call;
    if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) continue;
    // `export default api`, `export { api }`, `export const api`.
    if (ts.isIdentifier(exported.node) && exported.node.text === parent.name.text) return parent.name;
  }
  return undefined;
}

/** What returns the instance to code of other files: the `return` of an exported function that makes one. */
function returnedBy({ semantics, unit }: FileAnalysis, call: Call): ts.Node | undefined {
  const root = enclosingRoot(call);
  if (!ts.isFunctionLike(root) || !isExportedFunction(unit, root)) return undefined;
  const outer = unstrip(call);
  const { parent } = outer;
  if (isReturned(outer)) return isCalledWithBound(semantics, root) ? undefined : call;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return undefined;
  const returned = unit.scopes.bindingOf(parent.name)?.references.find((reference) => isReturned(reference));
  return returned && !isCalledWithBound(semantics, root) ? returned : undefined;
}

function isExportedFunction({ exports }: SourceUnit, fn: ts.Node): boolean {
  return [...exports.named.values()].some((exported) => {
    if (!('node' in exported)) return false;
    const { node } = exported;
    if (node === fn) return true;
    const name = ts.isFunctionDeclaration(fn)
      ? fn.name
      : ts.isVariableDeclaration(fn.parent)
        ? fn.parent.name
        : undefined;
    return name !== undefined && ts.isIdentifier(name) && ts.isIdentifier(node) && node.text === name.text;
  });
}

/** Whether a file that calls the function speaks of a limit: it may give one to what it gets. */
function isCalledWithBound({ references }: Semantics, fn: ts.SignatureDeclaration): boolean {
  if (!('body' in fn)) return true;
  const uses = references.usesOf(fn as ts.FunctionLikeDeclaration);
  if (uses === 'unknown') return true;
  return [...uses.calls, ...uses.values].some(({ unit }) =>
    /\b(?:timeout|signal|AbortSignal|deadline)\b/i.test(unit.text),
  );
}

function preferredOf({ preferred }: WaitDefaults, wait: Wait): readonly string[] {
  return preferred ?? (wait.preferred === undefined || wait.preferred === 'signal' ? [] : [wait.preferred]);
}

/** How many of its calls the witness shows. */
const shown = 3;

/** The file's own instances without a bound that unbounded waits go through: one finding for all their calls. */
export function unboundedInstances(file: FileAnalysis, waits: readonly JudgedWait[]): readonly UnboundedInstance[] {
  const byInstance = new Map<Call, { readonly defaults: WaitDefaults; readonly judged: JudgedWait[] }>();
  for (const judged of waits) {
    const { instance, missing } = judged;
    if (!instance || missing.length === 0) continue;
    const { call, defaults } = instance;
    byInstance.set(call, { defaults, judged: [...(byInstance.get(call)?.judged ?? []), judged] });
  }
  const { path } = file.unit;
  return [...byInstance]
    .filter(([call]) => call.getSourceFile() === file.unit.file)
    .map(([call, { defaults, judged }]) => ({
      call,
      first: judged[0] as JudgedWait,
      count: judged.length,
      options: defaults.options,
      preferred: preferredOf(defaults, (judged[0] as JudgedWait).wait),
      steps: [
        { path, span: acquisitionSpan(call), label: 'made here without a timeout' },
        ...judged
          .slice(0, shown)
          .map((wait) => ({ path, span: acquisitionSpan(wait.call), label: 'waits here for as long as it takes' })),
      ],
    }));
}
