import ts from 'typescript';
import type { Inference } from '../inference/inference.ts';
import { awaited, libraryType } from '../inference/known.ts';
import type { LibraryModel, TypeShape } from '../resources/model.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { callKinds, readIn } from '../syntax/nodes.ts';
import { initialOf } from '../syntax/scopes.ts';
import { calleeName, isFunctionLiteral, isRoot, receiver, strip, unstrip, walk } from '../syntax/tree.ts';

/** `source.pipe(stage).pipe(target)`. */
export interface Pipe {
  /** The first call of `pipe`. */
  readonly call: ts.CallExpression;
  /** The whole chain of calls on the source. */
  readonly chain: ts.Expression;
  readonly source: ts.Expression;
  /** What is piped into, in order. */
  readonly stages: readonly ts.Expression[];
  /** What stays open: `file descriptor`. */
  readonly holds: string;
  /** Which stream keeps it open when another one is gone. */
  readonly keeper: 'source' | 'target';
  /** The stage that can end before the source does, or the source that can break off, and who ends it. */
  readonly early: EarlyEnd;
}

export interface EarlyEnd {
  readonly stage: ts.Expression;
  readonly by: string;
  /** Only its name and place say what it is. */
  readonly isGuess: boolean;
}

/** Calls by which code sees to it that a stream does not stay open. */
const cleanups =
  /^(destroy|destroySoon|close|unpipe|abort|kill|cancel|pipeline|finished|eos|pump|onFinished|addAbortSignal)$/;

/** Events of the destination, or of the request behind it, whose handlers look after the source. */
const closings = /^(close|aborted|finish|error|timeout)$/;

const listening = /^(on|once|addListener|prependListener)$/;

/**
 * The pipes of a file whose source holds something that stays open when the destination ends early.
 * @param lent tells what a source holds that only its opening shows.
 */
export function uncleanedPipes(
  semantics: Semantics,
  file: ts.SourceFile,
  lent: (source: ts.Expression) => string | undefined,
): readonly Pipe[] {
  const found: Pipe[] = [];
  for (const node of readIn(file, callKinds, pipeCall)) {
    const owner = receiver(node);
    if (!owner || isPiped(owner)) continue;
    const { chain, stages } = chainFrom(node);
    // `socket.pipe(stream).pipe(socket)`: who ends the source as a destination ends both.
    if (stages.some((stage) => strip(stage).getText() === strip(owner).getText())) continue;
    const broken = brokenOff(semantics, owner, stages);
    if (broken && !isLookedAfter(node, stages)) {
      found.push({ call: node, chain, source: owner, stages, keeper: 'target', ...broken });
      continue;
    }
    if (isOnePage(semantics, owner)) continue;
    const holds = shapeOf(semantics.inference, owner)?.holds ?? lent(owner);
    if (holds === undefined || isCleanedUp(node) || isPipedBack(node, stages)) continue;
    for (const stage of stages) {
      const early = earlyEnd(semantics, stage);
      if (!early) continue;
      found.push({ call: node, chain, source: owner, stages, holds, keeper: 'source', early });
      break;
    }
  }
  return found;
}

const pipeCall = (node: ts.Node): ts.CallExpression | undefined =>
  ts.isCallExpression(node) && calleeName(node)?.text === 'pipe' && node.arguments.length > 0 ? node : undefined;

const small = /\.(?:html?|ico|txt|webmanifest)$/i;

/** `createReadStream(path.join(__dirname, 'index.html'))`: a page of the program's own is over with one chunk. */
function isOnePage({ program }: Semantics, source: ts.Expression): boolean {
  const opening = strip(source);
  if (!ts.isCallExpression(opening) || calleeName(opening)?.text !== 'createReadStream') return false;
  const [given] = opening.arguments;
  const path = given && strip(given);
  if (!path) return false;
  const binding = ts.isIdentifier(path) ? program.unitOf(path).scopes.bindingOf(path) : undefined;
  const value = binding?.kind === 'parameter' ? undefined : (initialOf(binding) ?? path);
  if (!value || (binding && binding.writes.length > 1)) return false;
  const parts = ts.isCallExpression(value) ? value.arguments : [value];
  const last = parts.at(-1);
  const isFixed = parts.every(
    (it) => ts.isStringLiteralLike(it) || /^(?:__dirname|import\.meta\.\w+)$/.test(it.getText()),
  );
  return last !== undefined && isFixed && ts.isStringLiteralLike(last) && small.test(last.text);
}

/** What the last stage keeps open when the source breaks off: no `pipe` ends it then. */
function brokenOff(
  semantics: Semantics,
  source: ts.Expression,
  stages: readonly ts.Expression[],
): Pick<Pipe, 'holds' | 'early'> | undefined {
  const last = stages.at(-1);
  const holds = last && shapeOf(semantics.inference, last)?.awaitsEnd;
  if (holds === undefined) return undefined;
  const by = shapeOf(semantics.inference, source)?.breaksOff;
  return by === undefined ? undefined : { holds, early: { stage: source, by, isGuess: false } };
}

/** Whether the function around ends one of the streams itself, or listens to more than what becomes of the stages. */
function isLookedAfter(call: ts.CallExpression, stages: readonly ts.Expression[]): boolean {
  const names = new Set(stages.map((stage) => strip(stage).getText()));
  let found = false;
  walk(outermost(call), (node) => {
    if (found || !ts.isCallExpression(node)) return;
    const name = calleeName(node)?.text ?? '';
    const owner = receiver(node);
    if (cleanups.test(name)) found = true;
    else if (name === 'end') found = owner !== undefined && names.has(strip(owner).getText());
    else if (listening.test(name)) {
      const [event] = node.arguments;
      const isStage = owner !== undefined && (names.has(strip(owner).getText()) || isPiped(owner));
      found = !isStage && event !== undefined && ts.isStringLiteralLike(event) && closings.test(event.text);
    } else found = node.arguments.some((argument) => hasSignal(argument));
  });
  return found;
}

const standard = /\.(?:stdin|stdout|stderr)$/;

/** `socket.pipe(child.stdin); child.stdout.pipe(socket)`: the end of either one ends the other. */
function isPipedBack(call: ts.CallExpression, stages: readonly ts.Expression[]): boolean {
  const baseOf = (node: ts.Expression): string => strip(node).getText().replace(standard, '');
  const from = baseOf(receiver(call) as ts.Expression);
  const to = stages.map(baseOf);
  if (![receiver(call), ...stages].some((stream) => stream && standard.test(strip(stream).getText()))) return false;
  let found = false;
  walk(outermost(call), (node) => {
    if (found || !ts.isCallExpression(node) || node === call || calleeName(node)?.text !== 'pipe') return;
    const [target] = node.arguments;
    const source = receiver(node);
    found = target !== undefined && source !== undefined && baseOf(target) === from && to.includes(baseOf(source));
  });
  return found;
}

/** Whether the value comes out of another pipe. */
function isPiped(node: ts.Expression): boolean {
  const expression = strip(node);
  if (!ts.isCallExpression(expression)) return false;
  if (calleeName(expression)?.text === 'pipe') return true;
  const owner = receiver(expression);
  return owner !== undefined && isPiped(owner);
}

const streamWords = ['holds', 'endsEarly', 'breaksOff', 'awaitsEnd'] as const;

type StreamShape = Pick<TypeShape, (typeof streamWords)[number]>;

/** The library's description of a value's type, and of what it extends. */
function shapeOf(inference: Inference, node: ts.Expression): StreamShape | undefined {
  const type = libraryType(awaited(inference.evaluate(node)));
  return type && streamShape(type.model, type.type);
}

/** What a stream of a type keeps open, in the words of a message. */
export function holdsOf(model: LibraryModel, type: string | undefined): string | undefined {
  return streamShape(model, type)?.holds;
}

function streamShape({ types }: LibraryModel, type: string | undefined): StreamShape | undefined {
  for (let name = type; name !== undefined; name = types[name]?.extends) {
    const shape = types[name];
    if (shape && streamWords.some((word) => shape[word] !== undefined)) return shape;
  }
  return undefined;
}

function chainFrom(first: ts.CallExpression): {
  readonly chain: ts.Expression;
  readonly stages: readonly ts.Expression[];
} {
  const stages: ts.Expression[] = [];
  let chain: ts.Expression = first;
  for (;;) {
    if (ts.isCallExpression(chain) && calleeName(chain)?.text === 'pipe' && chain.arguments[0])
      stages.push(chain.arguments[0]);
    const access: ts.Node = unstrip(chain).parent;
    if (!ts.isPropertyAccessExpression(access) || !ts.isCallExpression(access.parent)) return { chain, stages };
    if (access.parent.expression !== access) return { chain, stages };
    chain = access.parent;
  }
}

function earlyEnd(semantics: Semantics, stage: ts.Expression): EarlyEnd | undefined {
  const by = shapeOf(semantics.inference, stage)?.endsEarly;
  if (by !== undefined) return { stage, by, isGuess: false };
  return isAnswer(semantics, stage) ? { stage, by: 'the client', isGuess: true } : undefined;
}

const answerName = /^_?(res|resp|response|reply)$/;
const answerType = /^(?:\w+\.)*(Response|ServerResponse|NextApiResponse|FastifyReply|Http2ServerResponse)\b/;
const requestName = /^_?(req|request|ctx|_)$/;

/** The response parameter of a request handler: by its type, or by its name beside the request's. */
function isAnswer({ program }: Semantics, node: ts.Expression): boolean {
  let base = strip(node);
  if (ts.isPropertyAccessExpression(base) && /^(raw|res)$/.test(base.name.text)) base = strip(base.expression);
  if (!ts.isIdentifier(base)) return false;
  const parameter = program.unitOf(base).scopes.bindingOf(base)?.declarations[0]?.parent;
  if (!parameter || !ts.isParameter(parameter) || !ts.isIdentifier(parameter.name)) return false;
  if (parameter.type && parameter.type.kind !== ts.SyntaxKind.AnyKeyword)
    return answerType.test(parameter.type.getText());
  const before = parameter.parent.parameters[parameter.parent.parameters.indexOf(parameter) - 1];
  return answerName.test(base.text) && before !== undefined && requestName.test(before.name.getText());
}

/** Whether the function around a pipe says anywhere what becomes of its streams. */
function isCleanedUp(call: ts.CallExpression): boolean {
  let found = false;
  walk(outermost(call), (node) => {
    if (found || !ts.isCallExpression(node)) return;
    const name = calleeName(node)?.text ?? '';
    const [first] = node.arguments;
    const listens = listening.test(name);
    if (listens) {
      const own = receiver(node);
      const isOwnError =
        first && ts.isStringLiteralLike(first) && first.text === 'error' && own && startsChain(own, call);
      found = first !== undefined && ts.isStringLiteralLike(first) && closings.test(first.text) && !isOwnError;
    } else if (cleanups.test(name)) found = !isDestination(node, call);
    else found = node.arguments.some((argument) => hasSignal(argument));
  });
  return found;
}

/** Destroying the destination leaves the source as it is. */
function isDestination(cleanup: ts.CallExpression, pipe: ts.CallExpression): boolean {
  const owner = receiver(cleanup);
  return (
    owner !== undefined && chainFrom(pipe).stages.some((stage) => strip(stage).getText() === strip(owner).getText())
  );
}

/** Whether the emitter is the source itself: its errors say nothing of the destination. */
function startsChain(emitter: ts.Expression, call: ts.CallExpression): boolean {
  const source = receiver(call);
  return source !== undefined && rootText(emitter) === rootText(source);
}

function rootText(node: ts.Expression): string {
  const expression = strip(node);
  const owner = ts.isCallExpression(expression) ? receiver(expression) : undefined;
  const isFluent =
    owner !== undefined &&
    ts.isCallExpression(expression) &&
    /^(on|once|pipe)$/.test(calleeName(expression)?.text ?? '');
  return isFluent ? rootText(owner) : expression.getText();
}

/** `{ signal }` among the arguments: somebody can end what the call begins. */
function hasSignal(argument: ts.Expression): boolean {
  const options = strip(argument);
  return ts.isObjectLiteralExpression(options) && options.properties.some((p) => p.name?.getText() === 'signal');
}

/** The outermost function around a node that is no module or class. */
function outermost(node: ts.Node): ts.Node {
  let found: ts.Node = node.getSourceFile();
  for (let current = node.parent; current && !ts.isSourceFile(current); current = current.parent) {
    if (isRoot(current) || isFunctionLiteral(current)) found = current;
  }
  return found;
}
