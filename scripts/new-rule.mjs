// Lays out a rule: `npm run new-rule -- <rule-id> [family]`. What it writes compiles; the tests then fail where something
// has to be thought of: the rule reports nothing yet, and its examples are placeholders.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';

const families = ['signals', 'pools', 'sockets', 'detached'];
const [id = '', family = 'pools'] = process.argv.slice(2);
const directory = `server/analysis/rules/${id}`;

const problem = !/^[a-z]+(?:-[a-z]+)+$/.test(id)
  ? 'usage: npm run new-rule -- <rule-id> [signals|pools|sockets|detached]\nAn id is two or more words in lower case, joined by hyphens.'
  : !families.includes(family)
    ? `there is no family ${family}; there are ${families.join(', ')}`
    : existsSync(directory)
      ? `${directory} exists already`
      : undefined;
if (problem !== undefined) {
  console.error(problem);
  process.exitCode = 1;
} else {
  await layOut();
}

async function layOut() {
  const name = id.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  const files = {
    [`${directory}/rule.ts`]: ruleOf(name),
    [`${directory}/rule.md`]: documentation(),
    [`test/rules/${id}.md`]: specification(),
  };
  await mkdir(directory, { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(path, text, { flag: 'wx' });
  console.log(
    `Written:\n${Object.keys(files)
      .map((path) => `  ${path}`)
      .join('\n')}`,
  );
  console.log('Next: replace the placeholders, add a row to CHANGELOG.md, run `npm test`.');
}

function ruleOf(name) {
  return `import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Report } from '../../finding.ts';
import type { Rule } from '../rule.ts';

export const ${name}: Rule = {
  id: '${id}',
  family: '${family}',
  preset: 'recommended',
  severity: 'warning',
  summary: 'one line for lists, without a full stop',
  patterns: [],
  triggers: [],
  check(_file: FileAnalysis, _report: (report: Report) => void) {},
};
`;
}

function documentation() {
  return `# ${id}

## What it reports

## Why

## Examples

### Reported: a placeholder

\`\`\`ts
export function leak(): void {
  acquire();
//^^^^^^^ ${id} warning: what happens
}
\`\`\`

### Corrected: a placeholder

\`\`\`ts
export function safe(): void {}
\`\`\`

## Fix

## When to suppress
`;
}

function specification() {
  return `# ${id}

## Reported

\`\`\`ts
export function leak(): void {
  acquire();
//^^^^^^^ ${id} warning: what happens
}
\`\`\`

## Silent

\`\`\`ts
export function safe(): void {}
\`\`\`
`;
}
