import semver from 'semver';
import ts from 'typescript';
import type { Confidence } from '../finding.ts';
import { acquiresAsCalled } from '../inference/callConditions.ts';
import type { Inference } from '../inference/inference.ts';
import { callable, type Known, type LibraryType, libraryType, staticsOf } from '../inference/known.ts';
import type { ModelledAcquisition } from '../inference/modelIndex.ts';
import { startsStatement } from '../inference/statements.ts';
import type { Acquisition, LibraryModel } from '../resources/model.ts';
import { callKinds, readIn } from '../syntax/nodes.ts';
import { callbackOf, calleeName, isFunctionLiteral, memberName, receiver, strip, unstrip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

type Call = ts.CallExpression | ts.NewExpression;

/** A call of which the models say that it acquires. */
export interface Site extends ModelledAcquisition {
  readonly call: Call;
  readonly confidence: Confidence;
}

/** Finds the calls of a file that acquire by a library's model. */
export function findSites(inference: Inference, unit: SourceUnit): readonly Site[] {
  const sites: Site[] = [];
  const defaults = defaultsIn(inference, unit);
  const open: { call: Call; candidates: readonly ModelledAcquisition[] }[] = [];
  const mayOwe = owing(unit);
  const isMocked = mocking(unit);
  for (const { node, name } of readIn(unit.file, callKinds, namedCall)) {
    const named = name === undefined ? undefined : inference.models.acquireNames.get(name);
    const candidates = [...(named ?? []), ...defaults(node)].filter(
      (candidate) =>
        mayOwe(candidate.acquisition) &&
        !isMocked(candidate.model) &&
        mayAcquire(inference, node, candidate.acquisition) &&
        isInstalled(inference, unit, candidate),
    );
    if (candidates.length === 0) continue;
    const match = byReading(inference, node, candidates);
    if (match === 'unknown') open.push({ call: node, candidates });
    else if (match) sites.push({ ...match, call: node, confidence: 'proven' });
  }
  const asked = open.filter(({ candidates }) => candidates.some((c) => isDeclared(inference, unit, c)));
  const positions = asked.map(({ call }) => ({ position: calleeName(call)?.getStart() ?? 0, aspects: [] }));
  const facts = asked.length > 0 ? inference.program.host.facts(unit.path, positions) : [];
  for (const each of open) {
    const { call, candidates } = each;
    const declaration = facts[asked.indexOf(each)]?.declaration;
    if (declaration) {
      const type = inference.models.typeOf(declaration);
      const match = candidates.find(
        (c) =>
          (type?.model === c.model && matchesType(inference, type, c.acquisition)) ||
          inference.models.declaresExport(declaration, c),
      );
      if (match) sites.push({ ...match, call, confidence: 'proven' });
    } else {
      const match = byConvention(inference, unit, call, candidates);
      if (match) sites.push({ ...match, call });
    }
  }
  return sites.sort((a, b) => a.call.getStart() - b.call.getStart());
}

const namedCall = (node: ts.Node): { readonly node: Call; readonly name: string | undefined } => ({
  node: node as Call,
  name: calleeName(node as Call)?.text,
});

/** Whether declarations of the library can be there at all: types know nothing of what is not installed. */
function isDeclared({ program }: Inference, { path }: SourceUnit, { model }: ModelledAcquisition): boolean {
  const isInstalled = (name: string): boolean => program.host.packageVersion(path, name) !== undefined;
  return model.packages.some(({ name }) => name === 'node' || isInstalled(name) || isInstalled(typings(name)));
}

/** The package that declares another one. */
const typings = (name: string): string => `@types/${name.replace(/^@/, '').replace('/', '__')}`;

/** Finds what a call of a name may acquire that the file gave to the default export of a module. */
function defaultsIn(
  { models }: Inference,
  { text, scopes }: SourceUnit,
): (call: Call) => readonly ModelledAcquisition[] {
  const imported = [...models.acquiringDefaults].filter(([module]) => text.includes(module));
  const candidates = imported.flatMap(([, acquisitions]) => acquisitions);
  return ({ expression }) =>
    candidates.length > 0 && ts.isIdentifier(expression) && scopes.bindingOf(expression) ? candidates : [];
}

/** Tests whether the file puts something else in the place of a library, as tests do: then nothing is acquired. */
export function mocking({ text }: SourceUnit): (model: LibraryModel) => boolean {
  const mocks = mockWords.some((word) => text.includes(word)) ? text.matchAll(mock) : [];
  const mocked = new Set([...mocks].map(([, specifier]) => specifier?.replace(/^node:/, '')));
  return ({ packages, modules }) =>
    mocked.size > 0 &&
    (packages.some(({ name }) => mocked.has(name)) || Object.keys(modules).some((module) => mocked.has(module)));
}

/** One of these is in every text that `mock` finds anything in; to look for words is many times faster. */
const mockWords = ['mock', 'Mock', 'td.replace', 'quibble'];
const mock = /\b(?:(?:jest|vi)\.(?:do)?[mM]ock|mock\.module|td\.replace(?:Esm)?|quibble)\(\s*['"`]([^'"`]+)['"`]/g;

/** Tests whether the file holds the release without which there is no duty. */
function owing({ text }: SourceUnit): (acquisition: Acquisition) => boolean {
  const held = new Map<string, boolean>();
  return ({ onlyIfReleased, lifetime, preferred }) => {
    // One that lives as long as the application may be made again and again, which no release is needed to see.
    if (!onlyIfReleased || lifetime === 'application' || !('name' in preferred)) return true;
    const known = held.get(preferred.name);
    const holds = known ?? text.includes(preferred.name);
    if (known === undefined) held.set(preferred.name, holds);
    return holds;
  };
}

/** Whether a call acquires as far as its arguments tell. */
function mayAcquire(inference: Inference, call: Call, acquisition: Acquisition): boolean {
  const statement = 'member' in acquisition.at ? acquisition.at.statement : undefined;
  if (statement && !startsStatement(inference.program, call, statement)) return false;
  return acquiresAsCalled(inference, call, acquisition);
}

/** Whether the installed version of the library has the acquisition. A version that nobody knows may have it. */
function isInstalled({ program }: Inference, unit: SourceUnit, { model, acquisition }: ModelledAcquisition): boolean {
  return model.packages.some(({ name, versions }) => {
    const ranges = [versions, acquisition.versions].filter((range) => range !== undefined);
    const version = ranges.length > 0 ? program.host.packageVersion(unit.path, name) : undefined;
    return (
      version === undefined || ranges.every((range) => semver.satisfies(version, range, { includePrerelease: true }))
    );
  });
}

/** Decides by imports, `new` and annotations; `unknown` when they do not tell what the receiver is. */
function byReading(
  inference: Inference,
  call: Call,
  candidates: readonly ModelledAcquisition[],
): ModelledAcquisition | 'unknown' | undefined {
  const owner = ts.isCallExpression(call) ? receiver(call) : undefined;
  const known = inference.evaluate(owner ?? call.expression);
  if (!known) return owner ? 'unknown' : undefined;
  const type = owner ? typeOf(inference, known) : undefined;
  if (type) {
    const match = candidates.find((c) => type.model === c.model && matchesType(inference, type, c.acquisition));
    // A field may hold values of several types; one that has no such member is not the one that is meant.
    return match ?? (inference.models.member(type, calleeName(call)?.text ?? '') ? undefined : 'unknown');
  }
  const callee = callable(owner ? inference.evaluate(call.expression) : known);
  if (callee?.kind !== 'library') return undefined;
  return candidates.find(({ model, acquisition }) => {
    if (callee.model !== model) return false;
    const { at } = acquisition;
    if ('export' in at) return callee.shape === model.modules[at.module]?.[at.export];
    if ('global' in at) return callee.shape === model.globals?.[at.global];
    return 'construct' in at && 'class' in callee.shape && callee.shape.class === at.construct;
  });
}

/** The library's type of a value, also of an instance of a class that extends it. */
function typeOf(inference: Inference, known: Known): LibraryType | undefined {
  if (known.kind !== 'instance') return libraryType(known) ?? staticsOf(known);
  const base = known.class.heritageClauses?.find((h) => h.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  const parent = base && inference.evaluate(base.expression);
  if (parent?.kind === 'class') return typeOf(inference, { kind: 'instance', class: parent.class });
  if (parent?.kind === 'library' && 'class' in parent.shape) return { model: parent.model, type: parent.shape.class };
  return undefined;
}

function matchesType(inference: Inference, type: LibraryType, { at }: Acquisition): boolean {
  return 'type' in at && inference.models.isA(type, at.type);
}

/** The last resort: receiver and member are called as everybody calls them, and a package of the model is there. */
function byConvention(
  inference: Inference,
  unit: SourceUnit,
  call: Call,
  candidates: readonly ModelledAcquisition[],
): (ModelledAcquisition & { readonly confidence: Confidence }) | undefined {
  const name = receiverName(call);
  if (name === undefined) return undefined;
  const last = callbackOf(call);
  const callsBack = last !== undefined && isFunctionLiteral(strip(last));
  const usual = candidates.filter(
    ({ acquisition }) =>
      acquisition.conventional?.receiver.test(name) &&
      acquisition.yields.some((y) => y.via === 'receiver' || (y.via === 'callback') === callsBack) &&
      mayYield(call, acquisition),
  );
  // A file that imports the library calls its pool a pool.
  const imported = usual.find(({ model }) => model.packages.some((p) => isImported(unit, p.name)));
  if (imported) return { ...imported, confidence: 'likely' };
  const { host } = inference.program;
  const isInstalled = (name: string): boolean => host.packageVersion(unit.path, name) !== undefined;
  const installed = usual.find(({ model }) => model.packages.some((p) => isInstalled(p.name)));
  return installed && { ...installed, confidence: 'possible' };
}

/** Whether the code uses the value as the acquisition gives it: what comes by promise is waited for before it is used. */
function mayYield(call: Call, { yields }: Acquisition): boolean {
  const { parent } = unstrip(call);
  const isUsedAtOnce = ts.isPropertyAccessExpression(parent) && !/^(then|catch|finally)$/.test(parent.name.text);
  return !isUsedAtOnce || yields.some((y) => y.via !== 'promise');
}

function isImported(unit: SourceUnit, packageName: string): boolean {
  return ["'", '"', '`'].some((quote) =>
    [quote, '/'].some((end) => unit.text.includes(`${quote}${packageName}${end}`)),
  );
}

/** The last name of what the member is called on: `pool` of `this.pool.connect()`, `getPool` of `getPool().connect()`. */
function receiverName(call: Call): string | undefined {
  const owner = receiver(call);
  const base = owner && strip(owner);
  if (!base) return undefined;
  if (ts.isIdentifier(base)) return base.text;
  return ts.isCallExpression(base) ? calleeName(base)?.text : memberName(base);
}
