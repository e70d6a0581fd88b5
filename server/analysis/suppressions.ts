import ts from 'typescript';
import type { Span, Suppression } from './finding.ts';
import type { SuppressionProblem } from './result.ts';

/** One comment that silences rules on a line or in the whole file. */
interface Directive {
  readonly span: Span;
  readonly rules: readonly string[];
  readonly reason: string | undefined;
  /** The line it governs, counted from 0; `undefined`: the whole file. */
  readonly line: number | undefined;
}

const marker = /leakproof-ignore(-file)?(?![\w-])[ \t]*([^\r\n]*)/g;

/** The suppression comments of a file: `// leakproof-ignore <rule>[, <rule>] -- reason` and `/* leakproof-ignore-file … *\/`. */
export class Suppressions {
  readonly #file: ts.SourceFile;
  readonly #directives: readonly Directive[];
  readonly #used = new Set<string>();
  readonly #problems: SuppressionProblem[] = [];

  constructor(file: ts.SourceFile, knownRules: ReadonlySet<string>) {
    this.#file = file;
    this.#directives = file.text.includes('leakproof-ignore') ? this.#read(knownRules) : [];
  }

  /** The suppression that governs a finding of the rule at the position, if there is one. */
  find(rule: string, position: number): Suppression | undefined {
    const { line } = this.#file.getLineAndCharacterOfPosition(position);
    for (const [index, directive] of this.#directives.entries()) {
      if (!directive.rules.includes(rule) || (directive.line !== undefined && directive.line !== line)) continue;
      this.#used.add(`${index}/${rule}`);
      return { by: 'comment', reason: directive.reason };
    }
    return undefined;
  }

  /** Malformed comments, and those that silence a rule that ran and had nothing to say there. */
  problems(ran: ReadonlySet<string>): readonly SuppressionProblem[] {
    const unused = this.#directives.flatMap(({ rules, span }, index) =>
      rules
        .filter((rule) => ran.has(rule) && !this.#used.has(`${index}/${rule}`))
        .map((rule) => ({ span, message: `this suppression of \`${rule}\` suppresses nothing; remove it` })),
    );
    return [...this.#problems, ...unused].sort((a, b) => a.span.start - b.span.start);
  }

  #read(knownRules: ReadonlySet<string>): readonly Directive[] {
    const directives: Directive[] = [];
    for (const match of this.#file.text.matchAll(marker)) {
      const { index: start } = match;
      if (!isComment(this.#file, start)) continue;
      const span = { start, end: start + match[0].trimEnd().length };
      const [list = '', ...rest] = (match[2] ?? '').replace(/\*\/.*$/, '').split(/\s--\s/);
      const rules = list
        .split(',')
        .map((rule) => rule.trim())
        .filter(Boolean);
      for (const rule of rules)
        if (!knownRules.has(rule)) this.#problems.push({ span, message: `there is no rule \`${rule}\`` });
      if (rules.length === 0)
        this.#problems.push({ span, message: 'name the rules to ignore: `leakproof-ignore <rule> -- reason`' });
      const reason = rest.join(' -- ').trim() || undefined;
      directives.push({ span, rules, reason, line: match[1] ? undefined : this.#governed(start) });
    }
    return directives;
  }

  /** A comment behind code governs its own line, one that stands alone the next line with code. */
  #governed(position: number): number {
    const { text } = this.#file;
    const { line } = this.#file.getLineAndCharacterOfPosition(position);
    const starts = this.#file.getLineStarts();
    const before = text.slice(starts[line], position);
    if (!/^\s*(?:\{\s*)?(?:\/\/|\/\*+|\*)\s*$/.test(before)) return line;
    for (let next = line + 1; next < starts.length; next++) {
      const content = text.slice(starts[next], starts[next + 1]).trim();
      if (content !== '' && !/^(?:\/\/|\/\*|\*)/.test(content)) return next;
    }
    return line;
  }
}

/** Whether the position is not inside a token: then text there can only be a comment. */
function isComment(file: ts.SourceFile, position: number): boolean {
  let current: ts.Node = file;
  for (;;) {
    const child: ts.Node | undefined = ts.forEachChild(current, (node) =>
      node.pos <= position && position < node.end ? node : undefined,
    );
    if (!child) break;
    current = child;
  }
  const isText =
    ts.isStringLiteralLike(current) ||
    ts.isTemplateLiteralToken(current) ||
    ts.isRegularExpressionLiteral(current) ||
    ts.isJsxText(current);
  return !(isText && current.getStart(file) <= position);
}
