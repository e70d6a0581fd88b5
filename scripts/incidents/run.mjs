// Reproduces the incidents that Leakproof was made for: each program fails as its write-up says, Leakproof finds why and
// repairs it, and the repaired program holds under the same load. Run by `npm run incidents`, which takes names of
// incidents. Ends with status 0 only when every row of the table holds.
import { styleText } from 'node:util';
import { backendPool } from './backendPool.mjs';
import { certificateReload } from './certificateReload.mjs';
import { chart } from './chart.mjs';
import { fireAndForget } from './fireAndForget.mjs';
import { chooseQuickFix } from './languageServer.mjs';
import { freePort, Program } from './program.mjs';
import { reloadDaemon } from './reloadDaemon.mjs';
import { table } from './table.mjs';
import { upstreamPoller } from './upstreamPoller.mjs';
import { Workspace } from './workspace.mjs';

const all = [reloadDaemon, certificateReload, backendPool, upstreamPoller, fireAndForget];
const asked = process.argv.slice(2);
const chosen = all.filter(({ name }) => asked.length === 0 || asked.some((it) => name.includes(it)));
const color = process.stdout.isTTY || process.env.FORCE_COLOR;
const paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
const rows = [['incident', 'measure', 'before', 'after', '']];
const startedAt = performance.now();

for (const incident of chosen) {
  console.log(paint('bold', `\n${incident.name}: ${incident.title}`));
  const workspace = await Workspace.copyOf(incident);
  try {
    await reproduce(incident, workspace);
  } catch (error) {
    row(incident, 'runs', '', String(error), false);
  } finally {
    await workspace.dispose();
  }
}

console.log(`\n${table(rows)}`);
const failed = rows.slice(1).filter((cells) => !cells[4].includes('holds')).length;
console.log(
  `\n${failed === 0 ? 'every row holds' : `${failed} rows do not hold`}, ${Math.round((performance.now() - startedAt) / 1000)} s`,
);
process.exitCode = failed === 0 && rows.length > 1 ? 0 : 1;

async function reproduce(incident, workspace) {
  await workspace.addHealth(incident.healthLimits);
  const before = await measure(incident, workspace);
  const { findings } = await workspace.check();
  const missing = incident.findings.filter((expected) => !findings.some((found) => isSame(found, expected)));
  for (const { rule, file, line } of missing) console.log(paint('red', `  not found: ${rule} at ${file}:${line}`));
  for (const { rule, path, start } of findings) console.log(`  ${path}:${start.line}  ${rule}`);

  const { way, left } = await repair(incident, workspace);
  for (const { rule, path, start } of left) console.log(paint('red', `  left: ${path}:${start.line}  ${rule}`));
  row(incident, 'findings', findings.length, left.length, missing.length === 0 && left.length === 0);
  console.log(paint('dim', `  repaired by ${way}`));

  const after = await measure(incident, workspace);
  const { name, of } = incident.charted;
  const [was, is] = [before.samples.map(of), after.samples.map(of)].map((it) => it.filter((n) => n !== undefined));
  const max = Math.max(...was, ...is);
  console.log(`  ${name} before ${paint('red', chart(was, { max }))} ${Math.max(...was)}`);
  console.log(`  ${name} after  ${paint('green', chart(is, { max }))} ${Math.max(...is)}`);
  const [ill, well] = [before.health.complaint ?? 'well', after.health.complaint ?? 'well'];
  row(
    incident,
    'what /healthz said',
    ill,
    well,
    (ill !== 'well') === incident.isRunningOut && well === 'well' && after.health.well > 5,
  );
  for (const [measure, left, right, holds] of incident.rows(before, after))
    row(incident, measure, left, right, holds(left, right));
}

/** Runs the program as it is now under the incident's load. */
async function measure(incident, workspace) {
  const surroundings = await incident.prepare?.(workspace);
  const file = await workspace.bundle();
  const start = async () =>
    Program.start(file, {
      cwd: workspace.path,
      descriptors: incident.descriptors,
      port: await freePort(),
      healthPort: await freePort(),
      flags: incident.flags,
      env: surroundings?.env,
    });
  const program = await start();
  try {
    const result = await incident.load(program, surroundings, start);
    return { result, samples: program.samples, health: program.health };
  } finally {
    await program.stop();
    await surroundings?.dispose();
    if (process.env.INCIDENT_LOG) console.log(program.lines.join('\n'));
  }
}

/** Repairs until nothing more can be repaired; in which way, and what is left. */
async function repair({ quickFixes }, workspace) {
  if (quickFixes) {
    for (const quickFix of quickFixes) await chooseQuickFix(workspace, quickFix);
    const { findings: left } = await workspace.check();
    const titles = quickFixes.map(({ title }) => title).join(' and ');
    return { way: `the quick fixes ${titles}, chosen in an editor`, left };
  }
  for (let rounds = 1; ; rounds++) {
    await workspace.repair();
    const { findings: left } = await workspace.check();
    if (rounds === 3 || !left.some(({ fixes }) => fixes.length > 0)) {
      return { way: `--fix --fix-suggestions in ${rounds} round${rounds === 1 ? '' : 's'}`, left };
    }
  }
}

function isSame(found, { rule, file, line, witness }) {
  return (
    found.rule === rule &&
    found.path === file &&
    found.start.line === line &&
    found.witness.some(({ label }) => label.includes(witness))
  );
}

function row({ name }, measure, before, after, holds) {
  rows.push([name, measure, String(before), String(after), holds ? paint('green', 'holds') : paint('red', 'fails')]);
}
