import type ts from 'typescript';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Confidence, Message, Report, Span, WitnessStep } from '../../finding.ts';
import { gaugeOf } from '../../gauges/instruments.ts';
import { kindOfName } from '../../gauges/names.ts';
import { onlyRaised } from '../../gauges/onlyRaised.ts';
import { type Unbalanced, unbalancedIn } from '../../gauges/pairs.ts';
import { type Counter, countersOf, type Update } from '../../gauges/updates.ts';
import { qualifiedName, shortText } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fixes } from './fix.ts';

const id = 'unbalanced-gauge';

export const unbalancedGauge: Rule = {
  id,
  family: 'pools',
  preset: 'recommended',
  severity: 'warning',
  summary: 'a count of what is going on that is raised and not lowered on every path',
  patterns: ['P24'],
  triggers: ['inc', 'dec', 'decrement', 'add(1', 'add(-1', '--;', '--)', '--\n', '--this', '-= 1'],
  check(file: FileAnalysis, report: (report: Report) => void) {
    const counters = countersOf(file.unit, (expression) => gaugeOf(file.semantics.inference, expression));
    for (const counter of counters) {
      // Tests count how much goes on at a time, and end.
      if (file.isTestCode && !counter.gauge) continue;
      for (const unbalanced of unbalancedIn(file, counter)) report(missed(file, unbalanced));
      const raise = onlyRaised(file, counter);
      if (raise) report(neverLowered(file, counter, raise));
    }
  },
};

function missed(file: FileAnalysis, unbalanced: Unbalanced): Report {
  const { counter, raise, lower, skip } = unbalanced;
  const { leaves, end } = skip;
  const capacity = raise.does === 'lower';
  const steps: WitnessStep[] = [
    { path: file.unit.path, span: spanOf(raise.node), label: capacity ? 'taken here' : 'raised here' },
  ];
  if (leaves) {
    const label = end === 'exit' ? 'leaves here, before it is given back' : 'an exception here skips the rest';
    steps.push({
      path: file.unit.path,
      span: spanOf(leaves.syntax),
      label: capacity ? label : label.replace('given back', 'lowered'),
    });
  }
  const last = {
    path: file.unit.path,
    span: spanOf(lower.node),
    label: capacity ? 'given back only here' : 'lowered only here',
  };
  steps.push(last);
  return {
    ...common(file, counter, raise),
    severity: end === 'exit' ? 'error' : 'warning',
    // What a test leaves behind dies with its run.
    confidence: confidenceOf(counter),
    message: messageOf(unbalanced),
    witness: steps,
    fixes: fixes(file, unbalanced),
  };
}

function messageOf({ counter, raise, skip }: Unbalanced): Message {
  const { leaves, end } = skip;
  const when =
    end === 'exit'
      ? 'when the function leaves early'
      : leaves && leaves.kind !== 'throw'
        ? `when \`${shortText(leaves.syntax, 40).replace(/^await /, '')}\` fails`
        : 'when it throws';
  if (raise.does === 'lower') {
    return {
      what: `what is taken from \`${counter.text}\` is not given back ${when}`,
      why: 'each such run takes one for ever; at none left everybody waits',
      remedy: 'give it back in `finally`',
    };
  }
  return {
    what: `\`${counter.text}\` is raised and not lowered ${when}`,
    why: counter.gauge
      ? 'the gauge drifts upwards for good: it shows work that nobody does, and alerts and limits that read it go wrong'
      : 'it counts work that is over: whoever compares it with a limit waits for ever',
    remedy: 'lower it in `finally`',
  };
}

function neverLowered(file: FileAnalysis, counter: Counter, raise: Update): Report {
  const span = spanOf(raise.node);
  const [, second] = counter.updates.filter(({ does }) => does === 'raise');
  return {
    ...common(file, counter, raise),
    severity: 'error',
    confidence: 'likely',
    message: {
      what: `\`${counter.text}\` is raised, and nothing in the project lowers it`,
      why: 'a gauge that only grows shows how much there was, not how much there is',
      remedy: 'lower it in `finally` where the work ends, or make it a counter',
    },
    witness: [
      { path: file.unit.path, span, label: 'raised here' },
      {
        path: file.unit.path,
        span: second ? spanOf(second.node) : span,
        label: second ? 'raised here, too, and lowered nowhere' : 'lowered nowhere',
      },
    ],
    fixes: [],
  };
}

function common(file: FileAnalysis, counter: Counter, { node, gauge }: Update) {
  return {
    rule: id,
    path: file.unit.path,
    span: spanOf(node),
    resource: { library: gauge?.library ?? 'javascript', kind: 'gauge', acquire: counter.name },
    enclosing: qualifiedName(node),
    acquisition: node.getText().replace(/\s+/g, ''),
  };
}

/** An instrument is proven by what made it; a number is told by its name. */
function confidenceOf(counter: Counter): Confidence {
  if (counter.gauge) return 'proven';
  return kindOfName(counter.name) === 'other' ? 'possible' : 'likely';
}

/** The first line of a node. */
function spanOf(node: ts.Node): Span {
  const file = node.getSourceFile();
  const start = node.getStart(file);
  const newline = file.text.slice(start, node.end).search(/\r?\n/);
  return { start, end: newline < 0 ? node.end : start + newline };
}
