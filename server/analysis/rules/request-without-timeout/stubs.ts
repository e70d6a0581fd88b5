import { literal } from '../../bounds/deadline.ts';
import { gravityOf } from '../../bounds/gravity.ts';
import { type UnlimitedStub, unlimitedStubs } from '../../bounds/stubCalls.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix, Report } from '../../finding.ts';
import { addOption } from '../../fixes/addOption.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { normalised } from '../../ownership/report.ts';
import { acquisitionSpan, lineSpan } from '../../ownership/witness.ts';
import { grpcStubs } from '../../resources/messaging/stubs.ts';
import { qualifiedName } from '../../syntax/tree.ts';

/** One report for each generated client that leaves calls without a deadline. */
export function stubReports(file: FileAnalysis): readonly Report[] {
  const gravity = gravityOf(file);
  if (!gravity) return [];
  return unlimitedStubs(file.unit).flatMap((stub) => {
    const [first, ...others] = stub.calls;
    if (!first) return [];
    const { made } = stub;
    const { path } = file.unit;
    const place = others.length > 0 ? made : first.call;
    const maker = { path, span: lineSpan(made), label: 'this client sets none for its calls' };
    const called = { path, span: acquisitionSpan(first.call), label: 'a call starts here, without a deadline' };
    return {
      rule: 'request-without-timeout',
      severity: gravity.severity,
      confidence: gravity.confidence === 'possible' ? 'possible' : 'likely',
      message: {
        what:
          others.length > 0
            ? `${stub.calls.length} calls of this client have no deadline`
            : 'this call has no deadline',
        why: 'gRPC waits without end for a server that does not answer, and the callback is never called',
        remedy: `pass \`{ ${deadline(file)} }\` before the callback`,
      },
      path,
      span: acquisitionSpan(place),
      resource: { library: grpcStubs.library, kind: 'call', acquire: 'Client' },
      witness: others.length > 0 ? [maker, called] : [called, maker],
      fixes: fixes(file, stub),
      enclosing: qualifiedName(place),
      acquisition: normalised(place),
    };
  });
}

/** A deadline is a point in time. */
const deadline = ({ options }: FileAnalysis): string => `deadline: Date.now() + ${literal(options.timeoutMs)}`;

function fixes(file: FileAnalysis, { calls }: UnlimitedStub): readonly Fix[] {
  const option = deadline(file);
  const rewriters = calls.map(({ call, index }) => addOption(call, { index }, option));
  const edits = rewriters.flatMap((rewriter) => rewriter?.edits() ?? []);
  if (rewriters.includes(undefined)) return [];
  const title = `Pass \`${option}\`${calls.length > 1 ? ' to each' : ''}`;
  return fixesOf(file.unit.path, [{ title, safety: 'suggestion', edits }]);
}
