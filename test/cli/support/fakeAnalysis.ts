import { existsSync } from 'node:fs';
import type { Analysis, ResolvedFix } from '../../../server/analysis/check.ts';
import type { WorkspaceEdit } from '../../../server/analysis/edit.ts';
import type { Finding, Fix } from '../../../server/analysis/finding.ts';
import type { Host } from '../../../server/analysis/host.ts';
import type { FileOptions } from '../../../server/analysis/options.ts';
import type { FileResult } from '../../../server/analysis/result.ts';

const acquisition = /^([ \t]*)const (\w+) = (acquire\w*)\((\w*)\);.*$/gm;

/**
 * An analysis by regular expressions, so that the command line is tested without the engine's judgement.
 * `const x = acquire(…);` leaks unless the file holds `release(x)`; the argument says what the fixes do.
 */
export function createFakeAnalysis(host: Host): Analysis {
  return {
    check: (path, options) => check(host, path, options),
    invalidate() {},
    isRedeclared: () => true,
    resolveFix(_path, _options, fix): ResolvedFix {
      const edit = fix.build();
      if (fix.title.includes('stubborn')) return { refused: 'the release would come too early' };
      return edit === undefined ? { refused: 'nothing to edit' } : { edit };
    },
    acquiringExports(path) {
      const text = host.read(path) ?? '';
      return [...text.matchAll(/export function (\w+)\(\) \{ return acquire/g)].map((match) => match[1] ?? '');
    },
  };
}

function check(host: Host, path: string, options: FileOptions): FileResult {
  const text = host.read(path) ?? '';
  if (text.includes('crash()')) throw new TypeError('the fake analysis crashed');
  while (text.includes('hang()') && !host.cancelled()) pause();
  const findings: Finding[] = [];
  let released = 0;
  for (const match of text.matchAll(acquisition)) {
    const [statement, indent = '', name = '', , kind = ''] = match;
    if (text.includes(`release(${name})`)) released++;
    else
      findings.push(finding(host, path, options, { text, start: match.index + indent.length, statement, name, kind }));
  }
  const unused = text.indexOf('// leakproof-ignore nothing');
  return {
    path,
    findings: findings.filter((each) => options.rules[each.rule] !== 'off'),
    acquisitions: [
      ...findings.map(({ span }) => ({ span, acquire: 'acquire', verdict: 'leaking' as const, reason: undefined })),
      ...Array.from({ length: released }, () => ({
        span: { start: 0, end: 0 },
        acquire: 'acquire',
        verdict: 'proven' as const,
        reason: undefined,
      })),
    ],
    suppressionProblems:
      unused === -1 ? [] : [{ span: { start: unused, end: unused + 5 }, message: 'this comment suppresses nothing' }],
  };
}

interface Site {
  readonly text: string;
  readonly start: number;
  readonly statement: string;
  readonly name: string;
  readonly kind: string;
}

function finding(host: Host, path: string, options: FileOptions, site: Site): Finding {
  const start = site.text.indexOf('acquire', site.start);
  const span = { start, end: start + 'acquire'.length };
  const exit = site.text.indexOf('return', start);
  const suppressed = site.statement.includes('leakproof-ignore unreturned-pool-get');
  const override = options.rules['unreturned-pool-get'];
  const elsewhere = /import .* from '(\.[^']*)'/.exec(site.text)?.[1];
  const other = elsewhere === undefined ? undefined : host.resolve(path, elsewhere);
  return {
    rule: 'unreturned-pool-get',
    family: 'pools',
    severity: override !== undefined && override !== 'off' ? override : site.kind === 'warn' ? 'warning' : 'error',
    confidence: 'proven',
    message: {
      what: `\`${site.name}\` is not released`,
      why: 'The pool runs dry',
      remedy: 'Release it in `finally`',
    },
    path,
    span,
    resource: { library: 'fake', kind: 'thing', acquire: 'acquire' },
    witness: [
      { path, span, label: 'acquired here' },
      ...(other === undefined ? [] : [{ path: other, span: { start: 0, end: 6 }, label: 'passes through here' }]),
      { path, span: exit === -1 ? span : { start: exit, end: exit + 'return'.length }, label: 'leaves here' },
    ],
    fixes: fixes(path, site, other),
    enclosing: '<module>',
    acquisition: 'acquire()',
    fingerprint: `${site.name}-${path.slice(options.packageRoot.length)}`,
    suppressed: suppressed ? { by: 'comment', reason: 'on purpose' } : undefined,
  };
}

function fixes(path: string, site: Site, other: string | undefined): Fix[] {
  const after = site.start + site.statement.trimStart().length;
  const lineEnd = site.text[after - 1] === '\r' ? after - 1 : after;
  const release = { start: lineEnd, end: lineEnd, text: ` release(${site.name});` };
  const here = (edits: WorkspaceEdit['files'][number]['edits']): WorkspaceEdit => ({
    files: [{ path, create: false, edits }],
  });
  const directory = path.slice(0, path.lastIndexOf('/'));
  switch (site.kind) {
    case 'stubborn':
      return [{ title: 'A stubborn fix', safety: 'safe', build: () => here([release]) }];
    case 'suggest':
      return [{ title: 'Release at once', safety: 'suggestion', build: () => here([release]) }];
    case 'imports': {
      // Every such fix touches the first line as well: two of them cannot be made in one pass.
      const header = { start: 0, end: 0, text: `/* ${site.name} */ ` };
      return [{ title: 'Release with a header', safety: 'safe', build: () => here([header, release]) }];
    }
    case 'creates':
      return [
        {
          title: 'Release through a new module',
          safety: 'suggestion',
          build: () => ({
            files: [
              { path, create: false, edits: [release] },
              {
                path: `${directory}/hub.ts`,
                create: true,
                edits: [{ start: 0, end: 0, text: 'export const hub = 1;\n' }],
              },
            ],
          }),
        },
      ];
    case 'spreads': {
      const note = { start: 0, end: 0, text: `// ${site.name} is released\n` };
      const elsewhere = other === undefined ? [] : [{ path: other, create: false, edits: [note] }];
      const edit = { files: [{ path, create: false, edits: [release] }, ...elsewhere] };
      // As long as a test wants something to happen before.
      const build = () => {
        while (existsSync(`${directory}/hold`)) pause();
        return edit;
      };
      return [{ title: 'Release and say so elsewhere', safety: 'safe', build }];
    }
    case 'forever':
      return [{ title: 'Grow', safety: 'safe', build: () => here([{ start: 0, end: 0, text: '// again\n' }]) }];
    case 'none':
      return [];
    default:
      return [{ title: 'Release at once', safety: 'safe', build: () => here([release]) }];
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
}
