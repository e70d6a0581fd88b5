// Takes the pictures of media/screenshots/ in the real editor: `npm run screenshots`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './browser.mjs';
import { prepare } from './prepare.mjs';
import { openWorkbench } from './workbench.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pictures = join(root, 'media/screenshots');
// A short path without accidental characters: it is to be read in the pictures.
const folder = join(tmpdir(), 'shop');
const file = join(folder, 'src/customers.ts');

const source = `import { Pool } from 'pg';

const pool = new Pool({ max: 10 });

/** How many customers there are. */
export async function count(): Promise<number> {
  const { rows } = await pool.query('select count(*)::int as customers from customers');
  return rows[0].customers;
}

/** The name of a customer, if there is one. */
export async function nameOf(id: string): Promise<string | undefined> {
  const client = await pool.connect();
  const { rows } = await client.query('select name from customers where id = $1', [id]);
  if (rows.length === 0) return undefined;
  client.release();
  return rows[0].name;
}
`;

const configuration = `{
  // Also findings that are only possible.
  "preset": "strict",
  "rules": {
    "unreturned-pool-get": "error"
  },
  "ignore": ["legacy/**"]
}
`;

/** Nothing that distracts from the code. */
const settings = {
  'workbench.colorTheme': 'Default Light Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.layoutControl.enabled': false,
  'workbench.editor.showTabs': 'single',
  'workbench.activityBar.location': 'hidden',
  'workbench.statusBar.visible': true,
  'window.commandCenter': false,
  'window.menuBarVisibility': 'hidden',
  'breadcrumbs.enabled': false,
  'editor.minimap.enabled': false,
  'editor.fontSize': 14,
  'editor.lineHeight': 21,
  'editor.stickyScroll.enabled': false,
  'editor.hover.delay': 100,
  'editor.guides.indentation': false,
  'explorer.openEditors.visible': 0,
  'problems.defaultViewMode': 'tree',
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, 'src'), { recursive: true });
mkdirSync(pictures, { recursive: true });
writeFileSync(file, source);
ensureChromium();
const workbench = await openWorkbench({
  ...prepare(resolve(root, '.vscode-test')),
  open: folder,
  openFile: file,
  extensionDevelopmentPath: [root],
  disableExtensions: true,
  // Its hovers and refactorings would stand beside ours.
  without: ['typescript-language-features'],
  settings,
  viewport: { width: 1080, height: 690 },
  scale: 1.5,
  onLog: () => {},
});
const { page } = workbench;

try {
  await page.waitForSelector('.squiggly-error', { timeout: 180_000 });
  await run('View: Close Primary Side Bar');
  await hideRemoteItems();
  // As high as there is something to see.
  await picture('diagnostic', 690, showProblem);
  await picture('quick-fix', 490, showFixes);
  await picture('trace', 640, showTrace);
  await picture('configuration', 300, showConfiguration);
} catch (error) {
  await page.screenshot({ path: join(tmpdir(), 'leakproof-picture-failed.png') });
  throw error;
} finally {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
}

/** A desktop has no forwarded ports and no keyboard layout of the browser to show. */
async function hideRemoteItems() {
  const items = ['remote', 'forwarded', 'host', 'keyboard', 'notifications'];
  const hidden = items.map((id) => `.statusbar-item[id*="${id}" i]`);
  await page.addStyleTag({ content: `${hidden.join()} { display: none !important; }` });
}

/** The squiggle, its hover, and the Problems panel below. */
async function showProblem() {
  await page.keyboard.press('Control+Shift+KeyM');
  await page.waitForSelector('.markers-panel .monaco-list-row');
  await leak().hover();
  await page.waitForSelector('.monaco-hover:not(.hidden) .marker', { state: 'visible' }).catch(() => {});
  await page.waitForTimeout(1200);
}

async function showFixes() {
  await page.keyboard.press('Control+KeyJ');
  await cursorAtLeak();
  await page.keyboard.press('Control+Period');
  await page.waitForSelector('.action-widget');
  await page.waitForTimeout(800);
}

async function showTrace() {
  await page.keyboard.press('Escape');
  await cursorAtLeak();
  await run('Leakproof: Show Leak Trace');
  await page.waitForSelector('.peekview-widget');
  await page.waitForTimeout(1500);
}

/** A configuration, with what can be written where the cursor is. */
async function showConfiguration() {
  writeFileSync(join(folder, 'leakproof.jsonc'), configuration);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+KeyP');
  await page.waitForSelector('.quick-input-widget input');
  await page.keyboard.type('leakproof.jsonc', { delay: 20 });
  await page.waitForTimeout(1500);
  await page.keyboard.press('Enter');
  await page
    .getByText('"error"')
    .first()
    .click({ position: { x: 2, y: 8 } });
  await page.keyboard.press('Control+Space');
  await page.waitForSelector('.suggest-widget.visible');
  await page.waitForTimeout(1000);
}

async function cursorAtLeak() {
  await leak().click();
  await page.mouse.move(900, 560);
  await page.waitForTimeout(500);
}

/** The word under the squiggle. */
function leak() {
  return page.getByText('connect', { exact: true }).first();
}

/** Runs a command as a person would, from the command palette. */
async function run(title) {
  await page.keyboard.press('F1');
  await page.waitForSelector('.quick-input-widget input');
  await page.keyboard.type(title, { delay: 5 });
  await page.waitForTimeout(400);
  await page.keyboard.press('Enter');
  await page.waitForTimeout(500);
}

async function picture(name, height, arrange) {
  await page.setViewportSize({ width: 1080, height });
  await arrange();
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  console.log(`media/screenshots/${name}.png`);
}
