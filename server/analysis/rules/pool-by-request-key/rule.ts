import ts from 'typescript';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Confidence, Report, Span } from '../../finding.ts';
import { connectionKeepers } from '../../resources/keepsConnections.ts';
import { callAndAssignmentKinds, walkKinds } from '../../syntax/nodes.ts';
import { calleeName, isRoot, memberName, qualifiedName, receiver, shortText, strip, walk } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';

const id = 'pool-by-request-key';

/** Objects that stand for one request. */
const request = /^(?:req|request|ctx|context|socket|sock|conn|event|call|msg|message|headers|query|params|body)$/i;
/** Names of values that come with each request. A tenant is none: tenants are few, and stay. */
const perRequest =
  /^(?:host|host_?name|sni|server_?name|domain|origin|authority|remote_?(?:host|addr|address|ip)|target_?(?:host|addr|address|url)|client_?ip|ip|url|uri|href)$/i;

export const poolByRequestKey: Rule = {
  id,
  family: 'pools',
  preset: 'strict',
  severity: 'info',
  summary: 'clients or pools that are kept by a value of the request and never let go',
  patterns: ['P24'],
  triggers: connectionKeepers.names,
  check(file: FileAnalysis, report: (report: Report) => void) {
    walkKinds(file.unit.file, callAndAssignmentKinds, (node) => {
      const kept = keptAt(node);
      if (!kept || !isPooled(file, kept.value)) return;
      const collection = sharedCollection(file, kept.collection);
      if (!collection || isBounded(file, collection)) return;
      const confidence = confidenceOf(file, kept.key);
      if (confidence) report(reportOf(file, kept, confidence));
    });
  },
};

interface Kept {
  readonly node: ts.Node;
  readonly collection: ts.Expression;
  readonly key: ts.Expression;
  readonly value: ts.Expression;
}

/** `pools.set(host, pool)`, `pools[host] = pool`, `pools[host] ??= …`. */
function keptAt(node: ts.Node): Kept | undefined {
  if (ts.isCallExpression(node)) {
    const collection = receiver(node);
    const [key, value] = node.arguments;
    if (!collection || !key || !value || memberName(strip(node.expression)) !== 'set') return undefined;
    return { node, collection: strip(collection), key: strip(key), value: strip(value) };
  }
  if (!ts.isBinaryExpression(node) || !ts.isElementAccessExpression(node.left)) return undefined;
  const { kind } = node.operatorToken;
  const assigns = [
    ts.SyntaxKind.EqualsToken,
    ts.SyntaxKind.QuestionQuestionEqualsToken,
    ts.SyntaxKind.BarBarEqualsToken,
  ];
  if (!assigns.includes(kind)) return undefined;
  const { expression, argumentExpression } = node.left;
  return { node, collection: strip(expression), key: strip(argumentExpression), value: strip(node.right) };
}

/** Whether a value keeps connections open: by what makes it. */
function isPooled(file: FileAnalysis, value: ts.Expression): boolean {
  const maker = makerOf(file, value);
  if (!maker) return false;
  const name = calleeName(maker)?.text ?? '';
  return ts.isNewExpression(maker) ? connectionKeepers.constructs.test(name) : connectionKeepers.makes.test(name);
}

function makerOf({ unit }: FileAnalysis, value: ts.Expression): ts.CallExpression | ts.NewExpression | undefined {
  const plain = madeIn(value);
  if (ts.isNewExpression(plain) || ts.isCallExpression(plain)) return plain;
  if (!ts.isIdentifier(plain)) return undefined;
  const binding = unit.scopes.bindingOf(plain);
  const declared = binding?.declarations[0]?.parent;
  const written = binding?.writes.map(({ parent }) => (ts.isBinaryExpression(parent) ? parent.right : undefined)) ?? [];
  const sources = [declared && ts.isVariableDeclaration(declared) ? declared.initializer : undefined, ...written];
  for (const source of sources) {
    const inner = source && madeIn(strip(source));
    if (inner && ts.isNewExpression(inner)) return inner;
    if (inner && ts.isCallExpression(inner) && memberName(strip(inner.expression)) !== 'get') return inner;
  }
  return undefined;
}

/** The making behind `await` and `known ?? make()`. */
function madeIn(value: ts.Expression): ts.Expression {
  if (ts.isAwaitExpression(value)) return madeIn(strip(value.expression));
  if (ts.isConditionalExpression(value)) return madeIn(strip(value.whenFalse));
  if (!ts.isBinaryExpression(value)) return value;
  const { kind } = value.operatorToken;
  const falls = kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
  return falls ? madeIn(strip(value.right)) : value;
}

interface Collection {
  readonly text: string;
  readonly name: string;
}

/** A plain Map or object outside of the function: what bounds itself is something else. */
function sharedCollection({ unit }: FileAnalysis, expression: ts.Expression): Collection | undefined {
  const text = expression.getText();
  let initializer: ts.Expression | undefined;
  let name: string | undefined;
  if (ts.isIdentifier(expression)) {
    const declared = unit.scopes.bindingOf(expression)?.declarations[0];
    if (!declared || !ts.isVariableDeclaration(declared.parent)) return undefined;
    for (let current: ts.Node = declared; !ts.isSourceFile(current); current = current.parent) {
      if (isRoot(current) && current.pos <= expression.pos && sameRun(current, expression)) return undefined;
    }
    initializer = declared.parent.initializer;
    name = expression.text;
  } else if (ts.isPropertyAccessExpression(expression) && expression.expression.kind === ts.SyntaxKind.ThisKeyword) {
    name = expression.name.text;
    walk(unit.file, (node) => {
      if (ts.isPropertyDeclaration(node) && node.name.getText() === expression.name.text)
        initializer ??= node.initializer;
      else if (ts.isBinaryExpression(node) && node.left.getText() === text) initializer ??= node.right;
    });
  }
  const value = initializer && strip(initializer);
  if (name === undefined || !value) return undefined;
  const plain =
    ts.isObjectLiteralExpression(value) ||
    (ts.isNewExpression(value) && value.expression.getText() === 'Map') ||
    value.getText() === 'Object.create(null)';
  return plain ? { text, name } : undefined;
}

/** Whether the collection lives no longer than the call that fills it. */
function sameRun(root: ts.Node, use: ts.Node): boolean {
  for (let current = use.parent; current; current = current.parent) if (isRoot(current)) return current === root;
  return false;
}

/** Whether entries go away, or their number is looked at. Other files are read as text. */
function isBounded({ unit, program }: FileAnalysis, { name }: Collection): boolean {
  const word = name.replace(/[^\w]/g, '\\$&');
  const bound = new RegExp(
    `(?<![\\w$])${word}\\s*\\??\\.\\s*(?:delete|clear|size)(?![\\w$])|\\bdelete\\s+(?:[\\w.]+\\.)?${word}\\s*\\[|Object\\.keys\\(\\s*(?:[\\w.]+\\.)?${word}\\s*\\)\\.length|[(,]\\s*(?:this\\.)?${word}\\s*[,)]`,
  );
  const paths = name.startsWith('#') ? [unit.path] : (program.host.mentioning(unit.path, name) ?? []);
  return paths.length === 0 || paths.some((path) => bound.test(program.host.read(path) ?? ''));
}

/** How sure it is that the key comes with the request; `undefined`: nothing says so. */
function confidenceOf(file: FileAnalysis, key: ts.Expression): Confidence | undefined {
  const names = namesIn(file, key, 3);
  if (names.some(({ text, root }) => root && request.test(text))) return 'likely';
  return names.some(({ text, parameter }) => parameter && perRequest.test(text)) ? 'possible' : undefined;
}

interface Name {
  readonly text: string;
  /** The object that properties are read of. */
  readonly root: boolean;
  readonly parameter: boolean;
}

/** The names that a key is made of, through the variables that hold it. */
function namesIn(file: FileAnalysis, node: ts.Expression, steps: number): readonly Name[] {
  const found: Name[] = [];
  walk(node, (inner) => {
    if (!ts.isIdentifier(inner)) return;
    const binding = file.unit.scopes.bindingOf(inner);
    const declaration = binding?.declarations[0];
    if (!declaration) return;
    const holder = declaration.parent;
    const parameter = binding.kind === 'parameter';
    const root = parameter && ts.isPropertyAccessExpression(inner.parent) && inner.parent.expression === inner;
    found.push({ text: inner.text, root, parameter });
    if (steps === 0) return;
    if (ts.isVariableDeclaration(holder) && holder.initializer && binding.kind === 'const') {
      found.push(...namesIn(file, holder.initializer, steps - 1));
    } else if (ts.isBindingElement(holder)) {
      const variable = holder.parent.parent;
      if (ts.isVariableDeclaration(variable) && variable.initializer) {
        const source = strip(variable.initializer);
        found.push(...namesIn(file, source, steps - 1));
        if (ts.isIdentifier(source)) found.push({ text: source.text, root: true, parameter: true });
      }
    }
  });
  return found;
}

function reportOf(file: FileAnalysis, { node, collection, key, value }: Kept, confidence: Confidence): Report {
  const { path } = file.unit;
  const text = shortText(collection, 30);
  const maker = makerOf(file, value);
  return {
    rule: id,
    severity: 'info',
    confidence: confidence,
    message: {
      what: `\`${text}\` keeps one of these for every \`${shortText(key, 30)}\`, and nothing ever takes it out`,
      why: 'whoever sends requests decides how many there are: entries that are never asked for again keep their connections as long as the process lives',
      remedy: 'make it for the request and close it in `finally`, or bound the number and close what is evicted',
    },
    path,
    span: spanOf(node),
    resource: { library: 'javascript', kind: 'pool', acquire: text },
    witness: [
      { path, span: spanOf(maker ?? value), label: 'made here' },
      { path, span: spanOf(key), label: 'kept under a value that comes with the request, and never evicted' },
    ],
    fixes: [],
    enclosing: qualifiedName(node),
    acquisition: `${text}[${shortText(key, 30)}]`.replace(/\s+/g, ''),
  };
}

function spanOf(node: ts.Node): Span {
  const file = node.getSourceFile();
  const start = node.getStart(file);
  const newline = file.text.slice(start, node.end).search(/\r?\n/);
  return { start, end: newline < 0 ? node.end : start + newline };
}
