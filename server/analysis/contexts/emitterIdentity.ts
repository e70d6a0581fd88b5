import ts from 'typescript';
import { fieldAssignments } from '../inference/members.ts';
import type { Semantics } from '../semantics/semantics.ts';
import type { Binding } from '../syntax/scopes.ts';
import { contains, enclosingClass, enclosingRoot, strip } from '../syntax/tree.ts';

/** Objects of the platform of which there is one, and no two names are one. */
const single = new Set([
  ...[
    'window',
    'document',
    'document.body',
    'document.documentElement',
    'document.head',
    'visualViewport',
    'navigator',
  ],
  ...['process', 'process.stdin', 'process.stdout', 'process.stderr'],
]);

/** What an expression stands for, where that is one object for certain: a platform's, or what one `new` makes. */
export function identityOf(semantics: Semantics, emitter: ts.Expression): string | Binding | ts.Node | undefined {
  const node = strip(emitter);
  if (ts.isIdentifier(node)) {
    const binding = semantics.program.unitOf(node).scopes.bindingOf(node);
    return binding ? ofBinding(binding) : ofPlatform(node.text);
  }
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  if (node.expression.kind === ts.SyntaxKind.ThisKeyword) return ofField(node);
  const root = rootOf(node);
  const isGlobal = root && !semantics.program.unitOf(root).scopes.bindingOf(root);
  return isGlobal ? ofPlatform(node.getText().replace(/\s+|[?!](?=\.|$)/g, '')) : undefined;
}

function ofPlatform(text: string): string | undefined {
  const name = text.replace(/^(?:window|globalThis|self)\.(?=.)/, '').replace(/^(?:globalThis|self)$/, 'window');
  return single.has(name) ? name : undefined;
}

function rootOf(node: ts.Expression): ts.Identifier | undefined {
  let base = node;
  while (ts.isPropertyAccessExpression(base)) base = strip(base.expression);
  return ts.isIdentifier(base) ? base : undefined;
}

/** `const bus = new EventEmitter()` */
function ofBinding(binding: Binding): Binding | undefined {
  const [declared, another] = binding.declarations;
  const parent = declared?.parent;
  if (!parent || another || binding.writes.some((it) => it.parent !== parent)) return undefined;
  return ts.isVariableDeclaration(parent) && parent.initializer && ts.isNewExpression(strip(parent.initializer))
    ? binding
    : undefined;
}

/** `this.bus = new EventEmitter()`, once, where the object is made. */
function ofField(node: ts.PropertyAccessExpression): ts.Node | undefined {
  const owner = enclosingClass(node);
  if (!owner) return undefined;
  const initial = owner.members.find(
    (it): it is ts.PropertyDeclaration => ts.isPropertyDeclaration(it) && it.name.getText() === node.name.text,
  )?.initializer;
  const written = fieldAssignments(owner, node.name.text);
  const values = [...(initial ? [initial] : []), ...written.map(({ right }) => right)];
  const [only] = values;
  const isOfMaker = written.every(({ left }) => {
    const root = enclosingRoot(left);
    return ts.isConstructorDeclaration(root) && contains(owner, root);
  });
  return values.length === 1 && only && isOfMaker && ts.isNewExpression(strip(only)) ? only : undefined;
}
