import ts from 'typescript';
import type { Host } from '../host.ts';
import { calleeName, isFunctionLiteral, strip } from '../syntax/tree.ts';
import { isPartOfCommand } from './handRun.ts';

/** What a command line hands to the function of a command. */
const parsed = /^_?(?:arg[sv]|yargs|cli|options|opts|flags|cmd|command|program)$/i;
/** What frameworks hand to the function of a route, of an event or of a job. */
const received =
  /^_?(?:req|request|c|ctx|context|e|ev|event|evt|h|conn|connection|socket|ws|msg|message|job|interaction|payload|params|body|query)$/i;
/** Properties of an object that describes a command. */
const ofCommand = new Set(['command', 'builder', 'describe', 'desc', 'aliases', 'usage', 'flags', 'args']);
/** Properties of an object that describes a route. */
const ofRoute = new Set(['method', 'methods', 'path', 'url', 'route', 'uri']);
const commandMakers = /command|cmd|cli$|yargs|program|task|prompt/i;
const routeMakers =
  /route|endpoint|serve|procedure|middleware|hook|tool|queue|worker|consumer|job|event|request|resolver/i;

/**
 * Whether the function behind `{ handler }` is called for each request: by what it takes, by what stands beside it, or by
 * who takes the object. Commands of a command line look the same, and run one time for each process.
 */
export function isRequestHandler(host: Host, member: ts.ObjectLiteralElementLike, taker: ts.Node | undefined): boolean {
  const { parent } = member;
  if (!ts.isObjectLiteralExpression(parent) || isPartOfCommand(host, member.getSourceFile().fileName)) return false;
  const beside = parent.properties.map((it) => it.name?.getText() ?? '');
  if (beside.some((name) => ofCommand.has(name))) return false;
  const maker =
    taker && (ts.isCallExpression(taker) || ts.isNewExpression(taker)) ? calleeName(taker)?.text : undefined;
  if (maker !== undefined && commandMakers.test(maker)) return false;
  const taken = firstParameter(ts.isPropertyAssignment(member) ? strip(member.initializer) : member);
  if (taken.some((name) => parsed.test(name))) return false;
  return (
    taken.some((name) => received.test(name)) ||
    beside.some((name) => ofRoute.has(name)) ||
    (maker !== undefined && routeMakers.test(maker))
  );
}

/** Whether what a module exports beside `handler`, or what that takes, makes it the module of a command. */
export function isCommandModule(host: Host, fn: ts.FunctionLikeDeclaration, exported: Iterable<string>): boolean {
  if (isPartOfCommand(host, fn.getSourceFile().fileName)) return true;
  return [...exported].some((name) => ofCommand.has(name)) || firstParameter(fn).some((name) => parsed.test(name));
}

/** The names that a function has for what it is given first. */
function firstParameter(fn: ts.Node): readonly string[] {
  if (!isFunctionLiteral(fn) && !ts.isMethodDeclaration(fn) && !ts.isFunctionDeclaration(fn)) return [];
  const name = fn.parameters[0]?.name;
  if (!name) return [];
  return ts.isObjectBindingPattern(name)
    ? name.elements.map((it) => (it.propertyName ?? it.name).getText())
    : [name.getText()];
}
