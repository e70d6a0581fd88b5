// Makes the package of the extension for this platform: the bundles, TypeScript 6, and the native compiler beside them.
// Nothing is fetched: both compilers are taken from node_modules/.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';

const root = fileURLToPath(new URL('..', import.meta.url));
const platform = `${process.platform}-${process.arch}`;
/** Marketplace targets that have another name than Node's platforms. */
const targets = { 'linux-arm': 'linux-armhf' };
const target = targets[platform] ?? platform;
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const output = join(root, `${manifest.name}-${manifest.version}-${target}.vsix`);
const stage = mkdtempSync(join(tmpdir(), 'leakproof-package-'));

try {
  for (const name of ['dist', 'media', 'CHANGELOG.md', 'LICENSE', '.vscodeignore']) {
    cpSync(join(root, name), join(stage, name), { recursive: true, filter: (path) => !path.endsWith('.map') });
  }
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  writeFileSync(join(stage, 'README.md'), withoutDrawings(readme));
  copyCompilers(join(stage, 'dist/node_modules'));
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(withoutDevelopment(manifest), null, 2)}\n`);
  for (const name of readdirSync(root)) if (/^leakproof-.*\.vsix$/.test(name)) rmSync(join(root, name));
  await createVSIX({ cwd: stage, packagePath: output, target, dependencies: false });
  console.log(`${output}: ${(statSync(output).size / 2 ** 20).toFixed(1)} MB`);
} finally {
  rmSync(stage, { recursive: true, force: true });
}

/** Where the bundles look for them: `dist/node_modules`. Only what is loaded is taken along. */
function copyCompilers(modules) {
  const fromRoot = createRequire(join(root, 'package.json'));
  const typescript = dirname(fromRoot.resolve('typescript/package.json'));
  copy(
    typescript,
    join(modules, 'typescript'),
    /^(?:package\.json|LICENSE\.txt|ThirdPartyNoticeText\.txt|lib\/(?:typescript\.js|lib\..*\.d\.ts|lib\.d\.ts))$/,
  );
  const client = dirname(fromRoot.resolve('typescript-native/package.json'));
  copy(
    client,
    join(modules, 'typescript-native'),
    /^(?:package\.json|LICENSE|NOTICE\.txt|(?:dist|lib|vendor)\/.*(?<!\.d\.ts|\.map))$/,
  );
  const name = `@typescript/typescript-${platform}`;
  const program = findProgram(createRequire(join(client, 'package.json')), name);
  if (program) cpSync(program, join(modules, name), { recursive: true });
  else console.warn(`There is no native compiler for ${platform}; the package has TypeScript 6 only.`);
}

function findProgram(require, name) {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/** Copies the files whose path below `from` matches. */
function copy(from, to, wanted) {
  for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    const path = name.replaceAll('\\', '/');
    if (statSync(join(from, name)).isFile() && wanted.test(path)) cpSync(join(from, name), join(to, name));
  }
  if (!existsSync(join(to, 'package.json'))) throw new Error(`${resolve(from)} could not be copied`);
}

/** What an editor does not read is left out: it would only be wrong there. */
function withoutDevelopment({ scripts, devDependencies, dependencies, bin, files, ...rest }) {
  return rest;
}

/** The marketplace takes no page with SVG. */
function withoutDrawings(markdown) {
  return markdown.replace(/^!\[[^\]]*\]\([^)]+\.svg\)\n\n?/gm, '');
}
