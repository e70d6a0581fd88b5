import { endMissing } from '../../contexts/droppedIn.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { siteTitle } from '../../inference/modelIndex.ts';
import type { SolvedObligation } from '../../ownership/ownership.ts';
import { acquisitionSpan } from '../../ownership/witness.ts';
import { releaseText } from '../../ownership/wording.ts';
import { functionName, qualifiedName, shortText } from '../../syntax/tree.ts';

/** What goes on by itself, and works for an object of the code until it is closed. */
const goesOn = /^(?:file watcher|server|web socket server|worker thread)$/;

/** What an object opens for its own life and drops: the method that ends the object cannot close it. */
export function droppedReport(file: FileAnalysis, solved: SolvedObligation): Report | undefined {
  const { acquisition, model, site, confidence } = solved.obligation;
  const { discharges, handovers, gaveUp } = solved.exploration;
  if (!goesOn.test(acquisition.kind) || file.isTestCode || confidence === 'possible') return undefined;
  if (gaveUp || discharges.size > 0 || handovers.length > 0 || file.contexts.repeated.of(site)) return undefined;
  const end = endMissing(site);
  if (!end) return undefined;
  const { path } = file.unit;
  const span = acquisitionSpan(site);
  const name = functionName(end as Parameters<typeof functionName>[0]) ?? 'close';
  const start = end.getStart();
  return {
    rule: 'unclosed-handle',
    severity: 'warning',
    confidence: 'likely',
    message: {
      what: `this ${acquisition.kind} outlives its object: nothing keeps it, so \`${name}\` cannot close it`,
      why: acquisition.consequence,
      remedy: `keep it in a field and call ${releaseText(acquisition)} in \`${name}\``,
    },
    path,
    span,
    resource: { library: model.library, kind: acquisition.kind, acquire: siteTitle(acquisition.at) },
    witness: [
      { path, span, label: 'opened here, and dropped' },
      {
        path,
        span: { start, end: Math.min(end.end, firstLineEnd(end.getSourceFile().text, start)) },
        label: 'ends what the object holds',
      },
    ],
    fixes: [],
    enclosing: qualifiedName(site),
    acquisition: shortText(site.expression, 80).replace(/\s+/g, ''),
  };
}

function firstLineEnd(text: string, start: number): number {
  const line = text.slice(start).search(/[\r\n]/);
  return line < 0 ? text.length : start + line;
}
