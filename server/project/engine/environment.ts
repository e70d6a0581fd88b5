import semver from 'semver';
import ts from 'typescript';
import type { Environment } from '../../analysis/host.ts';
import { oldest, type PackageManifest, type Packages } from '../files/packages.ts';
import { isPageFile } from '../files/pageFiles.ts';
import type { TsConfigs } from './tsconfig.ts';

/** The first Node release that parses `using`. */
const nodeWithUsing = '24.0.0';
/** The first TypeScript release that parses and lowers `using`. */
const typescriptWithUsing = '5.2.0';

/** What fixes may write into a file: decided by its tsconfig, its package and its own syntax. */
export function environmentOf(
  path: string,
  text: string | undefined,
  packages: Packages,
  tsConfigs: TsConfigs,
): Environment {
  const manifest = packages.nearest(path);
  const typescript = /\.[cm]?tsx?$/.test(path);
  return {
    using: typescript ? usingInTypeScript(path, manifest, packages, tsConfigs) : nodeKnowsUsing(manifest),
    moduleKind: moduleKindOf(path, text, typescript, manifest),
    platform: platformOf(path, manifest, packages, tsConfigs),
    forPages: manifest !== undefined && isPageFile(manifest.pageFiles, path.slice(manifest.directory.length + 1)),
    role: manifest && roleOf(path, manifest),
  };
}

/** Packages that only make sense in a page, and those that only make sense in a server or a command. */
const forBrowsers =
  /^(?:react-dom|react-native|preact|vue|svelte|solid-js|jquery|lit|gatsby|backbone|ember-source|alpinejs|@angular\/core|vite|@capacitor\/core|@ionic\/(?:core|react|angular|vue)|html-webpack-plugin|webpack-dev-server|style-loader|css-loader|crypto-browserify|stream-browserify|react-scripts|@vue\/cli-service|@types\/chrome|webextension-polyfill|expo)$/;
/** Frameworks whose packages hold pages and the server that renders them. */
const forBoth = /^(?:next|nuxt|@sveltejs\/kit|@remix-run\/react|@react-router\/node|astro)$/;
const forNode =
  /^(?:express|fastify|koa|hapi|@hapi\/hapi|@nestjs\/core|restify|polka|pg|mysql2?|mongodb|mongoose|ioredis|redis|commander|yargs|nodemon|ts-node|tsx|pm2|winston|pino|aws-lambda|serverless|bullmq|amqplib|kafkajs|@actions\/core|apollo-server|socket\.io)$/;
/** Scripts that serve pages while they are written, or as they are built. */
const pageScripts = /^vite(?: (?:dev|serve|preview))?(?: --(?!ssr)[\w-]+(?:[= ][\w.:]+)?)*$/;
/** What makes bundles for pages, and where the sources of one lie beside those of its server: `client/src/`. */
const bundlers =
  /^(?:vite|webpack|rollup|parcel|parcel-bundler|esbuild|@rspack\/core|react-scripts|@angular\/cli|@vue\/cli-service)$/;
const pageSources =
  /^(?:packages\/[^/]+\/)?(?:client|front-?end|web|web-?app|web-?ui|web-?client|ui|spa|gui|dashboard|admin)\/(?:src|app|lib|js|javascript|scripts|source)\//i;
/** Folders beside a page's own in the sources of a package that also has a server. */
const clientSources = /^(?:src|app|source)\/(?:client|front-?end|web-?client|browser(?:-client)?|ui|spa)\//i;
/** What makes one page of all that lies in `src/`, and of nothing beside it. */
const pageBuilders =
  /^(?:react-scripts|react-app-rewired|@craco\/craco|@vue\/cli-service|@angular\/cli|@angular-devkit\/build-angular|@angular\/build)$/;
/** Folders that hold a server, even among the sources of a page. */
const serverFolders = /(?:^|\/)(?:servers?|back-?end|functions|lambdas?|electron|main|ssr)\//i;
/** Read in servers, and while pages are built. */
const forSettings = /^dotenv$/;

function platformOf(
  path: string,
  manifest: PackageManifest | undefined,
  packages: Packages,
  tsConfigs: TsConfigs,
): Environment['platform'] {
  // A library for both: how long its users wait is their business.
  if (manifest?.forPages && !manifest.private) return 'hybrid';
  const dependencies = manifest?.dependencies ?? [];
  const runtime = manifest?.runtimeDependencies ?? [];
  const hybrid = dependencies.some((name) => forBoth.test(name));
  const browser =
    hybrid ||
    dependencies.some((name) => forBrowsers.test(name)) ||
    // In a workspace, what builds the pages may be installed for all packages together.
    Object.values(manifest?.scripts ?? {}).some((script) => pageScripts.test(script));
  const node = dependencies.some((name) => forNode.test(name) || forSettings.test(name)) || manifest?.command === true;
  const page = hybrid ? 'hybrid' : 'browser';
  if (browser !== node) return browser ? page : 'node';
  // A package that bundles pages and serves them keeps the two apart.
  const relative = manifest ? path.slice(manifest.directory.length + 1) : path;
  const isBundled = dependencies.some((name) => bundlers.test(name));
  if (isBundled && (pageSources.test(relative) || clientSources.test(relative))) return page;
  if (manifest && isOfPage(relative, manifest, packages)) return page;
  // What serves or tests pages while they are written says nothing about where they run.
  const shipsPages = !manifest?.command && runtime.some((name) => forBrowsers.test(name) || forBoth.test(name));
  if (shipsPages && !runtime.some((name) => forNode.test(name))) return page;
  const lib = /\.[cm]?tsx?$/.test(path) ? tsConfigs.nearest(path)?.options.lib : undefined;
  return lib !== undefined && !lib.some((name) => /\bdom\b/.test(name)) ? 'node' : undefined;
}

/** Whether a file is among the sources of a page: a tool bundles all of them, or the page beside the package.json loads one. */
function isOfPage(relative: string, manifest: PackageManifest, packages: Packages): boolean {
  if (serverFolders.test(relative)) return false;
  const builders = [...manifest.dependencies, ...Object.values(manifest.scripts).flatMap((it) => it.split(/\s+/))];
  const isBuilt = builders.some((name) => pageBuilders.test(name));
  const folders = isBuilt ? ['src/'] : packages.pageFolders(manifest.directory);
  const folder = folders.find((it) => relative.startsWith(it));
  if (folder === undefined) return false;
  // What Node is started with does not lie among the sources of a page.
  return !Object.values(manifest.scripts).some((script) =>
    (script.match(/\b(?:node|nodemon|tsx|ts-node(?:-dev)?|bun|pm2)\s[^&|;]*/g) ?? []).some((it) =>
      new RegExp(`\\s(?:\\./)?${folder}[^/\\s]+(?:\\s|$)`).test(it),
    ),
  );
}

/** Names of npm scripts that start something which is to stay. */
const staying =
  /(?:^|[:._-])(?:start|serve|server|dev|develop|watch|prod|production|workers?|daemon|bot|api|queue|up)(?:$|[:._-])/;
/** Packages of programs that stay, though they are started as a command. */
const forServices =
  /^(?:express|fastify|koa|hapi|hono|restify|polka|@hapi\/hapi|@nestjs\/core|@hono\/node-server|@modelcontextprotocol\/.*|socket\.io|discord\.js|telegraf|http-proxy|vscode-languageserver|probot)$/;
/** Directories of packages that are a command. */
const commandName = /(?:^|\/)(?:create-[^/]+|(?:[^/]+-)?cli)$/i;
const startedPath = /^(?:src\/)?(?:bin|cli|commands)\//i;
/** `packages/cli/core` */
const partOfCommand = /\/(?:[^/]+-)?cli\/[^/]+$/i;

/** What a file of a package is run as, by its package.json. */
export function roleOf(path: string, manifest: PackageManifest): Environment['role'] {
  const relative = path.slice(manifest.directory.length + 1);
  const names = Object.keys(manifest.scripts).filter((name) => runs(manifest, manifest.scripts[name] ?? '', relative));
  if (names.length > 0) return names.some((name) => staying.test(name)) ? 'service' : 'task';
  // Somebody sits before it, and clicks.
  if (manifest.extension) return 'extension';
  // A server for developers may be one of the things that such a tool can do.
  const stays = !manifest.commandLine && manifest.dependencies.some((name) => forServices.test(name));
  if (manifest.command && !manifest.importable && !stays) return manifest.private ? 'task' : 'command';
  // A library that comes with a command of its own.
  if (manifest.command && !manifest.private && startedPath.test(relative)) return 'command';
  const isNamed = commandName.test(manifest.directory) || (manifest.command && partOfCommand.test(manifest.directory));
  return isNamed ? 'command' : undefined;
}

/** What only reads a file that it is given. */
const readers =
  /^\s*(?:(?:npx|bunx|yarn|pnpm|exec|dlx|cross-env|\w+=\S*)\s+)*(?:bun\s+build|esbuild|tsup|tsc|rollup|webpack|ncc|swc|babel|pkg|eslint|prettier|biome|terser|uglifyjs|browserify|parcel|typedoc|jsdoc)\b/;

/** Whether a command of a shell runs the file. `yarn prestart` runs the script of that name. */
function runs({ scripts }: PackageManifest, command: string, relative: string): boolean {
  const stem = relative.replace(/\.[cm]?[jt]sx?$/, '');
  return command
    .split(/&&|\|\||[;|&]/)
    .filter((part) => !readers.test(part))
    .some((part) =>
      (part.match(/[^\s'"=()]+/g) ?? []).some((word) => {
        const plain = word.replace(/^\.\//, '');
        return plain === relative || (plain === stem && !Object.hasOwn(scripts, plain));
      }),
    );
}

function usingInTypeScript(
  path: string,
  manifest: PackageManifest | undefined,
  packages: Packages,
  tsConfigs: TsConfigs,
): boolean {
  const installed = packages.version(path, 'typescript');
  if (installed !== undefined && semver.lt(installed, typescriptWithUsing)) return false;
  const config = tsConfigs.nearest(path);
  if (config === undefined) return nodeKnowsUsing(manifest);
  // A solution file has no options of its own; all its projects must agree.
  const projects = config.references.length > 0 && config.options.target === undefined ? config.references : [config];
  return projects.every(({ options }) => declaresDisposable(options) && (lowers(options) || nodeKnowsUsing(manifest)));
}

function declaresDisposable(options: ts.CompilerOptions): boolean {
  if (options.noLib === true) return false;
  if (options.lib === undefined) return options.target === ts.ScriptTarget.ESNext;
  return options.lib.some((lib) => /lib\.esnext(?:\.full|\.disposable)?\.d\.ts$/.test(lib));
}

function lowers(options: ts.CompilerOptions): boolean {
  // TypeScript 6 takes the newest numbered edition when none is given; every numbered edition is lowered.
  return options.noEmit !== true && options.target !== ts.ScriptTarget.ESNext;
}

function nodeKnowsUsing(manifest: PackageManifest | undefined): boolean {
  const version = oldest(manifest?.node);
  return version !== undefined && semver.gte(version, nodeWithUsing);
}

function moduleKindOf(
  path: string,
  text: string | undefined,
  typescript: boolean,
  manifest: PackageManifest | undefined,
): Environment['moduleKind'] {
  if (/\.m[jt]s$/.test(path)) return 'esm';
  if (/\.c[jt]s$/.test(path)) return 'commonjs';
  // TypeScript is written with `import` whatever it is compiled to, and so is JavaScript that goes through a bundler.
  if (typescript || manifest?.type === 'module') return 'esm';
  return text !== undefined && /^(?:import\b(?!\s*\()|export\b)/m.test(text) ? 'esm' : 'commonjs';
}
