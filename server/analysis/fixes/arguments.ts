import ts from 'typescript';
import { originOf } from '../detachment/origins.ts';
import type { TextEdit } from '../edit.ts';
import { abortable } from '../resources/abortable.ts';
import { strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';

/** Adds an argument at an index; those that are missing before it become `undefined`. */
export function addArgument(call: ts.CallExpression, index: number, text: string): readonly TextEdit[] | undefined {
  const { arguments: args } = call;
  if (args.length > index || args.some(ts.isSpreadElement)) return undefined;
  const missing = Array.from({ length: index - args.length }, () => 'undefined');
  const last = args.at(-1);
  const added = [...missing, text].join(', ');
  const at = last?.end ?? call.end - 1;
  return [{ start: at, end: at, text: last ? `, ${added}` : added }];
}

/** Adds a property to an argument that is an object literal. */
export function addProperty(argument: ts.Expression | undefined, text: string): readonly TextEdit[] | undefined {
  const object = argument && strip(argument);
  if (!object || !ts.isObjectLiteralExpression(object)) return undefined;
  const { properties } = object;
  const last = properties.at(-1);
  if (!last) return [{ start: object.getStart(), end: object.end, text: `{ ${text} }` }];
  const source = object.getSourceFile();
  const between = source.text.slice(source.text.lastIndexOf('\n', last.getStart()) + 1, last.getStart());
  const isOnOwnLine = between.trim() === '' && source.text.slice(object.getStart(), last.getStart()).includes('\n');
  const newline = source.text.includes('\r\n') ? '\r\n' : '\n';
  return [{ start: last.end, end: last.end, text: isOnOwnLine ? `,${newline}${between}${text}` : `, ${text}` }];
}

/** The index at which a function of the runtime takes options with a signal, where it has none yet. */
export function signalPlace(call: ts.CallExpression, unit: SourceUnit): number | undefined {
  const origin = originOf(call.expression, unit);
  const functions = origin && abortable[origin.module ?? ''];
  const index = origin && functions && Object.hasOwn(functions, origin.name) ? functions[origin.name] : undefined;
  return index !== undefined && call.arguments.length <= index ? index : undefined;
}
