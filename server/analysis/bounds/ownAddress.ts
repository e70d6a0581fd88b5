import ts from 'typescript';
import type { Semantics } from '../semantics/semantics.ts';
import { leavesFunction } from '../syntax/leaving.ts';
import { initialOf } from '../syntax/scopes.ts';
import { calleeName, enclosingRoot, strip, walk } from '../syntax/tree.ts';
import type { Call } from './sites.ts';

/** What a program reads of itself in a request that it gets. */
const ownHost = /['"](?:x-forwarded-)?host['"]|\bheaders\.host\b|\b(?:req|request|ctx)\w*\.host(?:name)?\b/i;
/** Functions that tell under which address the program itself, or its main part, is reached. */
const tellsOwn = /^_?get(?:Own|Self|Home)(?:Server|Internal|Api)?Ur[il](?:(?:By|For|Of)[A-Z]\w*)?$/;
const addressPart = /\.(?:host|hostname|origin)$/;

/**
 * Whether the other end is the program itself: the address is put together from the host and the port that it listens on,
 * or comes of a function that tells it, or the code goes on only where the address is the one under which it was called.
 */
export function isOwnAddress(semantics: Semantics, call: Call): boolean {
  const [address] = call.arguments ?? [];
  if (!address) return false;
  const known = namesBehind(semantics, address);
  if ([...known.makers].some((name) => tellsOwn.test(name))) return true;
  return [...known.parts].some((part) => isListenedOn(semantics, part)) || isComparedWithOwn(semantics, call, known);
}

interface Behind {
  /** What the address is made of, by name. */
  readonly names: ReadonlySet<string>;
  /** The templates among it. */
  readonly parts: ReadonlySet<ts.TemplateExpression>;
  /** The functions that are called for it. */
  readonly makers: ReadonlySet<string>;
}

/** The names and templates that an address is made of, through the variables of the file. */
function namesBehind(semantics: Semantics, address: ts.Expression): Behind {
  const names = new Set<string>();
  const parts = new Set<ts.TemplateExpression>();
  const makers = new Set<string>();
  const visit = (expression: ts.Expression, depth: number): void => {
    walk(expression, (node) => {
      if (ts.isTemplateExpression(node)) parts.add(node);
      if (ts.isCallExpression(node)) makers.add(calleeName(node)?.text ?? '');
      if (!ts.isIdentifier(node) || names.has(node.text)) return;
      const binding = semantics.program.unitOf(node).scopes.bindingOf(node);
      if (!binding || binding.kind === 'import') return;
      names.add(node.text);
      const initial = initialOf(binding);
      if (initial && binding.writes.length <= 1 && depth < 3) visit(initial, depth + 1);
    });
  };
  visit(address, 0);
  return { names, parts, makers };
}

/** `http://${config.api.host}:${config.api.port}`, where the program listens on just that host and port. */
function isListenedOn({ program }: Semantics, { head, templateSpans }: ts.TemplateExpression): boolean {
  const [host, port] = templateSpans;
  if (!host || !port || !/^https?:\/\/$/.test(head.text) || host.literal.text !== ':') return false;
  const [ofHost, ofPort] = [host, port].map(({ expression }) => lastTwo(expression));
  if (ofHost === undefined || ofPort === undefined) return false;
  const { path } = program.unitOf(head);
  const files = program.host.mentioning(path, ofPort.slice(ofPort.indexOf('.') + 1)) ?? [];
  return files.some((file) =>
    [...(program.host.read(file) ?? '').matchAll(/\.listen\(([^)]*)\)/g)].some(
      ([, given = '']) => says(given, ofHost) && says(given, ofPort.slice(ofPort.indexOf('.') + 1)),
    ),
  );
}

const says = (text: string, name: string): boolean =>
  new RegExp(`(?<![\\w$])${name.replace(/[.$]/g, '\\$&')}(?![\\w$])`).test(text);

/** `api.port` of `this.config.api.port`. */
function lastTwo(expression: ts.Expression): string | undefined {
  const node = strip(expression);
  return /[\w$]+\.[\w$]+$/.exec(ts.isPropertyAccessExpression(node) ? node.getText() : '')?.[0];
}

/** `if (request.headers.host !== url.host) throw …` before the call, of the address or of what it is made of. */
function isComparedWithOwn(semantics: Semantics, call: Call, { names }: Behind): boolean {
  let found = false;
  walk(enclosingRoot(call), (node) => {
    if (found || !ts.isIfStatement(node) || node.end > call.pos || !leavesFunction(node.thenStatement)) return;
    const condition = strip(node.expression);
    if (!ts.isBinaryExpression(condition) || !/^!==?$/.test(condition.operatorToken.getText())) return;
    const sides = [strip(condition.left), strip(condition.right)];
    const address = sides.find((side) => addressPart.test(side.getText()) && !ownHost.test(side.getText()));
    const own = sides.find((side) => side !== address);
    if (!address || !own || !ownHost.test(initialText(semantics, own))) return;
    found = [...namesBehind(semantics, address).names].some((name) => names.has(name));
  });
  return found;
}

function initialText(semantics: Semantics, node: ts.Expression): string {
  if (!ts.isIdentifier(node)) return node.getText();
  return initialOf(semantics.program.unitOf(node).scopes.bindingOf(node))?.getText() ?? '';
}
