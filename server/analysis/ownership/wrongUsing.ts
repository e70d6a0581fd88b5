import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Message, Report } from '../finding.ts';
import { siteTitle } from '../inference/modelIndex.ts';
import type { Acquisition } from '../resources/model.ts';
import { qualifiedName, unstrip } from '../syntax/tree.ts';
import type { SolvedObligation } from './ownership.ts';
import { normalised } from './report.ts';
import { acquisitionSpan, lineSpan } from './witness.ts';

/** The report of a `using` that throws a TypeError when it gets what was acquired: nobody has that then. */
export function wrongUsing(rule: string, file: FileAnalysis, { obligation }: SolvedObligation): Report | undefined {
  const { acquisition, model, site, confidence } = obligation;
  if (!acquisition.yields.every((it) => it.via === 'promise' && !it.path)) return undefined;
  const call = unstrip(site);
  const isAwaited = ts.isAwaitExpression(call.parent);
  const declaration = isAwaited ? unstrip(call.parent).parent : call.parent;
  if (!ts.isVariableDeclaration(declaration)) return undefined;
  const keyword = declaration.parent.flags & ts.NodeFlags.AwaitUsing;
  const isSync = keyword === ts.NodeFlags.Using;
  if (!isSync && keyword !== ts.NodeFlags.AwaitUsing) return undefined;
  if (isAwaited && !(isSync && isAsyncOnly(acquisition))) return undefined;
  const { path } = file.unit;
  const span = acquisitionSpan(site);
  return {
    rule,
    severity: 'error',
    confidence,
    message: messageOf(acquisition, isAwaited),
    path,
    span,
    resource: { library: model.library, kind: acquisition.kind, acquire: siteTitle(acquisition.at) },
    witness: [
      { path, span, label: 'acquired here' },
      { path, span: lineSpan(declaration.name), label: 'the declaration throws a TypeError, and nobody has it' },
    ],
    fixes: [],
    enclosing: qualifiedName(site),
    acquisition: normalised(site),
  };
}

const isAsyncOnly = ({ disposal }: Acquisition): boolean =>
  disposal?.every((support) => support.disposal === 'async') ?? false;

function messageOf({ kind }: Acquisition, isAwaited: boolean): Message {
  return isAwaited
    ? {
        what: `this ${kind} can only be disposed asynchronously: \`using\` throws, and it is never released`,
        why: '`using` asks for `Symbol.dispose`, and throws a TypeError where there is none',
        remedy: 'write `await using`',
      }
    : {
        what: `\`using\` is given a promise of this ${kind}: it throws, and what was acquired is never released`,
        why: 'a promise has no method to dispose it, and the declaration throws a TypeError',
        remedy: 'wait for it: `await using … = await …`',
      };
}
