import ts from 'typescript';
import { isOfSilence, isOfWhole, literal } from '../bounds/deadline.ts';
import { limitFor, transferOf } from '../bounds/transfers.ts';
import type { JudgedWait } from '../bounds/waits.ts';
import type { FileAnalysis } from '../fileAnalysis.ts';
import { isFunctionLiteral, strip, unstrip } from '../syntax/tree.ts';
import { addOption, type OptionsPlace } from './addOption.ts';
import { hearError } from './hearError.ts';
import { Lines } from './lines.ts';
import type { FixPlan } from './plan.ts';
import { Rewriter } from './rewriter.ts';
import { styleOf } from './style.ts';

type Call = ts.CallExpression | ts.NewExpression;
type Bounded = Pick<JudgedWait, 'call' | 'wait' | 'optionNodes'>;

/** Gives the wait the option that its model prefers, with the configured number of milliseconds. */
export function passDeadline(file: FileAnalysis, bounded: Bounded): FixPlan | undefined {
  const { call, wait, optionNodes } = bounded;
  const { preferred } = wait;
  const takes = wait.bounds.some(({ option, ignored, emitsOnly }) => option === preferred && !ignored && !emitsOnly);
  if (preferred === undefined || !takes) return undefined;
  const place = placeOf(call, wait.options, optionNodes);
  const option = optionText(file, bounded, preferred);
  const rewriter = place && addOption(call, place, option);
  const heard = rewriter && hearError(file, bounded, rewriter);
  if (!rewriter || heard === undefined) return undefined;
  const transfer = isOfWhole(wait, preferred) && transferOf(call);
  const title = `Pass \`${option}\`${transfer ? `, for the whole ${transfer}` : ''}${heard}`;
  return { title, safety: 'suggestion', edits: rewriter.edits() };
}

/** Gives an instance the option, so that all its calls have it. */
export function passDeadlineToAll(
  file: FileAnalysis,
  call: Call,
  index: number,
  preferred: readonly string[],
): FixPlan | undefined {
  const node = call.arguments?.[index];
  if (preferred.length === 0 || call.arguments?.some(ts.isSpreadElement)) return undefined;
  const option = preferred.map((each) => nested(each, literal(file.options.timeoutMs))).join(', ');
  const rewriter = addOption(call, node ? { node } : { index }, option);
  return rewriter && { title: `Pass \`${option}\` to the instance`, safety: 'suggestion', edits: rewriter.edits() };
}

function placeOf(call: Call, indices: readonly number[], nodes: readonly ts.Expression[]): OptionsPlace | undefined {
  const args = call.arguments ?? [];
  if (args.some(ts.isSpreadElement)) return undefined;
  const written =
    nodes.find((node) => ts.isObjectLiteralExpression(strip(node))) ??
    nodes.find((node) => !isFunctionLiteral(strip(node)));
  if (written) return { node: written };
  const behind = args.findIndex((argument) => isFunctionLiteral(strip(argument)));
  const free = behind >= 0 ? behind : args.length;
  const index = [...indices].sort((a, b) => a - b).find((candidate) => candidate >= free);
  if (index === undefined || (behind >= 0 && index !== behind)) return undefined;
  return { index };
}

function optionText(file: FileAnalysis, { call, wait }: Bounded, preferred: string): string {
  const { timeoutMs } = file.options;
  const ms = literal(isOfSilence(preferred) ? timeoutMs : limitFor(call, timeoutMs));
  const own = wait.bounds.some(({ option }) => option === 'signal') ? ownSignal(call) : undefined;
  // What the object is cancelled by would otherwise wait for the limit.
  if (preferred !== 'signal' && !own) return nested(preferred, ms);
  const deadline = `AbortSignal.timeout(${ms})`;
  const given = signalInScope(file, call) ?? own;
  if (!given) return `signal: ${deadline}`;
  const others = given.certain ? given.name : `...(${given.name} ? [${given.name}] : [])`;
  return `signal: AbortSignal.any([${others}, ${deadline}])`;
}

/** `timeout.request` → `timeout: { request: 10_000 }`. */
function nested(option: string, value: string): string {
  const [last = option, ...outer] = option.split('.').reverse();
  return outer.reduce((inner, name) => `${name}: { ${inner} }`, `${last}: ${value}`);
}

interface GivenSignal {
  readonly name: string;
  readonly certain: boolean;
}

/** The signal that the object keeps by which its work is cancelled: `this.signal`. */
function ownSignal(node: ts.Node): GivenSignal | undefined {
  const method = ts.findAncestor(node, (outer) => ts.isFunctionLike(outer) && !ts.isArrowFunction(outer));
  if (!method || !ts.isMethodDeclaration(method) || !ts.isClassLike(method.parent)) return undefined;
  if (ts.getModifiers(method)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)) return undefined;
  for (const member of method.parent.members) {
    if (!ts.isPropertyDeclaration(member) || !/^#?(?:signal|abortSignal)$/.test(member.name.getText())) continue;
    const isSignal = /\bAbortSignal\b/.test(member.type?.getText() ?? '');
    const certain = member.type?.getText() === 'AbortSignal' && !member.questionToken;
    if (isSignal) return { name: `this.${member.name.getText()}`, certain };
  }
  return undefined;
}

/** The signal that the code around the wait already has. */
function signalInScope({ unit }: FileAnalysis, node: ts.Node): GivenSignal | undefined {
  for (const name of ['signal', 'abortSignal']) {
    const binding = unit.scopes.lookup(name, node);
    const parent = binding?.declarations[0]?.parent;
    if (!binding || !parent || (binding.kind !== 'parameter' && binding.kind !== 'const')) continue;
    if (ts.isParameter(parent)) {
      const typed = parent.type && ts.isTypeReferenceNode(parent.type) && parent.type.getText() === 'AbortSignal';
      return { name, certain: typed === true && !parent.questionToken };
    }
    const isOwn = ts.isVariableDeclaration(parent) && parent.initializer !== undefined;
    return { name, certain: isOwn && /\.signal$|AbortSignal\./.test(parent.initializer?.getText() ?? '') };
  }
  return undefined;
}

/** The expression by which the code can name what a call yields, and the statement in which it gets that name. */
export function namedValue(call: Call): { readonly text: string; readonly statement: ts.Statement } | undefined {
  const { parent } = unstrip(call);
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
    const list = parent.parent;
    if (!ts.isVariableDeclarationList(list) || list.declarations.length !== 1) return undefined;
    return ts.isVariableStatement(list.parent) ? { text: parent.name.text, statement: list.parent } : undefined;
  }
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  const { left } = parent;
  const statement = parent.parent;
  if (!ts.isExpressionStatement(statement) || !(ts.isIdentifier(left) || ts.isPropertyAccessExpression(left)))
    return undefined;
  return { text: left.getText(), statement };
}

/** Puts lines behind a statement of a list. */
export function insertAfter(
  statement: ts.Statement,
  texts: readonly string[],
  rewriter = new Rewriter(),
): Rewriter | undefined {
  const list = statement.parent;
  if (!ts.isBlock(list) && !ts.isSourceFile(list) && !ts.isModuleBlock(list) && !ts.isCaseOrDefaultClause(list))
    return undefined;
  const file = statement.getSourceFile();
  const lines = new Lines(file.text);
  const { newline, end } = styleOf(file);
  const indent = lines.indentAt(statement.getStart());
  const comments = ts.getTrailingCommentRanges(file.text, statement.end) ?? [];
  const at = comments.at(-1)?.end ?? statement.end;
  rewriter.insert(at, texts.map((text) => `${newline}${indent}${text}${end}`).join(''));
  return rewriter;
}
