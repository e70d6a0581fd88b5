import ts from 'typescript';
import {
  calleeName,
  enclosingRoot,
  functionName,
  isFunctionLiteral,
  isReturned,
  some,
  strip,
  unstrip,
  walk,
} from '../syntax/tree.ts';
import type { Call, WaitSite } from './sites.ts';

/** A file that a request fetches or sends: its size tells how long that takes, and a limit for an answer would cut it off. */
export type Transfer = 'download' | 'upload';

const wholeFile =
  /\.\s*(?:arrayBuffer|blob)\s*\(|\bcreateWriteStream\b|\bresponseType['"]?\s*:\s*['"](?:stream|arraybuffer|blob)['"]|\bpipeline\s*\([^;]*\.(?:body|data)\b|\.body\b[^;\n]{0,20}\.\s*pipe(?:To|Through)?\s*\(/;
/** Members of an answer through which its bytes come. */
const bytes = /^(?:arrayBuffer|blob|body|bytes|data|pipe|on|stream|rawBody)$/;
/** What addresses and functions that have to do with files are called. */
const ofFiles =
  /(?:file|download|attachment|media|image|video|audio|asset|archive|export|pdf|artifact)s?(?![a-z])|Content(?![a-z-])/;

/** Whoever waits for the answer, and what answers a request that came. */
const settling = /^(?:resolve|accept|fulfill?|cb|callback|done)$/;
const answering = /^(?:(?:ctx|context|this)\.)?(?:res|response|reply)(?:\.raw)?$/;

const onlyHeaders = /\bmethod['"]?\s*:\s*['"]HEAD['"]/i;
const notFollowed =
  /\bredirect['"]?\s*:\s*['"]manual['"]|\bmaxRedirects['"]?\s*:\s*0\b|\bfollowRedirects?['"]?\s*:\s*false\b/;

const sends = /\bmethod['"]?\s*:\s*['"](?:POST|PUT|PATCH)['"]|\bbody\b/i;
const sentFile = /\bnew\s+(?:FormData|Blob|File)\b|\bcreateReadStream\s*\(|\bcontentBytes\b|\bReadableStream\b/;
const uploading = /upload/i;

/** Addresses and names of what makes texts, pictures and speech: the answer comes when all of it is made. */
const generating =
  /chat\/completions|\bv\d\/(?:completions|messages|responses)\b|generateContent|images?\/(?:generations|edits)|audio\/(?:speech|transcriptions)|text-to-(?:speech|image)|(?:txt|img)2img|speech-to-text/i;

/** How much longer than for an answer one waits for a file, or for what is made first. */
const longer = 6;

/** What a request transfers, as far as the code of the function shows; `undefined`: an answer. */
export function transferOf(call: Call): Transfer | undefined {
  const text = call.getText();
  if (asksForHeaders(call)) return undefined;
  const root = enclosingRoot(call);
  const around = ts.isSourceFile(root) ? text : root.getText();
  const response = responseIn(root, call);
  // What is fetched in the same function, and sent with this.
  if (!wholeFile.test(text) && sentFile.test(around) && isWritten(call)) return 'upload';
  if (!(notFollowed.test(text) && response && !response.some(isBytes)) && isDownload(call, root, around, response))
    return 'download';
  return isUpload(call, root, around) ? 'upload' : undefined;
}

/**
 * Whether the answer of an emitter goes on as a stream, to whoever called or to whoever asked: how long all of it takes
 * is their business, and that it comes at all, and goes on coming, is the request's.
 */
function isStreamedOn(call: Call): boolean {
  const handler = call.arguments?.at(-1);
  const fn = handler && strip(handler);
  const name = fn && isFunctionLiteral(fn) ? fn.parameters[0]?.name : undefined;
  if (!fn || !name || !ts.isIdentifier(name)) return false;
  return some(fn, (node) => {
    if (!ts.isCallExpression(node)) return false;
    const isGiven = node.arguments.some((it) => ts.isIdentifier(it) && it.text === name.text);
    if (isGiven && settling.test(node.expression.getText())) return true;
    const callee = node.expression;
    if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'pipe') return false;
    return callee.expression.getText() === name.text && answering.test(node.arguments[0]?.getText() ?? '');
  });
}

/** Whether only silence is to end a request: its answer is streamed on, and it has a timer for that. */
export const isBoundBySilence = ({ call, wait }: WaitSite): boolean =>
  wait.of === 'request' && wait.value?.timers !== undefined && isStreamedOn(call);

/** Whether the request asks for headers alone. */
export function asksForHeaders(call: Call): boolean {
  return calleeName(call)?.text === 'head' || onlyHeaders.test(call.getText());
}

/** `axios.post(url, body)`, `fetch(url, { method: 'PUT', body })`: the request sends something, and no JSON. */
function isWritten(call: Call): boolean {
  const text = call.getText();
  if (/\bJSON\s*\.\s*stringify\s*\(/.test(text)) return false;
  return /^(?:post|put|patch)$/.test(calleeName(call)?.text ?? '') || sends.test(text);
}

/** The limit to write for a request: the configured one, or a longer one for a file or for what is generated. */
export function limitFor(call: Call, timeoutMs: number): number {
  return transferOf(call) || isGenerating(call) ? timeoutMs * longer : timeoutMs;
}

/** Whether a request asks a model for something, by its address or what leads to it in the function. */
function isGenerating(call: Call): boolean {
  const [first] = call.arguments ?? [];
  const address = first && strip(first);
  if (!address) return false;
  if (generating.test(address.getText())) return true;
  const root = enclosingRoot(call);
  if (!ts.isIdentifier(address) || ts.isSourceFile(root)) return false;
  return some(
    root,
    (node) => ts.isVariableDeclaration(node) && node.name.getText() === address.text && generating.test(node.getText()),
  );
}

function isDownload(
  call: Call,
  root: ts.Node,
  around: string,
  response: readonly ts.Identifier[] | undefined,
): boolean {
  if (wholeFile.test(call.getText())) return true;
  if (isDropped(call)) return false;
  if (wholeFile.test(around) && (!response || response.some(isBytes))) return true;
  if (response?.some(isSaved)) return true;
  // A file that goes on to whoever calls.
  const isHandedOut = isReturned(unstrip(call)) || response?.some((it) => isReturned(it));
  const isRead = response?.some(
    (it) => ts.isPropertyAccessExpression(it.parent) && /^(?:json|text)$/.test(it.parent.name.text),
  );
  const address = call.arguments?.[0]?.getText() ?? '';
  return isHandedOut === true && !isRead && (ofFiles.test(address) || ofFiles.test(nameOf(root)));
}

function isUpload(call: Call, root: ts.Node, around: string): boolean {
  if (isWritten(call)) return sentFile.test(around) || uploading.test(nameOf(root));
  if (/^(?:post|put|patch)$/.test(calleeName(call)?.text ?? '') || sends.test(call.getText())) return false;
  // `fetch(url, { ...init, headers })`: what callers of the file send.
  const takesAll = call.arguments?.some(
    (it) => ts.isObjectLiteralExpression(it) && it.properties.some(ts.isSpreadAssignment),
  );
  return takesAll === true && !ts.isSourceFile(root) && sentFile.test(call.getSourceFile().text);
}

/** Where the variable is used that the response is in; `undefined` where it has none. */
function responseIn(root: ts.Node, call: Call): readonly ts.Identifier[] | undefined {
  let node: ts.Expression = unstrip(call);
  while (ts.isAwaitExpression(node.parent)) node = unstrip(node.parent);
  const { parent } = node;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return undefined;
  const { name } = parent;
  const found: ts.Identifier[] = [];
  walk(root, (it) => {
    if (ts.isIdentifier(it) && it !== name && it.text === name.text && it.pos > call.pos && !isMemberName(it))
      found.push(it);
  });
  return found;
}

const isMemberName = (node: ts.Identifier): boolean =>
  ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;

/** Whether bytes may be read through this use: others get the response as a whole, or its body. */
function isBytes(use: ts.Identifier): boolean {
  const { parent } = use;
  return ts.isPropertyAccessExpression(parent) ? bytes.test(parent.name.text) : !ts.isIfStatement(parent);
}

/** `await fetch(webhook, …);` */
function isDropped(call: Call): boolean {
  const { parent } = unstrip(call);
  return ts.isAwaitExpression(parent) && ts.isExpressionStatement(unstrip(parent).parent);
}

/** `save(path, response.body)`, `Readable.fromWeb(response.body)` */
function isSaved({ parent }: ts.Identifier): boolean {
  if (!ts.isPropertyAccessExpression(parent) || parent.name.text !== 'body') return false;
  const outer = unstrip(parent).parent;
  const taker = ts.isCallExpression(outer) ? (calleeName(outer)?.text ?? '') : '';
  return /save|write|store|fromWeb|extract|unzip|untar/i.test(taker);
}

/** The name of a function, also of the one around a callback. */
function nameOf(root: ts.Node): string {
  if (!ts.isFunctionLike(root)) return '';
  const own = functionName(root);
  return own === undefined && isFunctionLiteral(root) ? nameOf(enclosingRoot(unstrip(root).parent)) : (own ?? '');
}
