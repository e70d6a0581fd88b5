import ts from 'typescript';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report, Span } from '../../finding.ts';
import { ifKinds, updateKinds, walkKinds } from '../../syntax/nodes.ts';
import { calleeName, memberName, qualifiedName, shortText, strip, walk } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

const id = 'sampled-cleanup';

/** What code is called that throws away what is no longer needed. */
const cleaning =
  /clean|purge|prune|evict|sweep|expire|reap|trim|compact|vacuum|garbage|(?:^|[a-z_])gc$|^gc|removeStale|removeOld|removeIdle|closeIdle|dropStale/i;

export const sampledCleanup: Rule = {
  id,
  family: 'pools',
  preset: 'strict',
  severity: 'info',
  summary: 'a clean-up that runs only when a size happens to be a multiple of something',
  patterns: ['P24'],
  triggers: ['size %', 'length %', '% '],
  check(file: FileAnalysis, report: (report: Report) => void) {
    walkKinds(file.unit.file, ifKinds, (node) => {
      if (!ts.isIfStatement(node)) return;
      const sampled = sampledIn(node.expression);
      if (!sampled || !isFitful(file, sampled.size, node)) return;
      const call = cleanUpIn(node.thenStatement);
      const name = call && calleeName(call);
      if (!call || !name || isCalledElsewhere(file, name.text, node)) return;
      report(reportOf(file, sampled, call, name));
    });
  },
};

interface Sampled {
  readonly test: ts.BinaryExpression;
  readonly size: ts.Expression;
}

/** `x.size % 100 === 0` somewhere in a condition. */
function sampledIn(condition: ts.Expression): Sampled | undefined {
  let found: Sampled | undefined;
  walk(condition, (node) => {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PercentToken) return;
    const size = strip(node.left);
    const name = memberName(size) ?? (ts.isIdentifier(size) ? size.text : undefined);
    if (name !== undefined && ts.isNumericLiteral(strip(node.right)) && Number(strip(node.right).getText()) > 1) {
      found ??= { test: node, size };
    }
  });
  return found;
}

/** Whether a number may skip the multiples, or stay on one: the size of a collection, or a count that goes down, too. */
function isFitful({ unit }: FileAnalysis, size: ts.Expression, within: ts.IfStatement): boolean {
  const name = memberName(size);
  if (name === 'size' || (name === 'length' && !isText(size))) return true;
  const text = size.getText();
  let up = false;
  let down = false;
  walkKinds(unit.file, updateKinds, (node) => {
    if (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) {
      if (node.operand.getText() !== text) return;
      up ||= node.operator === ts.SyntaxKind.PlusPlusToken;
      down ||= node.operator === ts.SyntaxKind.MinusMinusToken;
    } else if (ts.isBinaryExpression(node) && node.left.getText() === text && node.pos < within.pos) {
      down ||= node.operatorToken.kind === ts.SyntaxKind.MinusEqualsToken;
    }
  });
  return up && down;
}

function isText(size: ts.Expression): boolean {
  return (
    ts.isPropertyAccessExpression(size) &&
    /(?:text|str|string|name|line|path|message|buffer|data)$/i.test(size.expression.getText())
  );
}

function cleanUpIn(statement: ts.Statement): ts.CallExpression | undefined {
  let found: ts.CallExpression | undefined;
  walk(statement, (node) => {
    if (!found && ts.isCallExpression(node) && cleaning.test(calleeName(node)?.text ?? '')) found = node;
  });
  return found;
}

/** Whether something else runs the same clean-up: a timer, a limit. */
function isCalledElsewhere({ unit }: FileAnalysis, name: string, within: ts.IfStatement): boolean {
  let found = false;
  walk(unit.file, (node) => {
    const inside = within.pos <= node.pos && node.end <= within.end;
    if (inside || (!ts.isIdentifier(node) && !ts.isPrivateIdentifier(node)) || node.text !== name) return;
    const { parent } = node;
    // The declaration of the function is no use of it.
    const declares =
      (ts.isMethodDeclaration(parent) ||
        ts.isFunctionDeclaration(parent) ||
        ts.isVariableDeclaration(parent) ||
        ts.isPropertyDeclaration(parent)) &&
      parent.name === node;
    found ||= !declares && !ts.isImportSpecifier(parent);
  });
  return found;
}

function reportOf(
  file: FileAnalysis,
  { test, size }: Sampled,
  call: ts.CallExpression,
  name: ts.Identifier | ts.PrivateIdentifier,
): Report {
  const { path } = file.unit;
  return {
    rule: id,
    severity: 'info',
    confidence: 'likely',
    message: {
      what: `\`${name.text}\` runs only when \`${size.getText()}\` happens to be a multiple of ${test.right.getText()}`,
      why: 'the number changes in both directions and may pass by all multiples: then nothing is cleaned up; while it stays on one, every call cleans up',
      remedy: 'clean up by time, or on each insertion above a limit',
    },
    path,
    span: spanOf(test),
    resource: { library: 'javascript', kind: 'clean-up', acquire: name.text },
    witness: [
      { path, span: spanOf(test), label: 'only for multiples of it' },
      { path, span: spanOf(call), label: `\`${shortText(call.expression, 40)}\` runs, and nowhere else` },
    ],
    fixes: fixes(file, test),
    enclosing: qualifiedName(test),
    acquisition: test.getText().replace(/\s+/g, ''),
  };
}

function spanOf(node: ts.Node): Span {
  const file = node.getSourceFile();
  const start = node.getStart(file);
  const newline = file.text.slice(start, node.end).search(/\r?\n/);
  return { start, end: newline < 0 ? node.end : start + newline };
}
