import ts from 'typescript';
import { isInCleanup } from '../syntax/leaving.ts';
import { calleeName, receiver, strip } from '../syntax/tree.ts';

/** Objects whose functions compute, format or look something up, and give no promise. */
const computing = new Set([
  ...['Object', 'Array', 'Number', 'String', 'Math', 'Reflect', 'Buffer', 'Date', 'Intl', 'BigInt', 'Symbol'],
  ...['path', 'posix', 'os', 'util', 'querystring', '_', 'lodash'],
]);

/** Digests, random values, derived keys and packed bytes: they fail for arguments of a wrong type only. */
const digesting = new Set([
  ...['hkdf', 'pbkdf2', 'scrypt', 'createHash', 'createHmac', 'digest', 'md5', 'sha1', 'sha256', 'sha512', 'hmac'],
  ...['randomBytes', 'randomUUID', 'randomInt', 'randomFill', 'getRandomValues', 'generateKeyPair', 'generateKey'],
  ...['deriveBits', 'genSalt', 'nanoid', 'uuidv4', 'uuidv7', 'deflate', 'deflateRaw', 'gzip', 'brotliCompress'],
]);

const hashers = new Set(['bcrypt', 'bcryptjs', 'argon2', 'Bun', 'password']);
const hashing = new Set(['hash', 'compare', 'verify']);

/** Waits that nothing but time ends. */
const pausing = new Set(['sleep', 'delay', 'pause', 'nextTick', 'tick', 'setTimeout', 'setImmediate']);

/** Questions that a person answers, or dismisses, a look at whether a file is there, and a directory of one's own. */
const asking = new Set([
  ...['question', 'showInformationMessage', 'showWarningMessage', 'showErrorMessage', 'showQuickPick', 'showInputBox'],
  ...['pathExists', 'mkdtemp'],
]);

/** What gives something up: most of it does not complain, and nothing is left to do where it does. */
const givingUp =
  /^(?:end|close|release|disconnect|destroy|dispose|quit|terminate|shutdown|unlock)(?:Session|Connection)?$/;

const logs = /^(?:console|log|logger|\w*Logger)$/;

/** Of the web's cryptography only what takes foreign data fails. */
const takingForeign = /^(?:decrypt|unwrapKey|importKey|verify)$/;

/** What an object is called on which a method is called: `path` of `path.join()`. */
export function receiverName(call: ts.CallExpression | ts.NewExpression): string {
  const owner = receiver(call);
  const base = owner && strip(owner);
  if (!base) return '';
  if (ts.isIdentifier(base)) return base.text;
  return ts.isPropertyAccessExpression(base) ? base.name.text : '';
}

/** Whether a call is one of an object whose functions only compute. */
export const onlyComputes = (call: ts.CallExpression): boolean => computing.has(receiverName(call));

/** Whether a call computes or waits for time alone: it can fail, but for no reason that comes from outside. */
export function hardlyFails(call: ts.CallExpression): boolean {
  if (call.expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  const name = (calleeName(call)?.text ?? '').replace(/Sync$/, '');
  if (digesting.has(name) || pausing.has(name) || onlyComputes(call)) return true;
  // Of two that are given up one after the other, the first hardly keeps the second from it.
  if (givingUp.test(name) && isInCleanup(call)) return true;
  const owner = receiverName(call);
  if (asking.has(name) || logs.test(owner) || (owner === 'subtle' && !takingForeign.test(name))) return true;
  // `wait(500)`
  const [first] = call.arguments;
  if (name === 'wait' && first && ts.isNumericLiteral(first)) return true;
  return hashing.has(name) && hashers.has(owner);
}
