import ts from 'typescript';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import { siteTitle } from '../../inference/modelIndex.ts';
import { keeperName } from '../../ownership/keepers.ts';
import type { SolvedObligation } from '../../ownership/ownership.ts';
import { normalised } from '../../ownership/report.ts';
import type { Overwritten } from '../../ownership/stores.ts';
import { acquisitionSpan, lineSpan } from '../../ownership/witness.ts';
import { releaseText, wordingOf } from '../../ownership/wording.ts';
import { functionName, qualifiedName } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

export const overwrittenResource: Rule = {
  id: 'overwritten-resource',
  family: 'pools',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a field or variable that gets a new open resource while the old one is still open',
  patterns: ['P25'],
  triggers: [],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const solved of file.obligations) {
      const found = solved.forgotten ? undefined : reportOf(file, solved);
      if (found) report(found);
    }
  },
};

const recovering = /reconnect|retry|recover/i;

/**
 * Whether the code runs again only where the last attempt has failed, on an `error` or in a function that connects again:
 * what is replaced there is most often dead already.
 */
function followsFailure({ repetition: { each, hops, region }, assignment }: Overwritten): boolean {
  if (each === '`error` event') return true;
  return [assignment, region, ...hops.map(({ call }) => call)].some((node) => {
    for (let current: ts.Node = node; !ts.isSourceFile(current); current = current.parent)
      if (ts.isFunctionLike(current) && recovering.test(functionName(current) ?? '')) return true;
    return false;
  });
}

function reportOf(file: FileAnalysis, solved: SolvedObligation): Report | undefined {
  const { acquisition, model, site, confidence } = solved.obligation;
  const overwritten = confidence === 'possible' ? undefined : solved.overwritten();
  if (!overwritten) return undefined;
  const { kept, assignment, repetition } = overwritten;
  const { path } = file.unit;
  const keeper = keeperName(kept.target);
  return {
    rule: 'overwritten-resource',
    severity: 'warning',
    confidence: followsFailure(overwritten) ? 'possible' : 'likely',
    message: {
      what: `every ${repetition.each} puts a new ${acquisition.kind} into \`${keeper}\`, and the old one ${wordingOf(acquisition).missed}`,
      why: acquisition.consequence,
      remedy: `call ${releaseText(acquisition)} on the old one before`,
    },
    path,
    span: acquisitionSpan(site),
    resource: { library: model.library, kind: acquisition.kind, acquire: siteTitle(acquisition.at) },
    witness: [
      { path, span: acquisitionSpan(site), label: 'acquired here' },
      { path, span: lineSpan(assignment), label: 'takes the place of the last one here' },
      ...repetition.steps,
    ],
    fixes: fixes(file, overwritten, acquisition),
    enclosing: qualifiedName(site),
    acquisition: normalised(site),
  };
}
