import ts from 'typescript';
import { callKinds, walkKinds } from '../syntax/nodes.ts';
import { calleeName, contains, enclosingRoot, isFunctionLiteral, some, strip, unstrip, walk } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { callbackLiteral, type Timer } from './timers.ts';

/** A script that is shorter than this would not be noticed to hang. */
const shortest = 10_000;

/** `setTimeout(() => process.exit(1), 300_000)` at the top of a script that ends by itself: it keeps the script alive until it fails. */
export function watchdogExit(timer: Timer, unit: SourceUnit): ts.Node | undefined {
  const own = callbackLiteral(timer);
  if (!own || timer.keeping.by !== 'nobody' || !ts.isSourceFile(enclosingRoot(timer.call))) return undefined;
  if (timer.delay === undefined || timer.delay < shortest || /\.(?:listen|serve)\s*\(/.test(unit.text))
    return undefined;
  let failing: ts.Node | undefined;
  let exits = false;
  walkKinds(unit.file, callKinds, (node) => {
    if (!ts.isCallExpression(node) || !/^process\.(?:exit|abort|kill)$/.test(node.expression.getText())) return;
    if (!contains(own, node)) exits = true;
    else if (node.arguments[0] && node.arguments[0].getText() !== '0') failing = node;
  });
  return exits ? undefined : failing;
}

/** Within less than this hardly any component goes away. */
const instant = 200;

const effects = /^use(?:Layout|Insertion)?Effect$/;

/** A timer in an effect without a clean-up that reads `ref.current` as if the component were still there. */
export function goneRef(timer: Timer): ts.Node | undefined {
  const own = callbackLiteral(timer);
  const effect = enclosingRoot(timer.call);
  if (!own || timer.keeping.by !== 'nobody' || !isFunctionLiteral(effect) || !ts.isBlock(effect.body)) return undefined;
  if (timer.delay !== undefined && timer.delay < instant) return undefined;
  const call = unstrip(effect).parent;
  if (!ts.isCallExpression(call) || !effects.test(calleeName(call)?.text ?? '')) return undefined;
  let cleansUp = false;
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression && enclosingRoot(node) === effect) cleansUp = true;
    if (contains(own, node) && ts.isPropertyAccessExpression(node) && !node.questionDotToken) {
      const base = strip(node.expression);
      const isRef = ts.isPropertyAccessExpression(base) && base.name.text === 'current' && !base.questionDotToken;
      if (isRef && isOfElement(base.expression) && !isAsked(base, own)) found ??= node;
    }
    ts.forEachChild(node, visit);
  };
  visit(effect.body);
  return cleansUp ? undefined : found;
}

/** A ref that the framework fills and empties: what begins with a value of its own keeps that. */
function isOfElement(ref: ts.Expression): boolean {
  const name = ref.getText();
  return (
    /ref$/i.test(name) &&
    !some(ref.getSourceFile(), (node) => {
      if (!ts.isVariableDeclaration(node) || node.name.getText() !== name || !node.initializer) return false;
      const made = strip(node.initializer);
      const value = ts.isCallExpression(made) ? made.arguments[0] : undefined;
      return value !== undefined && !/^(?:null|undefined)\b/.test(value.getText());
    })
  );
}

/** `if (ref.current) …` around it. */
function isAsked(ref: ts.Expression, own: ts.Node): boolean {
  const text = ref.getText();
  let asked = false;
  walk(own, (node) => {
    const condition =
      ts.isIfStatement(node) || ts.isConditionalExpression(node)
        ? ts.isIfStatement(node)
          ? node.expression
          : node.condition
        : ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
          ? node.left
          : undefined;
    asked ||= condition?.getText().includes(text) ?? false;
  });
  return asked;
}
