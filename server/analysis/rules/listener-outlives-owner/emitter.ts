import ts from 'typescript';
import { takerOf } from '../../contexts/calledBack.ts';
import { usesOf } from '../../contexts/callSites.ts';
import { comesAndGoes } from '../../contexts/componentLives.ts';
import type { Lifetime } from '../../contexts/lifetimes.ts';
import { lastNameOf } from '../../contexts/lifetimes.ts';
import { isForSeldomKind } from '../../contexts/messageKinds.ts';
import { eventText, type Registration, registrationAt, registrationsOf } from '../../contexts/registrations.ts';
import { functionOf, isFresh, removalsOf, sameEmitter } from '../../contexts/removals.ts';
import { type Repetition, spanOf } from '../../contexts/repeated.ts';
import { dependsOn, listenerReport, repetitionConfidence } from '../../contexts/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Confidence, Message, Report, WitnessStep } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { removeWithOwner } from '../../fixes/removeWithOwner.ts';
import { registerOnce } from '../../fixes/subscribeOnce.ts';
import {
  calleeName,
  contains,
  enclosingRoot,
  isFunctionLiteral,
  isReturned,
  receiver,
  shortText,
  some,
  strip,
} from '../../syntax/tree.ts';

/** A listener that code which runs again and again adds to an emitter that outlives each run. */
export function emitterListener(file: FileAnalysis, registration: Registration): Report | undefined {
  const { emitter, call, handler, api } = registration;
  const contexts = file.contexts;
  const innermost =
    contexts.repeatedInFile.of(call) ??
    (contexts.lifetimes.mayOutliveCalls(emitter) ? contexts.repeated.of(call) : undefined);
  const repetition = innermost?.times === 'element' ? aroundElements(file, registration, innermost) : innermost;
  if (!repetition || repetition.times === 'element') return undefined;
  if (isForOtherCaller(file, call)) return undefined;
  const lifetime = contexts.lifetimes.outlives(emitter, repetition);
  if (!lifetime) return undefined;
  // An event target takes the same function only once.
  if (api === 'target' && !isFresh(handler) && !dependsOn(file, handler, repetition.region)) return undefined;
  if (repetition.times === 'event' && isOwnFewEvents(file, repetition, lifetime)) return undefined;
  if (repetition.times === 'component' && (isOfRoot(file, call, repetition) || isEndedByCleanup(registration)))
    return undefined;
  const isSeen =
    repetition.times === 'component'
      ? comesAndGoes(file.semantics, call)
      : repetition.times !== 'event' || !isForSeldomKind(call, repetition);
  const isSure = isSeen && (api === 'target' || isEmitter(file, emitter));
  const confidence = isSure ? repetitionConfidence(repetition) : 'possible';
  const steps: WitnessStep[] = [...repetition.steps];
  if (lifetime.declared) {
    const path = lifetime.declared.getSourceFile().fileName;
    steps.push({ path, span: spanOf(lifetime.declared), label: `the emitter ${lifetime.why}` });
  }
  const found = listenerReport(file, registration, {
    rule: 'listener-outlives-owner',
    severity: 'warning',
    confidence: weaker(confidence),
    message: messageOf(registration, repetition, lifetime),
    steps,
  });
  const plans = [registerOnce(file, registration), removeWithOwner(file, registration, repetition)];
  return { ...found, fixes: fixesOf(file.unit.path, plans) };
}

/** Whether the only component that brings the code about is one that a page has once. */
function isOfRoot({ contexts }: FileAnalysis, call: ts.Node, { hops }: Repetition): boolean {
  return contexts.rootComponents.contains(hops.at(-1)?.call ?? call);
}

/** Whether what the effect returns ends the emitter: `return () => socket.disconnect()`. */
function isEndedByCleanup({ call, emitter }: Registration): boolean {
  const effect = enclosingRoot(call);
  return (
    isFunctionLiteral(effect) &&
    some(effect, (node) => {
      if (!ts.isCallExpression(node) || !ending.test(calleeName(node)?.text ?? '')) return false;
      const ended = receiver(node);
      const cleanup = enclosingRoot(node);
      return (
        ended !== undefined &&
        sameEmitter(ended, emitter) &&
        isFunctionLiteral(cleanup) &&
        enclosingRoot(cleanup.parent) === effect &&
        isReturned(cleanup)
      );
    })
  );
}

const ending = /^(?:close|destroy|disconnect|dispose|end|kill|stop|terminate|removeAllListeners|offAny)$/;

/** What repeats a loop over the events of a list; what loops add, loops may remove, by names that differ. */
function aroundElements(
  file: FileAnalysis,
  { emitter, call }: Registration,
  { region, hops, entered, steps }: Repetition,
): Repetition | undefined {
  const isRemoved = removalsOf(file.unit.file).some((it) => sameEmitter(it.emitter, emitter));
  const around = isRemoved ? undefined : file.contexts.repeated.of(region);
  if (!around || contains(region, call)) return around;
  // `for (const message of parts(data)) handle(socket, message);`
  return {
    ...around,
    hops: [...hops, ...around.hops],
    entered: [...entered, ...around.entered],
    steps: [...steps, ...around.steps],
  };
}

/** Whether each message that comes over an emitter, as long as it lives, adds the listener: `socket.on('data', …)`. */
export function comesWithEach(file: FileAnalysis, registration: Registration): boolean {
  if (registration.api !== 'emitter') return false;
  const innermost = file.contexts.repeatedInFile.of(registration.call);
  const repetition = innermost?.times === 'element' ? aroundElements(file, registration, innermost) : innermost;
  if (repetition?.times !== 'event' || !isFunctionLiteral(repetition.region)) return false;
  const taker = takerOf(repetition.region);
  const source = taker && ts.isCallExpression(taker.call) ? registrationAt(taker.call) : undefined;
  return source !== undefined && messages.test(eventText(source)) && sameEmitter(source.emitter, registration.emitter);
}

const messages = /^(?:data|message|line|packet|frame|record|request)$/;

/**
 * A branch that asks what a callback was called with, when several places hand the callback on: it may be there for
 * another one of them than the one that repeats.
 */
function isForOtherCaller({ semantics }: FileAnalysis, call: ts.Node): boolean {
  const root = enclosingRoot(call);
  if (!isFunctionLiteral(root) && !ts.isFunctionDeclaration(root)) return false;
  const names = root.parameters.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  let asks = false;
  for (let child = call; child !== root; child = child.parent) {
    const { parent } = child;
    if (ts.isIfStatement(parent) && child !== parent.expression)
      asks ||= names.some((name) => new RegExp(`\\b${name}\\b`).test(parent.expression.getText()));
  }
  if (!asks) return false;
  return usesOf(semantics, root, false).uses.filter(({ kind }) => kind === 'reference').length > 1;
}

/** Events that come any number of times. */
const recurring =
  /^(?:data|message|line|connection|request|stream|session|readable|drain|packet|frame|row|record|job|tick|change|update|progress|ping|pong|reconnect\w*|retry|heartbeat|error)$/i;

/** What people do on a page. */
const input =
  /^(?:click|dblclick|contextmenu|input|beforeinput|submit|wheel|scroll|focus\w*|blur|resize|visibilitychange|popstate|hashchange|paste|copy|cut|select\w*|key\w+|mouse\w+|pointer\w+|touch\w+|drag\w*|drop|animation\w+|transition\w+|play|pause|toggle)$/i;

/**
 * `client.on('capabilities', () => client.on('auth', …))`: an object of somebody's own that is told something goes on
 * with itself, and nobody knows that it is told so more than once.
 */
function isOwnFewEvents(
  { semantics }: FileAnalysis,
  { region, steps }: Repetition,
  { holder, declared }: Lifetime,
): boolean {
  if (holder !== 'outer' || !declared || steps.length === 0 || !isFunctionLiteral(region)) return false;
  const source = registrationsOf(region.getSourceFile()).find((it) => functionOf(semantics, it.handler) === region);
  if (!source || recurring.test(eventText(source)) || (source.api === 'target' && input.test(eventText(source))))
    return false;
  const emitter = strip(source.emitter);
  if (!ts.isIdentifier(emitter)) return false;
  return semantics.program.unitOf(emitter).scopes.bindingOf(emitter)?.declarations[0] === declared;
}

/** Reading does not prove that what is called `bus` is one. */
function weaker(confidence: Confidence): Confidence {
  return confidence === 'proven' ? 'likely' : confidence;
}

const names =
  /(?:bus|emitter|events?|hub|ipc(?:Main|Renderer)?|i18n(?:ext)?|keyboard|linking|backHandler|mql|socket|server|client|conn(?:ection)?|redis|pool|workers?|child|proc(?:ess)?|stream|pub(?:lisher)?|sub(?:scriber)?|broker|channel|queue|io|wss?|db|database|mongoose|stdin|stdout|stderr|watcher|cluster|session|manager|service|store)$/i;
const constructors = /(?:Emitter|EventTarget|EventEmitter\w*|Server|Socket|Client|Redis|Worker|Stream|Pool|Watcher)$/;

/** Evidence that a value emits events and keeps a list of listeners: how it is made, called, or treated. */
function isEmitter(file: FileAnalysis, emitter: ts.Expression): boolean {
  const inner = strip(emitter);
  const name = lastNameOf(inner);
  if (name !== undefined && names.test(name)) return true;
  if (removalsOf(file.unit.file).some((it) => lastNameOf(it.emitter) === name)) return true;
  if (ts.isIdentifier(inner)) {
    const declared = file.unit.scopes.bindingOf(inner)?.declarations[0]?.parent;
    const initial =
      declared && ts.isVariableDeclaration(declared) && declared.initializer && strip(declared.initializer);
    if (initial && ts.isNewExpression(initial)) return constructors.test(initial.expression.getText());
  }
  return name !== undefined && new RegExp(`\\b${name}\\.emit\\(`).test(file.unit.text);
}

function messageOf(registration: Registration, { each }: Repetition, { why }: Lifetime): Message {
  const text = shortText(registration.emitter, 40);
  return {
    what: `every ${each} adds another \`${eventText(registration)}\` listener to \`${text}\`, and none is removed`,
    why: `\`${text}\` ${why}, so it keeps every closure, with all that they reach, and runs all of them on each event`,
    remedy: 'keep the listener and remove it when its owner is done, or register once, outside',
  };
}
