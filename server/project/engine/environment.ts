import semver from 'semver';
import ts from 'typescript';
import type { Environment } from '../../analysis/host.ts';
import { oldest, type PackageManifest, type Packages } from '../files/packages.ts';
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
    platform: platformOf(path, manifest, tsConfigs),
  };
}

/** Packages that only make sense in a page, and those that only make sense in a server or a command. */
const forBrowsers =
  /^(?:react-dom|react-native|preact|vue|nuxt|svelte|solid-js|jquery|lit|next|gatsby|backbone|ember-source|alpinejs|@angular\/core|@sveltejs\/kit|@remix-run\/react|vite|react-scripts|@vue\/cli-service|@types\/chrome|webextension-polyfill|expo)$/;
const forNode =
  /^(?:express|fastify|koa|hapi|@hapi\/hapi|@nestjs\/core|restify|polka|pg|mysql2?|mongodb|mongoose|ioredis|redis|commander|yargs|nodemon|ts-node|tsx|pm2|winston|pino|aws-lambda|serverless|bullmq|amqplib|kafkajs|@actions\/core|apollo-server|socket\.io|dotenv)$/;

function platformOf(
  path: string,
  manifest: PackageManifest | undefined,
  tsConfigs: TsConfigs,
): Environment['platform'] {
  const dependencies = manifest?.dependencies ?? [];
  const browser = dependencies.some((name) => forBrowsers.test(name));
  const node = dependencies.some((name) => forNode.test(name)) || manifest?.command === true;
  if (browser !== node) return browser ? 'browser' : 'node';
  const lib = /\.[cm]?tsx?$/.test(path) ? tsConfigs.nearest(path)?.options.lib : undefined;
  return lib !== undefined && !lib.some((name) => /\bdom\b/.test(name)) ? 'node' : undefined;
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
