import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { environmentOf } from '../../server/project/engine/environment.ts';
import { ModuleResolution } from '../../server/project/engine/moduleResolution.ts';
import { TsConfigs } from '../../server/project/engine/tsconfig.ts';
import { Packages } from '../../server/project/files/packages.ts';
import { Sandbox } from '../cli/support/run.ts';

describe('module resolution', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  const resolve = (from: string, specifier: string): string | undefined =>
    new ModuleResolution(new TsConfigs()).resolve(box.at(from), specifier)?.slice(box.path.length + 1);

  it('follows relative specifiers, with and without extension', () => {
    box.write({ 'a.ts': '', 'b.ts': '', 'c/index.tsx': '', 'd.mjs': '', 'package.json': '{"type":"module"}' });
    assert.equal(resolve('a.ts', './b'), 'b.ts');
    assert.equal(resolve('a.ts', './b.js'), 'b.ts');
    assert.equal(resolve('a.ts', './b.ts'), 'b.ts');
    assert.equal(resolve('a.ts', './c'), 'c/index.tsx');
    assert.equal(resolve('d.mjs', './b.js'), 'b.ts');
    assert.equal(resolve('a.ts', './missing'), undefined);
  });

  it('follows the paths of a tsconfig, also of one that is extended or referred to', () => {
    box.write({
      'base.json': '{"compilerOptions":{"paths":{"@/*":["./src/*"]}}}',
      'tsconfig.json': '{"extends":"./base.json", /* comment */ "include":["src"],}',
      'src/a.ts': '',
      'src/db.ts': '',
      'app/tsconfig.json': '{"files":[],"references":[{"path":"./tsconfig.app.json"},{"path":"."}]}',
      'app/tsconfig.app.json': '{"compilerOptions":{"composite":true,"paths":{"~/*":["./lib/*"]}}}',
      'app/x.ts': '',
      'app/lib/y.ts': '',
    });
    assert.equal(resolve('src/a.ts', '@/db'), 'src/db.ts');
    assert.equal(resolve('app/x.ts', '~/y'), 'app/lib/y.ts');
  });

  it('answers nothing for packages and built-in modules', () => {
    box.write({ 'a.ts': '', 'node_modules/pg/package.json': '{"main":"i.js"}', 'node_modules/pg/i.js': '' });
    for (const specifier of ['pg', 'fs', 'node:fs', './data.json']) assert.equal(resolve('a.ts', specifier), undefined);
  });

  it('finds packages of the workspace, installed or not, built or not', () => {
    box.write({
      'package.json': '{"workspaces":["packages/*"]}',
      'packages/db/package.json': '{"name":"@acme/db","main":"dist/index.js","types":"dist/index.d.ts"}',
      'packages/db/src/index.ts': '',
      'packages/db/src/pool.ts': '',
      'packages/app/package.json': '{"name":"app"}',
      'packages/app/a.ts': '',
    });
    assert.equal(resolve('packages/app/a.ts', '@acme/db'), 'packages/db/src/index.ts');
    assert.equal(resolve('packages/app/a.ts', '@acme/db/pool'), 'packages/db/src/pool.ts');
    assert.equal(resolve('packages/app/a.ts', '@acme/none'), undefined);
    box.write({ 'packages/db/dist/index.d.ts': '', 'packages/db/dist/index.js': '' });
    mkdirSync(box.at('node_modules/@acme'), { recursive: true });
    symlinkSync('../../packages/db', box.at('node_modules/@acme/db'));
    assert.equal(resolve('packages/app/a.ts', '@acme/db'), 'packages/db/src/index.ts');
  });

  it('reads the list of packages that pnpm keeps', () => {
    box.write({
      'pnpm-workspace.yaml':
        '# ours\npackages:\n  - \'libs/*\' # all\n  - "!libs/old"\n  # more\n  - apps/web\n\ncatalog:\n  x: 1\n',
      'libs/db/package.json':
        '{"name":"db","exports":{".":{"import":{"types":"./lib/main.d.ts","default":"./lib/main.js"}}}}',
      'libs/db/src/main.ts': '',
      'apps/web/package.json': '{"name":"web"}',
      'apps/web/a.ts': '',
    });
    assert.equal(resolve('apps/web/a.ts', 'db'), 'libs/db/src/main.ts');
  });

  it('tells through which files others use a package', () => {
    const entries = (from: string): readonly string[] | undefined =>
      new ModuleResolution(new TsConfigs()).entries(box.at(from))?.map((path) => path.slice(box.path.length + 1));
    box.write({
      'app/package.json': '{"name":"app"}',
      'app/src/a.ts': '',
      'own/package.json': '{"name":"own","private":true,"main":"a.js"}',
      'own/a.js': '',
      'kit/package.json':
        '{"name":"lib","main":"dist/main.js","exports":{".":"./dist/main.js","./x":{"import":"./x.js"}}}',
      'kit/src/main.ts': '',
      'kit/src/package.json': '{"type":"module"}',
      'kit/x.js': '',
      'open/package.json': '{"name":"open","exports":{"./*":"./lib/*.js"}}',
      'open/lib/a.js': '',
      'init/package.json': '{"name":"init","main":"app","scripts":{"start":"node server.js"}}',
      'init/server.js': '',
      'plain/package.json': '{"name":"plain"}',
      'plain/index.js': '',
    });
    assert.deepEqual(entries('app/src/a.ts'), []);
    assert.deepEqual(entries('own/a.js'), []);
    assert.deepEqual(entries('kit/src/main.ts'), ['kit/src/main.ts', 'kit/x.js']);
    assert.equal(entries('open/lib/a.js'), undefined);
    assert.deepEqual(entries('init/server.js'), []);
    assert.deepEqual(entries('plain/index.js'), ['plain/index.js']);
  });

  it('survives broken and circular tsconfig files', () => {
    box.write({
      'tsconfig.json': '{ "extends": "./tsconfig.json", "references": [{"path": "."}], ]',
      'a.ts': '',
      'b.ts': '',
    });
    assert.equal(resolve('a.ts', './b'), 'b.ts');
  });
});

describe('what fixes may assume', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
  });
  afterEach(() => box.dispose());

  const environment = (path: string, text = ''): string => {
    const { using, moduleKind } = environmentOf(box.at(path), text, new Packages(), new TsConfigs());
    return `${using ? 'using' : 'no using'}, ${moduleKind}`;
  };
  const tsconfig = (options: object): void =>
    void box.write({ 'tsconfig.json': JSON.stringify({ compilerOptions: options }) });

  const disposable = ['es2022', 'esnext.disposable'];
  const cases: readonly [why: string, options: object, answer: boolean][] = [
    ['lowered, with the declarations', { target: 'es2022', lib: disposable }, true],
    ['lowered, with all of esnext', { target: 'es2022', lib: ['esnext'] }, true],
    ['without the declarations', { target: 'es2022', lib: ['es2022'] }, false],
    ['without any lib of its own', { target: 'es2022' }, false],
    ['not lowered, for an unknown Node', { target: 'esnext' }, false],
    ['compiled by something else', { target: 'es2022', lib: disposable, noEmit: true }, false],
  ];
  for (const [why, options, answer] of cases) {
    it(`${answer ? 'allows' : 'forbids'} \`using\` in TypeScript ${why}`, () => {
      tsconfig(options);
      assert.equal(environment('a.ts'), `${answer ? 'using' : 'no using'}, esm`);
    });
  }

  it('asks the oldest Node where nothing lowers', () => {
    tsconfig({ target: 'esnext' });
    box.write({ 'package.json': '{"engines":{"node":">=24"}}' });
    assert.equal(environment('a.ts'), 'using, esm');
    assert.equal(environment('a.js'), 'using, commonjs');
    box.write({ 'package.json': '{"engines":{"node":"^22 || >=24"}}' });
    assert.equal(environment('a.ts'), 'no using, esm');
    assert.equal(environment('a.js'), 'no using, commonjs');
  });

  it('asks the installed TypeScript', () => {
    tsconfig({ target: 'es2022', lib: disposable });
    box.write({ 'node_modules/typescript/package.json': '{"version":"5.1.6"}' });
    assert.equal(environment('a.ts'), 'no using, esm');
  });

  it('tells what a file is run as', () => {
    const role = (path: string): string | undefined =>
      environmentOf(box.at(path), '', new Packages(), new TsConfigs()).role;
    const manifests: Readonly<Record<string, object>> = {
      app: {
        main: 'a.js',
        scripts: { 'refresh:data': 'tsx ./refresh.ts', 'start:worker': 'node jobs.js', x: 'tsx a.js && echo' },
      },
      tool: { bin: 'dist/a.js', dependencies: { commander: '1' } },
      inner: { bin: 'dist/a.js', private: true },
      daemon: { bin: 'a.js', dependencies: { express: '4' } },
      host: { bin: 'a.js', description: 'An API server with a CLI', dependencies: { express: '4' } },
      deployer: { bin: 'a.js', description: 'Command line tool of a platform', dependencies: { express: '4' } },
      library: { bin: 'a.js', main: 'b.js' },
      'my-cli': { bin: 'a.js', main: 'b.js' },
      'cli/core': { bin: 'a.js', main: 'b.js' },
      extension: { main: 'a.js', engines: { vscode: '^1.90.0' } },
    };
    for (const [name, manifest] of Object.entries(manifests))
      box.write({ [`${name}/package.json`]: JSON.stringify(manifest) });
    assert.equal(role('app/refresh.ts'), 'task');
    assert.equal(role('app/jobs.js'), 'service');
    assert.equal(role('app/other.ts'), undefined);
    assert.equal(role('tool/src/a.ts'), 'command');
    assert.equal(role('inner/src/a.ts'), 'task');
    assert.equal(role('daemon/a.js'), undefined);
    assert.equal(role('host/a.js'), undefined);
    assert.equal(role('deployer/src/a.js'), 'command');
    assert.equal(role('library/a.js'), undefined);
    assert.equal(role('library/bin/a.js'), 'command');
    assert.equal(role('cli/core/src/a.ts'), 'command');
    assert.equal(role('extension/src/a.ts'), 'extension');
    assert.equal(role('my-cli/src/a.ts'), 'command');
  });

  it('tells pages from servers', () => {
    const platform = (manifest: object, path = 'a.js'): string | undefined => {
      box.write({ 'package.json': JSON.stringify(manifest) });
      return environmentOf(box.at(path), '', new Packages(), new TsConfigs()).platform;
    };
    const react = { 'react-dom': '18' };
    assert.equal(platform({ dependencies: react }), 'browser');
    assert.equal(platform({ dependencies: react, devDependencies: { dotenv: '8', express: '4' } }), 'browser');
    assert.equal(platform({ dependencies: { ...react, dotenv: '8' } }), 'browser');
    assert.equal(platform({ dependencies: { dotenv: '8' } }), 'node');
    assert.equal(platform({ dependencies: { ...react, express: '4' } }), undefined);
    const both = { dependencies: { ...react, express: '4' }, devDependencies: { vite: '5' } };
    assert.equal(platform(both, 'client/src/actions/settings.ts'), 'browser');
    assert.equal(platform(both, 'server/settings.ts'), undefined);
    assert.equal(platform({ dependencies: { ...react, express: '4' } }, 'client/src/settings.ts'), undefined);
    assert.equal(platform(both, 'src/client/settings.ts'), 'browser');
    assert.equal(platform({ devDependencies: { vite: '5', tsx: '4' } }), undefined);
    assert.equal(platform({ dependencies: { next: '15', 'react-dom': '18' } }), 'hybrid');
    assert.equal(platform({ dependencies: { pg: '8' } }), 'node');
  });

  it('knows the sources of a page beside the server that gives it out', () => {
    const platform = (manifest: object, path: string): string | undefined => {
      box.write({ 'package.json': JSON.stringify(manifest) });
      return environmentOf(box.at(path), '', new Packages(), new TsConfigs()).platform;
    };
    const served = { dependencies: { express: '4' }, devDependencies: { 'react-dom': '16', 'react-scripts': '5' } };
    assert.equal(platform(served, 'src/action/users.js'), 'browser');
    assert.equal(platform(served, 'src/server/users.js'), undefined);
    assert.equal(platform(served, 'server/index.js'), undefined);
    assert.equal(platform({ ...served, scripts: { start: 'node src/index.js' } }, 'src/users.js'), undefined);
    const made = { dependencies: { express: '4', vue: '3' }, scripts: { build: 'CI=true vue-cli-service build' } };
    assert.equal(platform({ ...made, devDependencies: { '@vue/cli-service': '5' } }, 'src/users.js'), 'browser');

    const vite = { dependencies: { express: '4', vue: '3' }, devDependencies: { vite: '5' } };
    assert.equal(platform(vite, 'src/users.ts'), undefined);
    box.write({ 'index.html': '<script type="module" src="/src/main.ts"></script>' });
    assert.equal(platform(vite, 'src/users.ts'), 'browser');
    assert.equal(platform(vite, 'src/server/users.ts'), undefined);
    assert.equal(platform(vite, 'lib/users.ts'), undefined);
    box.write({ 'index.html': '' });
  });

  it('tells modules from CommonJS', () => {
    box.write({ 'package.json': '{}', 'esm/package.json': '{"type":"module"}' });
    assert.match(environment('a.js'), /commonjs$/);
    assert.match(environment('a.js', "import x from 'x';\n"), /esm$/);
    assert.match(environment('a.js', "const x = import('x');\n"), /commonjs$/);
    assert.match(environment('esm/a.js'), /esm$/);
    assert.match(environment('esm/a.cjs'), /commonjs$/);
    assert.match(environment('a.mjs'), /esm$/);
    assert.match(environment('a.cts'), /commonjs$/);
  });
});

describe('installed packages', () => {
  it('are found from the file upward', () => {
    const box = new Sandbox().write({
      'package.json': '{"engines":{"node":">=20.19"}}',
      'node_modules/pg/package.json': '{"version":"8.1.0"}',
      'in/node_modules/pg/package.json': '{"version":"7.0.0"}',
      'in/node_modules/broken/package.json': '{',
    });
    const packages = new Packages();
    assert.equal(packages.version(box.at('a.ts'), 'pg'), '8.1.0');
    assert.equal(packages.version(box.at('in/deep/a.ts'), 'pg'), '7.0.0');
    assert.equal(packages.version(box.at('in/a.ts'), 'broken'), undefined);
    assert.equal(packages.version(box.at('in/a.ts'), 'node'), '20.19.0');
    assert.equal(packages.nearest(box.at('in/deep/a.ts'))?.directory, box.path);
    box.dispose();
  });
});
