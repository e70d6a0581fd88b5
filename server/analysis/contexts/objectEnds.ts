import ts from 'typescript';
import { fieldAssignments } from '../inference/members.ts';
import { singletonDecorators } from '../resources/callbacks.ts';
import type { Semantics } from '../semantics/semantics.ts';
import {
  contains,
  enclosingClass,
  enclosingRoot,
  isFunctionLiteral,
  isReturned,
  memberName,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import { constructionsOf } from './callSites.ts';
import { comesAndGoes } from './componentLives.ts';
import { isOwnIn, ownershipTestAround } from './conditionalEnds.ts';
import type { Contexts } from './contexts.ts';
import { type EmitterSource, keptIn, placeGiven, sourceOf } from './emitterSources.ts';
import { latchBetween } from './latches.ts';
import { bodyOf, withOwnCalls } from './ownCalls.ts';
import { boundFunction, type Registration, registrationsOf } from './registrations.ts';
import { endedIfOwn, isFresh, type Removal, removalsOf, sameEmitter } from './removals.ts';
import { decoratorsOf } from './repeated.ts';

/** A method in which the life of an object ends, or one round of its work, while a listener stays. */
export interface ObjectEnd {
  /**
   * `object`: it is over for good · `round`: the object goes on, and the next round adds another listener.
   * `borrowed`: the emitter is ended only where it is the object's own.
   */
  readonly kind: 'object' | 'round' | 'borrowed';
  /** Its name. */
  readonly method: ts.Node;
  /** What the same method does take away. */
  readonly sibling: ts.Node | undefined;
  /** Nobody is seen who makes several of these objects: nothing may grow. */
  readonly alone?: true;
}

type Member = ts.ClassElement & { readonly name: ts.PropertyName };

/** Methods in which the life of an object ends. */
const ends =
  /^_?(?:close|destroy|dispose|asyncDispose|stop|teardown|tearDown|shutdown|terminate|disconnect|detach|cleanup|cleanUp|unmount|uninstall|deactivate|release|onDestroy|onUnmount|onModuleDestroy|ngOnDestroy|componentWillUnmount|disconnectedCallback|willDestroy|beforeDestroy|\[Symbol\.(?:asyncDispose|dispose)\])$/;
/** Those after which an object is not used again. */
const forGood =
  /^_?(?:destroy|dispose|asyncDispose|teardown|tearDown|cleanup|cleanUp|unmount|uninstall|onDestroy|onUnmount|ngOnDestroy|componentWillUnmount|disconnectedCallback|willDestroy|beforeDestroy|\[Symbol\.(?:asyncDispose|dispose)\])$/;
/** Those that frameworks call when a component goes: there are many in the life of a page. */
const byFrameworks = /^(?:ngOnDestroy|componentWillUnmount|disconnectedCallback|willDestroy|beforeDestroy)$/;
/** Methods in which it begins, beside the constructor. */
const begins =
  /^_?(?:init\w*|setup\w*|start|mount|onMount|ngOnInit|ngAfterViewInit|ngAfterContentInit|componentDidMount|connectedCallback|attach\w*|enable|activate|install|open|connect|listen|bind\w*|register\w*|subscribe\w*|onCreate|create\w*|add(?:Event)?Listeners?|addEvents|wire\w*|hook\w*|watch\w*|observe\w*)$/;
/** The beginnings of names of methods that undo each other. */
const pairs: Readonly<Record<string, readonly string[]>> = {
  start: ['stop', 'end', 'finish', 'cancel'],
  begin: ['end', 'stop', 'finish'],
  enable: ['disable'],
  activate: ['deactivate'],
  attach: ['detach'],
  mount: ['unmount'],
  register: ['unregister', 'deregister', 'remove'],
  add: ['remove', 'delete'],
  subscribe: ['unsubscribe'],
  watch: ['unwatch'],
  observe: ['unobserve'],
  track: ['untrack'],
  bind: ['unbind'],
  install: ['uninstall'],
  show: ['hide'],
  open: ['close'],
  connect: ['disconnect'],
  join: ['leave'],
  setup: ['teardown'],
};

/** The end that a listener misses: nothing of what runs there takes it away or ends the emitter. */
export function endLeaving(
  semantics: Semantics,
  contexts: Contexts,
  registration: Registration,
): ObjectEnd | undefined {
  const { call, emitter, handler, api } = registration;
  const owner = enclosingClass(call);
  const member = owner && memberAround(owner, call);
  if (!owner || !member || !reachesObject(registration)) return undefined;
  const own = endedIfOwn(registration);
  const ending = own && owner.members.find((it): it is Member => isNamed(it) && contains(it, own));
  const condition = own && ownershipTestAround(own);
  if (condition && isOwnIn(condition, owner, member)) return undefined;
  if (own && ending && isBeginning(owner, member)) return { kind: 'borrowed', method: ending.name, sibling: own };
  const source = sourceOf(semantics, emitter);
  if (!source) return undefined;
  const round = counterpartOf(owner, member);
  if (round && (api === 'emitter' || isFresh(handler)) && startsRounds(registration, member, source)) {
    const cleanup = withOwnCalls(owner, [round]);
    const repeats = isReset(semantics, registration, owner, cleanup) && isLeftBy(registration, cleanup);
    if (repeats && letsGo(registration, member, cleanup, source) && !isTied(registration, owner, false))
      return { kind: 'round', method: round.name, sibling: undefined };
  }
  if (source === 'field' || !isBeginning(owner, member) || isMadeOnce(semantics, contexts, owner, source, emitter))
    return undefined;
  const found = objectEnd(registration, owner, source);
  if (!found || byFrameworks.test(found.method.getText())) return found;
  return isMadeAgain(semantics, contexts, owner) ? found : { ...found, alone: true };
}

function objectEnd(
  registration: Registration,
  owner: ts.ClassLikeDeclaration,
  source: EmitterSource,
): ObjectEnd | undefined {
  const last = owner.members.filter(
    (it): it is Member =>
      isNamed(it) &&
      ends.test(nameOf(it)) &&
      hasBody(it) &&
      !isListener(owner, it, registration) &&
      !isReopened(owner, it, registration),
  );
  const cleanups = last.map((it) => withOwnCalls(owner, [it]));
  if (!cleanups.every((it) => isLeftBy(registration, it))) return undefined;
  for (const [index, cleanup] of cleanups.entries()) {
    const method = (last[index] as Member).name;
    const sibling = siblingIn(registration, cleanup) ?? leaveIn(registration, cleanup);
    if (source === 'page' && forGood.test(nameOf(last[index] as Member))) return { kind: 'object', method, sibling };
    if (sibling && !isTied(registration, owner, true)) return { kind: 'object', method, sibling };
    if (source === 'shared' && !isTied(registration, owner, false)) return { kind: 'object', method, sibling };
  }
  return undefined;
}

/** Methods after which these begin again: what the constructor registered serves all rounds. */
const reopens: Readonly<Record<string, string>> = {
  close: 'open',
  stop: 'start',
  disconnect: 'connect',
  detach: 'attach',
  deactivate: 'activate',
  unmount: 'mount',
  uninstall: 'install',
};

function isReopened(owner: ts.ClassLikeDeclaration, end: Member, { call }: Registration): boolean {
  const name = nameOf(end);
  const opening = Object.hasOwn(reopens, name) ? reopens[name] : undefined;
  return owner.members.some((it) => isNamed(it) && nameOf(it) === opening && hasBody(it) && !contains(it, call));
}

/** A method that the emitter itself calls: it handles an event of that name. */
function isListener(owner: ts.ClassLikeDeclaration, method: Member, { emitter }: Registration): boolean {
  return registrationsOf(owner.getSourceFile()).some(
    (it) =>
      contains(owner, it.call) &&
      sameEmitter(it.emitter, emitter) &&
      memberName(strip(boundFunction(it.handler) ?? it.handler)) === method.name.getText(),
  );
}

/** Whether the emitter is there before the method runs, and is not made anew by it. */
function startsRounds({ emitter, call }: Registration, member: ts.ClassElement, source: EmitterSource): boolean {
  if (source !== 'field') return true;
  const node = strip(emitter);
  const owner = enclosingClass(call);
  if (!owner || !ts.isPropertyAccessExpression(node)) return false;
  const written = fieldAssignments(owner, node.name.text);
  return written.every(({ left }) => ts.isConstructorDeclaration(memberAround(owner, left) ?? member));
}

/** What a method was given is kept, and the other one gives it up. */
function letsGo(
  { emitter }: Registration,
  member: ts.ClassElement,
  cleanup: readonly ts.Node[],
  source: EmitterSource,
): boolean {
  let base = strip(emitter);
  while (ts.isPropertyAccessExpression(base)) base = strip(base.expression);
  if (!ts.isIdentifier(base) || source === 'page' || source === 'module') return true;
  const place = keptIn(member, base);
  return place !== undefined && cleanup.some((it) => new RegExp(`\\b${place}\\b`).test(it.getText()));
}

function isNamed(member: ts.ClassElement): member is Member {
  return member.name !== undefined;
}

function nameOf({ name }: Member): string {
  return name.getText().replace(/^#/, '');
}

function hasBody(member: ts.ClassElement): boolean {
  return bodyOf(member) !== undefined;
}

function memberAround(owner: ts.ClassLikeDeclaration, node: ts.Node): ts.ClassElement | undefined {
  const member = owner.members.find((it) => contains(it, node));
  const isStatic =
    member !== undefined &&
    ts.canHaveModifiers(member) &&
    ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
  return isStatic ? undefined : member;
}

/** Whether the emitter keeps the object by the listener. */
function reachesObject({ handler }: Registration): boolean {
  return /\bthis\b/.test(handler.getText());
}

/** Events after which an emitter is of no use. */
const terminal = /^(?:close|closed|end|exit|disconnect|disconnected|destroy|destroyed|finish)$/;

/** Whether the emitter's end is heard by the object; `ending`: and ends it. */
function isTied({ emitter }: Registration, owner: ts.ClassLikeDeclaration, ending: boolean): boolean {
  return registrationsOf(owner.getSourceFile()).some((it) => {
    if (!contains(owner, it.call) || !terminal.test(it.eventName ?? '') || !sameEmitter(it.emitter, emitter))
      return false;
    return !ending || endsObject(owner, it.handler);
  });
}

function endsObject(owner: ts.ClassLikeDeclaration, handler: ts.Expression): boolean {
  const bound = strip(boundFunction(handler) ?? handler);
  const method = owner.members.find((it) => it.name?.getText() === memberName(bound) && hasBody(it));
  const parts = method ? withOwnCalls(owner, [method]) : [handler];
  return parts.some((part) => {
    let found = part === method && isNamed(method) && ends.test(nameOf(method));
    walk(part, (node) => {
      if (ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword)
        found ||= ends.test(node.name.text.replace(/^#/, ''));
    });
    return found;
  });
}

/** `stopRecording` of `startRecording`. */
function counterpartOf(owner: ts.ClassLikeDeclaration, member: ts.ClassElement): Member | undefined {
  if (!isNamed(member) || !hasBody(member)) return undefined;
  const [, lead = '', first = '', rest = ''] = /^(_*)([a-z]+)([A-Z]\w*)$/.exec(nameOf(member)) ?? [];
  const others = (Object.hasOwn(pairs, first) ? pairs[first] : undefined) ?? [];
  return owner.members.find(
    (it): it is Member => isNamed(it) && hasBody(it) && others.some((other) => nameOf(it) === lead + other + rest),
  );
}

/** Nothing there ends the emitter, and nobody is handed it. */
function isLeftBy(registration: Registration, cleanup: readonly ts.Node[]): boolean {
  const { emitter, handler, call } = registration;
  // An emitter finds no function without a name by the object that it is told of.
  const isNameless = isFresh(handler) && call.arguments.length === 2;
  let left = true;
  for (const part of cleanup) {
    walk(part, (node) => {
      if (!left || !ts.isCallExpression(node)) return;
      const callee = strip(node.expression);
      const told = ts.isPropertyAccessExpression(callee) && isSame(strip(callee.expression), emitter);
      const isHanded = node.arguments.some((it) => strip(it).kind === ts.SyntaxKind.ThisKeyword);
      if (node.arguments.some((it) => isSame(strip(it), emitter)) || (isHanded && !(told && isNameless))) left = false;
      // `super.destroy()` may know of it.
      if (ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.SuperKeyword) left = false;
      else if (ts.isPropertyAccessExpression(callee) && isSame(strip(callee.expression), emitter))
        left &&= !isEnd.test(callee.name.text) && (!isTaking.test(callee.name.text) || isOther(registration, node));
    });
  }
  return left;
}

const isEnd = /^(?:close|destroy|terminate|end|disconnect|kill|dispose|quit|stop)$/;
const isTaking = /^(?:remove|off|un|clear)/;

/** The removal of a listener of another event. */
function isOther({ event, eventName }: Registration, { arguments: given }: ts.CallExpression): boolean {
  const [other, handler] = given;
  if (!other || !handler) return false;
  if (eventName !== undefined && ts.isStringLiteralLike(other)) return other.text !== eventName;
  return ts.isPropertyAccessExpression(event) && other.getText() !== event.getText();
}

function isSame(node: ts.Expression, emitter: ts.Expression): boolean {
  const isName = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node);
  return isName && sameEmitter(node, emitter);
}

/** Where the same end takes something else away from what the object was given. */
function siblingIn(registration: Registration, cleanup: readonly ts.Node[]): ts.Node | undefined {
  const removal = removalsOf(registration.call.getSourceFile()).find(
    (it) => cleanup.some((part) => contains(part, it.call)) && isGivenAway(it),
  );
  return removal?.token;
}

/** `emitter.detach(this)`: the emitter is told that the object goes, and lives on. */
function leaveIn({ emitter }: Registration, cleanup: readonly ts.Node[]): ts.Node | undefined {
  let found: ts.Node | undefined;
  for (const part of cleanup) {
    walk(part, (node) => {
      const callee = ts.isCallExpression(node) ? strip(node.expression) : undefined;
      if (found || !ts.isCallExpression(node) || !callee || !ts.isPropertyAccessExpression(callee)) return;
      const isTold = node.arguments.some((it) => strip(it).kind === ts.SyntaxKind.ThisKeyword);
      if (isTold && isSame(strip(callee.expression), emitter)) found = callee.name;
    });
  }
  return found;
}

/** A removal by reference, from something else than the object itself. */
function isGivenAway({ emitter, handler }: Removal): boolean {
  return handler !== undefined && strip(emitter).kind !== ts.SyntaxKind.ThisKeyword;
}

/** The constructor, a method that begins, or one that only these call. */
function isBeginning(owner: ts.ClassLikeDeclaration, member: ts.ClassElement, depth = 0): boolean {
  if (ts.isConstructorDeclaration(member) || ts.isPropertyDeclaration(member)) return !hasBody(member) || depth === 0;
  if (!isNamed(member)) return false;
  const name = nameOf(member);
  if (begins.test(name)) return true;
  if (depth > 2) return false;
  let called = false;
  walk(owner, (node) => {
    if (called || !ts.isPropertyAccessExpression(node) || node.expression.kind !== ts.SyntaxKind.ThisKeyword) return;
    if (node.name.text.replace(/^#/, '') !== name || !ts.isCallExpression(node.parent)) return;
    const caller = memberAround(owner, node);
    called = caller !== undefined && caller !== member && isBeginning(owner, caller, depth + 1);
  });
  return called;
}

/**
 * An object of which the program makes one, when it starts. Of what is called like something that serves many, and may
 * serve this one only, somebody must be seen who makes another.
 */
function isMadeOnce(
  semantics: Semantics,
  contexts: Contexts,
  owner: ts.ClassLikeDeclaration,
  source: EmitterSource,
  emitter: ts.Expression,
): boolean {
  if (decoratorsOf(owner).some((it) => singletonDecorators.test(it))) return true;
  const { uses } = constructionsOf(semantics, owner, true);
  const place = placeGiven(semantics, emitter);
  return (
    uses.length > 0 &&
    uses.every((use) => {
      if (use.kind !== 'call') return false;
      if (ts.isSourceFile(enclosingRoot(use.call)) || isMadeByEmitter(use.call, place)) return true;
      // What a function makes for its callers, they may make as often as they like.
      return source === 'shared' && !isReturned(use.call) && !contexts.repeated.of(use.call);
    })
  );
}

/** `this.ping = new Ping(this)`, where the emitter begins: it has one, which goes with it. */
function isMadeByEmitter(made: ts.CallExpression | ts.NewExpression, place: number): boolean {
  const maker = enclosingClass(made);
  const member = made.arguments?.[place]?.kind === ts.SyntaxKind.ThisKeyword && maker && memberAround(maker, made);
  return member ? isBeginning(maker as ts.ClassLikeDeclaration, member) : false;
}

/** Whether it is seen that there is more than one such object: a plugin is made by its host, with what the host has. */
function isMadeAgain(semantics: Semantics, contexts: Contexts, owner: ts.ClassLikeDeclaration): boolean {
  const made = constructionsOf(semantics, owner, true).uses.flatMap((use) => (use.kind === 'call' ? [use.call] : []));
  if (made.length > 0)
    return made.some((call) => {
      const times = contexts.repeated.of(call)?.times ?? 'element';
      if (times === 'component') return !contexts.rootComponents.contains(call) && comesAndGoes(semantics, call);
      return times !== 'element' || isForOthers(semantics, call);
    });
  const uses = semantics.references.usesOf(owner);
  return uses !== 'unknown' && !uses.exposed && uses.values.length === 0;
}

/** What a function makes for its callers, none of whom is seen: they may make as many as they like. */
function isForOthers(semantics: Semantics, made: ts.CallExpression | ts.NewExpression): boolean {
  const root = enclosingRoot(made);
  if (!isReturned(made) || ts.isSourceFile(root) || ts.isClassStaticBlockDeclaration(root)) return false;
  // `useState(() => new Connection())`: who is handed it is seen.
  if (isFunctionLiteral(root) && ts.isCallExpression(unstrip(root).parent)) return false;
  const uses = semantics.references.usesOf(root);
  return uses === 'unknown' || !uses.calls.some(({ certain }) => certain);
}

/** What a latch in front of the registration remembers is forgotten at the end; without a latch there is nothing to forget. */
function isReset(
  semantics: Semantics,
  { call }: Registration,
  owner: ts.ClassLikeDeclaration,
  cleanup: readonly ts.Node[],
): boolean {
  const root = enclosingRoot(call);
  for (let child: ts.Node = call; child !== root; child = child.parent) {
    const latch = latchBetween(semantics, child, child.parent, root);
    if (!latch) continue;
    const [, field = ''] = /^this\.(#?\w+)/.exec(latch.place) ?? [];
    return fieldAssignments(owner, field).some(({ left }) => cleanup.some((part) => contains(part, left)));
  }
  return true;
}
