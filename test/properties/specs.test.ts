import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import ts from 'typescript';
import { applyTextEdits } from '../../server/analysis/edit.ts';
import type { Finding } from '../../server/analysis/finding.ts';
import { analyse, root } from '../support/analyse.ts';
import { expectation } from '../support/expectation.ts';
import type { MemoryHost } from '../support/memoryHost.ts';
import { hostOf, optionsOf } from '../support/runCase.ts';
import { readSpec, type SpecCase } from '../support/specFile.ts';

/** What must hold for any program, tried on all that the specs have. */
const cases = ['test/rules', 'test/ownership', 'test/fixes'].flatMap((directory) =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => readSpec(readFileSync(`${directory}/${name}`, 'utf8'))),
);
const single = cases.filter(({ files }) => files.length === 1);

describe('for every program of the specs', () => {
  expectation('a part of it is analysed without a fault', () => {
    const cut = fc.record({
      spec: fc.constantFrom(...single),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.integer({ min: 0, max: 200 }),
    });
    fc.assert(
      fc.property(cut, ({ spec, from, length }) => {
        const { path, text } = onlyFile(spec);
        const start = Math.floor(from * text.length);
        findingsOf(spec, path, text.slice(0, start) + text.slice(start + length));
      }),
      { numRuns: 400 },
    );
  });

  expectation('lines before it, other line ends and comments change nothing', () => {
    for (const spec of single) {
      const { path, text } = onlyFile(spec);
      // Where a suppression or a marker of test code may stand, lines matter.
      if (text.includes('leakproof-ignore') || text.startsWith('#!')) continue;
      const expected = findingsOf(spec, path, text);
      const same = (changed: string, aspect: Aspect): void =>
        assert.deepEqual(aspect(findingsOf(spec, path, changed)), aspect(expected), spec.title);
      same(`\n\n// Orders.\n${text}`, gistAndFixes);
      same(text.replaceAll('\n', '\r\n'), gistAndFixes);
      // A fix that would throw a comment away is not offered.
      same(text.replaceAll(/^( +)(?=return |await |const )/gm, '$1/* here */ '), gist);
    }
  });

  expectation('names of variables change nothing', () => {
    for (const spec of single) {
      const { path, text } = onlyFile(spec);
      // A name alone may be evidence, and a property of somebody else's object keeps its name.
      if ('packages' in spec.options || /['"`.](?:client|connection)\b|\b(?:client|connection)['"]/.test(text))
        continue;
      const renamed = text.replaceAll(/\bclient\b/g, 'it_0').replaceAll(/\bconnection\b/g, 'it_1');
      const severities = (findings: readonly Finding[]): readonly string[] => findings.map(({ severity }) => severity);
      assert.deepEqual(
        severities(findingsOf(spec, path, renamed)),
        severities(findingsOf(spec, path, text)),
        spec.title,
      );
    }
  });

  expectation('a fix that is accepted takes its finding away and brings no other', () => {
    let applied = 0;
    for (const spec of cases) applied += repairEach(spec);
    assert.ok(applied > 20, `only ${applied} fixes were tried`);
  });

  expectation('repairing again and again ends', () => {
    for (const spec of single) {
      const host = hostOf(spec);
      let rounds = 0;
      while (repairFirst(host, spec)) assert.ok(++rounds <= 10, `${spec.title}: fixes without end`);
    }
  });
});

function onlyFile({ files }: SpecCase): { readonly path: string; readonly text: string } {
  const [file] = files;
  assert.ok(file);
  return { path: `${root}/${file.path}`, text: file.text };
}

function findingsOf(spec: SpecCase, path: string, text: string): readonly Finding[] {
  const host = hostOf(spec);
  host.files.set(path, text);
  return analyse(host, [path], optionsOf(spec)).results.get(path)?.findings ?? [];
}

type Aspect = (findings: readonly Finding[]) => unknown;

/** What of a finding does not depend on where it stands. */
const gist: Aspect = (findings) =>
  findings.map(({ severity, confidence, fingerprint, witness }) => {
    return { severity, confidence, fingerprint, steps: witness.map(({ label }) => label) };
  });

const gistAndFixes: Aspect = (findings) => [
  gist(findings),
  findings.map(({ fixes }) => fixes.map(({ title, safety }) => `${title} ${safety}`)),
];

/** Tries every fix of every finding, each by itself; answers how many were accepted. */
function repairEach(spec: SpecCase): number {
  const host = hostOf(spec);
  const paths = [...host.files.keys()];
  const { analysis, results } = analyse(host, paths, optionsOf(spec));
  const before = [...results.values()].flatMap(({ findings }) => findings);
  let applied = 0;
  for (const finding of before) {
    for (const fix of finding.fixes) {
      const resolved = analysis.resolveFix(finding.path, optionsOf(spec), fix);
      if ('refused' in resolved) continue;
      applied++;
      const files = new Map(host.files);
      for (const { path, edits } of resolved.edit.files) files.set(path, applyTextEdits(files.get(path) ?? '', edits));
      const where = `${spec.title}: ${fix.title}`;
      for (const { path } of resolved.edit.files) {
        assert.equal(syntaxErrors(path, files.get(path)), syntaxErrors(path, host.files.get(path)), where);
      }
      const world = hostOf(spec);
      for (const [path, text] of files) world.files.set(path, text);
      const after = [...analyse(world, paths, optionsOf(spec)).results.values()].flatMap(({ findings }) => findings);
      assert.ok(after.length < before.length, `${where}: ${after.length} findings after, ${before.length} before`);
      // Not by fingerprint or message: a repair may change the text of a call about which something else is known, too.
      const left = before.map(({ rule, enclosing }) => `${rule} in ${enclosing}`);
      const added = after.filter(({ rule, enclosing }) => {
        const known = left.indexOf(`${rule} in ${enclosing}`);
        if (known >= 0) left.splice(known, 1);
        return known < 0;
      });
      assert.deepEqual(
        added.map(({ message }) => message.what),
        [],
        where,
      );
    }
  }
  return applied;
}

/** Applies the first fix that is accepted. */
function repairFirst(host: MemoryHost, spec: SpecCase): boolean {
  const { analysis, results } = analyse(host, [...host.files.keys()], optionsOf(spec));
  for (const { path, findings } of results.values()) {
    for (const fix of findings.flatMap((finding) => finding.fixes)) {
      const resolved = analysis.resolveFix(path, optionsOf(spec), fix);
      if ('refused' in resolved) continue;
      for (const { path: edited, edits } of resolved.edit.files) {
        host.files.set(edited, applyTextEdits(host.files.get(edited) ?? '', edits));
      }
      return true;
    }
  }
  return false;
}

function syntaxErrors(path: string, text = ''): number {
  const { diagnostics } = ts.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.Latest },
  });
  return diagnostics?.length ?? 0;
}
