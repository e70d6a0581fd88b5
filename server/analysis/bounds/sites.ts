import semver from 'semver';
import ts from 'typescript';
import type { Inference } from '../inference/inference.ts';
import { type Known, libraryType } from '../inference/known.ts';
import type { ModelIndex } from '../inference/modelIndex.ts';
import { siteName } from '../inference/modelIndex.ts';
import type { AcquireSite, LibraryModel, Wait } from '../resources/model.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { callKinds, walkKinds } from '../syntax/nodes.ts';
import { initialOf } from '../syntax/scopes.ts';
import { calleeName, receiver, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { chosenWait } from './chosen.ts';
import { isShaped } from './shapes.ts';

export type Call = ts.CallExpression | ts.NewExpression;

/** A call of which a model says that it waits. */
export interface WaitSite {
  readonly call: Call;
  readonly model: LibraryModel;
  readonly wait: Wait;
  /** It is told by its shape alone, or not all of its options are known. */
  readonly guessed?: true;
}

export interface ModelledWait {
  readonly model: LibraryModel;
  readonly wait: Wait;
}

/** The waits of all models, by what a call of them is recognised by. */
interface WaitIndex {
  readonly methods: ReadonlyMap<string, readonly ModelledWait[]>;
  /** Functions and classes: they are passed on under other names. */
  readonly values: readonly ModelledWait[];
  readonly names: ReadonlySet<string>;
  /** Those that can be told by their shape. */
  readonly shapes: ReadonlyMap<string, ModelledWait>;
}

const indices = new WeakMap<ModelIndex, WaitIndex>();

function indexOf(models: ModelIndex): WaitIndex {
  let index = indices.get(models);
  if (!index) {
    const all = models.models.flatMap((model) => (model.waits ?? []).map((wait) => ({ model, wait })));
    const methods = new Map<string, ModelledWait[]>();
    for (const each of all) {
      const { at } = each.wait;
      if ('member' in at) methods.set(at.member, [...(methods.get(at.member) ?? []), each]);
    }
    const values = all.filter(({ wait: { at } }) => !('member' in at));
    const shapes = new Map<string, ModelledWait>();
    for (const each of all) {
      const name = siteName(each.wait.at);
      if (each.wait.shape && !shapes.has(name)) shapes.set(name, each);
    }
    index = { methods, values, names: new Set(values.map(({ wait }) => siteName(wait.at))), shapes };
    indices.set(models, index);
  }
  return index;
}

/** The calls of a file that wait, in source order. */
export function findWaits({ inference, models }: Semantics, unit: SourceUnit): readonly WaitSite[] {
  const { methods, values, names, shapes } = indexOf(models);
  const sites: WaitSite[] = [];
  walkKinds(unit.file, callKinds, (node) => {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
    const name = calleeName(node)?.text;
    if (name === undefined) {
      const chosen = chosenWait(inference, node, methods);
      if (chosen && hasVersion(inference, unit, chosen.model, chosen.wait.versions))
        sites.push({ ...chosen, call: node });
      return;
    }
    const match =
      methods.get(name)?.find(({ model, wait }) => isAt(inference, node, model, wait.at)) ??
      (mayBeValue(inference, node, name, names)
        ? values.find(({ model, wait }) => isAt(inference, node, model, wait.at))
        : undefined);
    if (match && hasVersion(inference, unit, match.model, match.wait.versions)) sites.push({ ...match, call: node });
    const shaped = match ? undefined : shapes.get(name);
    if (shaped?.wait.shape && !isKnown(inference, node) && isShaped(unit, node, shaped.model, shaped.wait.shape))
      sites.push({ ...shaped, call: node, guessed: true });
  });
  return sites;
}

/** Whether anything is known of what a method is called on. */
function isKnown(inference: Inference, call: Call): boolean {
  const owner = receiver(call);
  return owner !== undefined && inference.evaluate(owner) !== undefined;
}

/** Whether a library's function or class may be called here, under any name. */
function mayBeValue(inference: Inference, call: Call, name: string, names: ReadonlySet<string>): boolean {
  const lower = name.toLowerCase();
  const usual = names.has(name) || ts.isIdentifier(strip(call.expression)) || /fetch|request|client/.test(lower);
  if (!usual) return false;
  const known = inference.evaluate(call.expression) ?? promisified(inference, call.expression);
  return known?.kind === 'library' || known?.kind === 'class';
}

/** Whether a call is one of the site, by imports, `new`, annotations and globals. */
export function isAt(inference: Inference, call: Call, model: LibraryModel, at: AcquireSite): boolean {
  if ('member' in at) {
    if (calleeName(call)?.text !== at.member) return false;
    const owner = receiver(call);
    const type = owner && typeOf(inference, inference.evaluate(owner));
    return type?.model === model && inference.models.isA(type, at.type);
  }
  const callee = inference.evaluate(call.expression) ?? promisified(inference, call.expression);
  if (callee?.kind === 'class' && 'construct' in at) {
    const type = typeOf(inference, { kind: 'instance', class: callee.class });
    return type?.model === model && inference.models.isA(type, at.construct);
  }
  if (callee?.kind !== 'library' || callee.model !== model) return false;
  const shape = plain(callee);
  if ('global' in at) return shape === model.globals?.[at.global];
  if ('export' in at) {
    // Models may describe a method and a function by one shape.
    const owner = receiver(call);
    if (owner && libraryType(inference.evaluate(owner))) return false;
    return shape === model.modules[at.module]?.[at.export] && ts.isCallExpression(call) === !('class' in shape);
  }
  if ('construct' in at) return ts.isNewExpression(call) && 'class' in shape && shape.class === at.construct;
  return ts.isCallExpression(call) && 'value' in shape && inference.models.isA({ model, type: shape.value }, at.call);
}

/** `const run = promisify(exec)`: a call of it is one of the function. */
function promisified(inference: Inference, callee: ts.Expression): Known | undefined {
  let made = strip(callee);
  if (ts.isIdentifier(made)) {
    const initial = initialOf(inference.program.unitOf(made).scopes.bindingOf(made));
    if (!initial) return undefined;
    made = initial;
  }
  const [fn] = ts.isCallExpression(made) && calleeName(made)?.text === 'promisify' ? made.arguments : [];
  return fn && inference.evaluate(fn);
}

/** What a CommonJS module is: its default export. */
function plain({ shape }: Extract<Known, { kind: 'library' }>): Extract<Known, { kind: 'library' }>['shape'] {
  return 'namespace' in shape && shape.namespace.default ? shape.namespace.default : shape;
}

/** The library's type of a value, also of an instance of a class that extends it. */
export function typeOf(
  inference: Inference,
  known: Known | undefined,
): { readonly model: LibraryModel; readonly type: string } | undefined {
  if (known?.kind === 'library') return libraryType({ ...known, shape: plain(known) });
  if (known?.kind !== 'instance') return undefined;
  const base = known.class.heritageClauses?.find((h) => h.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  const parent = base && inference.evaluate(base.expression);
  if (parent?.kind === 'class') return typeOf(inference, { kind: 'instance', class: parent.class });
  if (parent?.kind === 'library' && 'class' in parent.shape) return { model: parent.model, type: parent.shape.class };
  return undefined;
}

/** Whether the installed version lies in the range; one that nobody knows does. */
export function hasVersion(
  { program }: Inference,
  unit: SourceUnit,
  model: LibraryModel,
  range: string | undefined,
): boolean {
  const version = range === undefined ? undefined : versionOf(program, unit, model);
  return range === undefined || version === undefined || semver.satisfies(version, range, { includePrerelease: true });
}

/** The installed version of the library, where it is known. */
export function versionOf(
  { host }: Inference['program'],
  unit: SourceUnit,
  { packages }: LibraryModel,
): string | undefined {
  for (const { name } of packages) {
    const version = host.packageVersion(unit.path, name);
    if (version) return version;
  }
  return undefined;
}
