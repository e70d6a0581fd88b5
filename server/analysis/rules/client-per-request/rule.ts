import type ts from 'typescript';
import { type EachCall, madeForEachCall } from '../../contexts/eachCall.ts';
import { isEndedInside } from '../../contexts/endedInside.ts';
import { isReconnect, isRetry } from '../../contexts/reconnects.ts';
import { type Repetition, spanOf } from '../../contexts/repeated.ts';
import { repetitionConfidence } from '../../contexts/report.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Confidence, Report } from '../../finding.ts';
import { siteTitle } from '../../inference/modelIndex.ts';
import type { SolvedObligation } from '../../ownership/ownership.ts';
import { acquisitionSpan } from '../../ownership/witness.ts';
import { qualifiedName, shortText } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

const id = 'client-per-request';

/** What one call uses up: servers, watchers and channels go on by themselves. */
const inUse = /client|pool$|connection|driver|data source|^database$/;

export const clientPerRequest: Rule = {
  id,
  family: 'pools',
  preset: 'recommended',
  severity: 'error',
  summary: 'a pool or client meant for the whole application that is made again and again',
  patterns: ['P15', 'P16'],
  triggers: [],
  check(file: FileAnalysis, report: (report: Report) => void) {
    for (const solved of file.obligations) {
      const { acquisition, site } = solved.obligation;
      if (acquisition.lifetime !== 'application' || !isForgotten(solved)) continue;
      if (isEnded(file, solved)) continue;
      const repetition = file.contexts.repeated.of(site);
      if (!repetition) {
        const each = inUse.test(acquisition.kind) ? madeForEachCall(file.semantics, site) : undefined;
        if (each) report(reportOfCall(file, solved, each));
      } else if (!isReconnect(file.semantics, site, acquisition.kind, repetition))
        report(reportOf(file, solved, repetition));
    }
  },
};

/** Nothing closes it and nobody else has it: the next one is made beside it. */
function isForgotten({ exploration: { discharges, handovers, gaveUp } }: SolvedObligation): boolean {
  return !gaveUp && discharges.size === 0 && handovers.length === 0;
}

/** Whether what it calls back ends it: `server.listen(port, () => server.close())`, or the end of its one request. */
function isEnded(file: FileAnalysis, { obligation: { acquisition, site } }: SolvedObligation): boolean {
  const methods = new Set(acquisition.discharges.flatMap((it) => (it.by === 'method' ? [it.name] : [])));
  // A server that fails never listened.
  return isEndedInside(file.program, site, methods, !inUse.test(acquisition.kind));
}

/** Whether hardly more than a few come together. */
function isBounded(file: FileAnalysis, site: ts.Node, repetition: Repetition): boolean {
  return file.isTestCode || repetition.times === 'element' || isRetry(site, repetition);
}

function reportOf(file: FileAnalysis, solved: SolvedObligation, repetition: Repetition): Report {
  const { acquisition, model, site, confidence } = solved.obligation;
  const { path } = file.unit;
  const span = acquisitionSpan(site);
  return {
    rule: id,
    severity: 'error',
    confidence: isBounded(file, site, repetition) ? 'possible' : weaker(confidence, repetition),
    message: {
      what: `every ${repetition.each} makes another ${acquisition.kind}, and none is closed`,
      why: acquisition.consequence,
      remedy: 'make one for the whole module and share it',
    },
    path,
    span,
    resource: { library: model.library, kind: acquisition.kind, acquire: siteTitle(acquisition.at) },
    witness: [{ path, span, label: 'made here' }, ...repetition.steps],
    fixes: fixes(file, solved),
    enclosing: qualifiedName(site),
    acquisition: shortText(site.expression, 80).replace(/\s+/g, ''),
  };
}

function reportOfCall(file: FileAnalysis, solved: SolvedObligation, { name, parameter, isMadeOf }: EachCall): Report {
  const { acquisition, model, site, confidence } = solved.obligation;
  const { path } = file.unit;
  const span = acquisitionSpan(site);
  const label = `comes with each call, and decides what is ${isMadeOf ? 'made' : 'done'}`;
  const given = { path, span: spanOf(parameter.name), label };
  return {
    rule: id,
    severity: 'error',
    confidence: confidence === 'possible' ? 'possible' : 'likely',
    message: {
      what: `every call of \`${name}\` makes another ${acquisition.kind}${isMadeOf ? ' out of what it is given' : ''}, and none is closed`,
      why: acquisition.consequence,
      remedy: isMadeOf
        ? 'close it in `finally`, or keep one for each address and share it'
        : 'close it in `finally`, or make one for the whole module and share it',
    },
    path,
    span,
    resource: { library: model.library, kind: acquisition.kind, acquire: siteTitle(acquisition.at) },
    witness: [{ path, span, label: 'made here' }, given],
    fixes: isMadeOf ? [] : fixes(file, solved),
    enclosing: qualifiedName(site),
    acquisition: shortText(site.expression, 80).replace(/\s+/g, ''),
  };
}

function weaker(confidence: Confidence, repetition: Repetition): Confidence {
  return confidence === 'proven' ? repetitionConfidence(repetition) : confidence;
}
