import ts from 'typescript';
import type { Wait } from '../resources/model.ts';
import { strip } from '../syntax/tree.ts';
import type { Options } from './options.ts';
import type { Call } from './sites.ts';

const loopback = /^(?:[a-z+]+:\/\/)?(?:[^@/]*@)?(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[?::1\]?)(?=$|[:/?#])/i;
/** An address that somebody is to replace by a real one. */
const placeholder = /^(?:[a-z+]+:\/\/)?(?:your[._-]|<|\[your|xxx)/i;
const filePath = /^(?:\/|\.{0,2}\/|\\\\[.?]\\pipe)/;

/** Whether the other end is certainly on this machine: it then fails at once or answers. */
export function isLocal(options: Options, call: Call, { local = [], hosts = [], of: sort }: Wait): boolean {
  const [first, second] = call.arguments ?? [];
  if (!first) return false;
  const text = leadingText(first);
  if (isNamedLocal(first) || (text !== undefined && placeholder.test(text))) return true;
  if (startsHere(options, first)) return true;
  if (text !== undefined && (loopback.test(text) || (sort === 'socket' && filePath.test(text)))) return true;
  if (sort === 'socket' && isSocketFile(options, first)) return true;
  if (sort === 'socket' && isPort(options, first)) {
    const host = second && leadingText(second);
    return (
      !second ||
      ts.isFunctionLike(strip(second)) ||
      (host !== undefined && (loopback.test(host) || placeholder.test(host)))
    );
  }
  if (text !== undefined || isUrl(first)) return false;
  const named = hosts.map((name) => options.find(first, [name]));
  const isRemote = named.some(({ state }) => state === 'present');
  // With both it depends on the address.
  if (!isRemote && local.some((name) => options.find(first, [name]).state === 'present')) return true;
  if (named.length === 0) return false;
  if (named.every(({ state }) => state === 'absent')) return true;
  return named.some(
    (found) =>
      found.state === 'present' &&
      found.values.length > 0 &&
      found.values.every((value) => isNamedLocal(value) || isPlaceholder(options, value) || startsHere(options, value)),
  );
}

/** `const HOST = 'your.host.here'`: nobody can have run it like this. */
function isPlaceholder(options: Options, node: ts.Expression): boolean {
  const origins = options.origins(node);
  const isOne = origins.every((origin) => origin.kind === 'made' && placeholder.test(leadingText(origin.node) ?? ''));
  return origins.length > 0 && isOne;
}

/** `${base}/health` and `base + path`, where the base is written out and names this machine. */
function startsHere(options: Options, node: ts.Expression, depth = 0): boolean {
  const value = strip(node);
  const text = leadingText(value);
  if (text) return loopback.test(text);
  if (depth > 6) return false;
  const inner = baseOf(value);
  if (inner) return startsHere(options, inner, depth + 1);
  const [span] = ts.isTemplateExpression(value) ? value.templateSpans : [];
  if (span) return startsHere(options, span.expression, depth + 1);
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return startsHere(options, value.left, depth + 1);
  if (!ts.isIdentifier(value)) return false;
  const origins = options.origins(value);
  return (
    origins.length > 0 &&
    origins.every((origin) => {
      if (origin.kind === 'made') return startsHere(options, origin.node, depth + 1);
      const given = origin.kind === 'parameter' ? options.givenFor(origin) : undefined;
      return given?.every((argument) => startsHere(options, argument, depth + 1)) ?? false;
    })
  );
}

/** `new URL('/items', base)`, `url.toString()`, `url.href`: what the address begins with. */
function baseOf(value: ts.Expression): ts.Expression | undefined {
  if (ts.isNewExpression(value) && ts.isIdentifier(value.expression) && value.expression.text === 'URL')
    return value.arguments?.at(-1);
  if (ts.isPropertyAccessExpression(value)) return value.name.text === 'href' ? value.expression : undefined;
  if (!ts.isCallExpression(value) || value.arguments.length > 0) return undefined;
  const callee = strip(value.expression);
  return ts.isPropertyAccessExpression(callee) && callee.name.text === 'toString' ? callee.expression : undefined;
}

/** `localUrl`, `this.formatLocalUrl(…)`: what the program itself calls an address of this machine. */
function isNamedLocal(node: ts.Expression): boolean {
  const value = strip(node);
  const named = ts.isCallExpression(value) ? strip(value.expression) : value;
  const name = ts.isPropertyAccessExpression(named) ? named.name.text : ts.isIdentifier(named) ? named.text : '';
  return /(?:^|_|[a-z])(?:local|Local|LOCAL|localhost|Localhost|LOCALHOST|loopback|Loopback)_?(?:url|Url|URL|uri|Uri|URI|address|Address|endpoint|Endpoint)$/.test(
    name,
  );
}

/** An address without a host: only a page has one to add. */
export function isRelative(call: Call): boolean {
  const [first] = call.arguments ?? [];
  const text = first && leadingText(first);
  return text !== undefined && /^(?:\/(?!\/)|\.{1,2}\/|\?|blob:|data:)/.test(text);
}

/** The text that a value starts with, where it is written out. */
function leadingText(node: ts.Expression): string | undefined {
  const value = strip(node);
  if (ts.isStringLiteralLike(value)) return value.text;
  if (ts.isTemplateExpression(value)) return value.head.text;
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return leadingText(value.left);
  if (ts.isNewExpression(value) && value.arguments?.[0] && ts.isIdentifier(value.expression)) {
    return value.expression.text === 'URL' ? leadingText(value.arguments.at(-1) as ts.Expression) : undefined;
  }
  return undefined;
}

/** A path in the file system, by what it holds or is called. */
function isSocketFile(options: Options, node: ts.Expression): boolean {
  const value = strip(node);
  const name = ts.isPropertyAccessExpression(value) ? value.name.text : ts.isIdentifier(value) ? value.text : '';
  if (/(?:path|socketfile|sock|pipe)$/i.test(name)) return true;
  const origins = ts.isIdentifier(value) ? options.origins(value) : [];
  return (
    origins.length > 0 &&
    origins.every((origin) => origin.kind === 'made' && filePath.test(leadingText(origin.node) ?? ''))
  );
}

/** Whether an argument that may hold options is something else: an address, a port, a host, a callback. */
export function isNoOptions(options: Options, argument: ts.Expression, index: number, { of: sort }: Wait): boolean {
  if (index === 0 && isUrl(argument)) return true;
  const value = strip(argument);
  const name = ts.isPropertyAccessExpression(value) ? value.name.text : ts.isIdentifier(value) ? value.text : '';
  if (/^(?:cb|callback|done|next|resolve|reject|on[A-Z]\w*|handle\w*)$/.test(name)) return true;
  if (sort !== 'socket') return false;
  return (
    /(?:host|hostname|server|ip|cb|callback|listener|next|done|protocols?)$/i.test(name) || isPort(options, argument)
  );
}

/** A name that says that it is an address. */
export function isNamedUrl(node: ts.Expression): boolean {
  return /(?:^|\.)\w*ur[li]$/i.test(strip(node).getText());
}

/** An address, as most code calls it: no options object. */
function isUrl(node: ts.Expression): boolean {
  const value = strip(node);
  if (leadingText(value) !== undefined || ts.isTemplateExpression(value)) return true;
  if (ts.isNewExpression(value)) return ts.isIdentifier(value.expression) && value.expression.text === 'URL';
  const name = ts.isPropertyAccessExpression(value) ? value.name.text : ts.isIdentifier(value) ? value.text : '';
  if (/(?:url|uri|href|endpoint|link|address|path)s?\d*$/i.test(name)) return true;
  return ts.isCallExpression(value) && /(?:url|uri|href|endpoint|toString)$/i.test(value.expression.getText());
}

function isPort(options: Options, node: ts.Expression): boolean {
  const value = strip(node);
  if (ts.isNumericLiteral(value)) return true;
  const name = ts.isPropertyAccessExpression(value) ? value.name.text : ts.isIdentifier(value) ? value.text : '';
  if (/port$/i.test(name)) return true;
  return options.origins(value).every((origin) => origin.kind === 'made' && ts.isNumericLiteral(origin.node));
}
