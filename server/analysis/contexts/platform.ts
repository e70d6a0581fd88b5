import ts from 'typescript';
import type { FileAnalysis } from '../fileAnalysis.ts';
import type { Environment } from '../host.ts';
import { edgeHandlers, edgeWords, processWords } from '../resources/runtimes.ts';
import { Answers } from '../semantics/answers.ts';
import { occurrences } from '../semantics/occurrences.ts';
import { evidenceKinds, readIn } from '../syntax/nodes.ts';
import type { Program } from '../syntax/program.ts';
import { memberName, strip } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { isInteractive, isPartOfProgram, isRunAlone } from './handRun.ts';
import { importersOf } from './importers.ts';
import {
  browserFiles,
  commandPlaces,
  developerPlaces,
  eitherPlaces,
  pagePlaces,
  servedPlaces,
  serverPlaces,
} from './places.ts';
import { isSentToPage } from './sentToPage.ts';

/**
 * Where a file's code runs: in a page or service worker, in a command that somebody starts and that ends, in a script
 * or tool that a developer of the project runs by hand, or in a server. `unknown`: a library may run in any of them.
 */
export type Platform = 'browser' | 'command' | 'script' | 'server' | 'unknown';

const nodeModules =
  /^(?:node:.*|bun:.*|async_hooks|child_process|cluster|dgram|dns|fs|fs\/promises|http|http2|https|inspector|module|net|os|perf_hooks|process|readline|stream\/promises|timers\/promises|tls|tty|v8|vm|worker_threads|zlib)$/;
/** Modules that bundlers bring along for pages. */
const portableModules = /^(?:assert|events|path|stream)$/;
/** Packages that are only used in a server or a command. */
const serverPackages =
  /^(?:express|fastify|koa|hapi|restify|polka|hono|next\/server|next\/headers|@nestjs\/.*|@hapi\/.*|@trpc\/server|@aws-sdk\/.*|@actions\/.*|aws-lambda|pg|mysql2?|mongodb|mongoose|ioredis|redis|bullmq|amqplib|kafkajs|winston|pino|commander|yargs|dotenv|undici|discord\.js|telegraf|node-cron|server-only|vscode)(?:\/.*)?$/;
const pagePackages =
  /^(?:react|react-dom|react-native|react-router.*|preact|vue|vue-router|vuex|pinia|svelte|solid-js|jquery|lit|next\/(?!server|headers).*|@angular\/.*|@tanstack\/react-.*|@reduxjs\/.*|@mui\/.*|zustand|swr|jotai|redux|rxjs\/ajax|expo.*|@remix-run\/react|@ember\/.*|electron\/renderer)$/;
const pageGlobals = new Set([
  'window',
  'document',
  'localStorage',
  'sessionStorage',
  'navigator',
  'location',
  'importScripts',
  'chrome',
  'alert',
  'EventSource',
  'FileReader',
  'Worker',
  'SharedWorker',
  'requestAnimationFrame',
  'customElements',
]);
const serverGlobals = new Set(['__dirname', '__filename', 'Deno', 'Bun']);
const processMembers = new Set([
  'exit',
  'on',
  'once',
  'stdout',
  'stderr',
  'stdin',
  'argv',
  'cwd',
  'exitCode',
  'pid',
  'nextTick',
  'hrtime',
]);

/** Only a page has what this adapter of axios sends requests with. */
const xhrAdapter = /\badapter['"]?\s*[:=]\s*\[?\s*['"]xhr['"]|['"]axios\/(?:unsafe|lib)\/adapters\/xhr(?:\.js)?['"]/;

/** Options of requests that say under which rules of a page it is sent: cookies of the site, answers of other origins. */
const pageRequests =
  /^(?:mode: ?['"](?:no-cors|cors|same-origin)['"]|credentials: ?['"](?:include|same-origin|omit)['"]|priority: ?['"](?:high|low)['"])$/;

/** An option of `axios`: the cookies of a page go to other origins, too. */
const cookies = /^['"]?withCredentials['"]?: ?true$/;

const known = new Answers<SourceUnit, Platform>();

const places = new Answers<SourceUnit, Platform>();

/**
 * The same, and whether what looks like a part of a program is run by hand only, by a command, or in pages: files that
 * import it are asked.
 */
export function placeOf(file: FileAnalysis): Platform {
  const platform = platformOf(file);
  if (platform === 'browser') return platform;
  return places.of(file.semantics, file.unit, () => placeByImporters(file, platform));
}

function placeByImporters(file: FileAnalysis, platform: Platform): Platform {
  const { program, unit } = file;
  const { host } = program;
  if (isRunAlone(host, unit.path)) return 'script';
  const { role } = host.environment(unit.path);
  if (platform === 'command' && role === undefined && developerPlaces.test(innerPath(file))) return 'script';
  // A program that nobody installs, and that ends, is a tool of its developers.
  if (isInteractive(host, unit.path))
    return role === undefined && host.entries(unit.path)?.length === 0 ? 'script' : 'command';
  return platform !== 'command' && isOnlyInPages(program, unit, maxImporters) ? 'browser' : platform;
}

/** How many files that import each other are followed. */
const maxImporters = 3;

/** Whether every file that takes the file in runs in a page or at the edge, and it has nothing of a server itself. */
function isOnlyInPages(program: Program, unit: SourceUnit, depth: number): boolean {
  if (depth === 0 || evidenceIn(unit).server) return false;
  const importers = importersOf(program.host, unit.path).others;
  return (
    importers.length > 0 &&
    importers.every((path) => {
      const importer = program.unit(path);
      if (!importer) return false;
      const { page, server } = evidenceIn(importer);
      if (isEdgeWorker(importer)) return true;
      return page ? !server : isOnlyInPages(program, importer, depth - 1);
    })
  );
}

/** Where the file's code runs, by what it imports and uses, by its path and its package. */
export function platformOf(file: FileAnalysis): Platform {
  return known.of(file.semantics, file.unit, () => decide(file, file.program.host.environment(file.unit.path)));
}

/** Whether a file is there for bundles of pages, which take it in place of the one for servers. */
export function isForPages({ unit, options, program }: FileAnalysis): boolean {
  const { path } = unit;
  const inner = path.startsWith(`${options.packageRoot}/`) ? path.slice(options.packageRoot.length + 1) : path;
  return browserFiles.test(inner) || program.host.environment(path).forPages;
}

/** The path below the package, or below its parent where it lies in none. */
function innerPath({ unit: { path }, options: { packageRoot: root } }: FileAnalysis): string {
  return path.slice(path.startsWith(`${root}/`) ? root.length + 1 : root.lastIndexOf('/') + 1);
}

function decide(file: FileAnalysis, { platform, role }: Environment): Platform {
  const { unit, options, program } = file;
  const root = options.packageRoot;
  // The package's own directory is part of the evidence: `frontend/src/api.ts`.
  const above = root.slice(0, root.lastIndexOf('/') + 1);
  const path = unit.path.startsWith(above) ? unit.path.slice(above.length) : unit.path;
  const inner = innerPath(file);
  const { page, isClientModule, sendsAsPage, ...evidence } = evidenceIn(unit);
  // Bundlers know `require`, and bring a `Buffer` along.
  const server =
    evidence.server ||
    (evidence.requires && platform !== 'browser' && !(page && sendsAsPage)) ||
    (evidence.isPortable && !servedPlaces.test(path) && !evidence.isOfPages && !evidence.livesInPage);
  if (isClientModule || (page && !server) || isForPages(file) || isEdgeWorker(unit)) return 'browser';
  // A page may show a demo, its documentation or a shell.
  if (platform === 'browser' && role === undefined && !server && inner.startsWith('src/')) return 'browser';
  const isStarted =
    role === 'command' ||
    role === 'extension' ||
    role === 'task' ||
    unit.text.startsWith('#!') ||
    isCommandModule(unit);
  const isAtPlace = commandPlaces.test(inner) || developerPlaces.test(inner);
  if (isStarted || (isAtPlace && !isPartOfProgram(program.host, unit.path))) return 'command';
  if (server) return 'server';
  if (pagePlaces.test(path)) return 'browser';
  if (serverPlaces.test(path)) return 'server';
  if (sendsAsPage && platform !== 'node') return 'browser';
  if (platform === 'browser') return 'browser';
  if (eitherPlaces.test(path)) return 'server';
  if (platform === 'hybrid') return 'browser';
  return platform === 'node' ? 'server' : 'unknown';
}

/** `exports.command = 'check'` beside its `handler`: a command line loads the file for the command that it describes. */
const isCommandModule = ({ exports: { named } }: SourceUnit): boolean =>
  named.has('command') && named.has('handler') && (named.has('builder') || named.has('describe') || named.has('desc'));

/** `export default { async fetch(request, env) { … } }`: the file is run by a platform that is no Node. */
function isEdgeWorker({ file, text }: SourceUnit): boolean {
  if (edgeWords.test(text)) return true;
  if (processWords.test(text)) return false;
  return file.statements.some((statement) => {
    if (!ts.isExportAssignment(statement) || statement.isExportEquals) return false;
    const value = strip(statement.expression);
    return (
      ts.isObjectLiteralExpression(value) &&
      value.properties.some(
        (property) =>
          ts.isMethodDeclaration(property) &&
          edgeHandlers.test(property.name.getText()) &&
          property.parameters.length > 1,
      )
    );
  });
}

/** What the file says to a linter, and style sheets that a bundler takes in. */
function isWrittenForPages(text: string): boolean {
  const environments = /\/\* *(?:eslint|jshint)-env ([^*]+)\*\//.exec(text)?.[1];
  if (environments !== undefined && /\bbrowser\b/.test(environments) && !/\bnode\b/.test(environments)) return true;
  return /\b(?:import|require\()\s*['"][^'"\n]+\.(?:css|scss|sass|less|styl)['"]/.test(text);
}

interface Evidence {
  readonly page: boolean;
  readonly server: boolean;
  /** It loads a module by `require`, of which bundlers know, too. */
  readonly requires: boolean;
  /** It uses what Node has and bundlers bring along. */
  readonly isPortable: boolean;
  /** Its markup or its libraries are those of pages. */
  readonly isOfPages: boolean;
  /** It listens to the page that it runs in: code that a browser is handed from elsewhere does not. */
  readonly livesInPage: boolean;
  /** A request is sent as pages send theirs: a server may do the same, to no avail. */
  readonly sendsAsPage: boolean;
  /** `'use client'`, or as plain a word. */
  readonly isClientModule: boolean;
}

const evidenceOfUnits = new WeakMap<SourceUnit, Evidence>();

function evidenceIn(unit: SourceUnit): Evidence {
  const evidence = evidenceOfUnits.get(unit) ?? gather(unit);
  evidenceOfUnits.set(unit, evidence);
  return evidence;
}

function gather(unit: SourceUnit): Evidence {
  const { file, scopes } = unit;
  let isOfPages = /\.[jt]sx$/.test(file.fileName);
  let server = false;
  let sendsAsPage = false;
  let requires = false;
  let isPortable = occurrences(unit, 'Buffer').some((it) => ts.isIdentifier(it) && isFree(it));
  const [first] = file.statements;
  const isDirective =
    first !== undefined &&
    ts.isExpressionStatement(first) &&
    ts.isStringLiteral(first.expression) &&
    first.expression.text === 'use client';
  const isClientModule = isDirective || isWrittenForPages(unit.text);
  for (const kinds of readIn(file, evidenceKinds, evidenceOf)) {
    isOfPages ||= kinds.includes('page');
    server ||= kinds.includes('server');
    sendsAsPage ||= kinds.includes('sends');
    requires ||= kinds.includes('requires');
    isPortable ||= kinds.includes('portable');
  }
  let page = isOfPages || xhrAdapter.test(unit.text);
  sendsAsPage ||= occurrences(unit, 'withCredentials').some(({ parent }) => cookies.test(parent.getText()));
  for (const node of [...serverGlobals, ...pageGlobals, 'process'].flatMap((name) => occurrences(unit, name))) {
    if (!ts.isIdentifier(node)) continue;
    if (serverGlobals.has(node.text) && isFree(node)) server = true;
    else if (pageGlobals.has(node.text) && isFree(node) && !isAsked(node)) page = true;
    else if (node.text === 'process' && isProcess(node) && isFree(node)) server = true;
  }
  const livesInPage = occurrences(unit, 'addEventListener').some(({ parent }) => isOfPageItself(parent));
  return { page, server, sendsAsPage, requires, isPortable, isOfPages, livesInPage, isClientModule };

  /** `window.addEventListener(…)`, and not in a function that is sent to a page. */
  function isOfPageItself(access: ts.Node): boolean {
    const owner = ts.isPropertyAccessExpression(access) ? access.expression : undefined;
    return owner !== undefined && /^(?:window|document)$/.test(owner.getText()) && !isSentToPage(access);
  }

  function isFree(node: ts.Identifier): boolean {
    const { parent } = node;
    if (ts.isPartOfTypeNode(node) || (ts.isPropertyAccessExpression(parent) && parent.name === node)) return false;
    if (!ts.isExpression(node) || (parent as { name?: ts.Node }).name === node) return false;
    return scopes.bindingOf(node) === undefined;
  }
}

type Sign = 'page' | 'server' | 'sends' | 'requires' | 'portable';

/** What one node tells: an import by its module, `require` by itself, too. */
function evidenceOf(node: ts.Node): readonly Sign[] | undefined {
  if (ts.isImportDeclaration(node)) {
    if (node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return undefined;
    return ts.isStringLiteral(node.moduleSpecifier) ? usersOf(node.moduleSpecifier.text) : undefined;
  }
  if (ts.isCallExpression(node)) {
    if (!ts.isIdentifier(node.expression)) return undefined;
    if (node.expression.text === 'fetch' && isOfPage(node.arguments[1])) return ['sends'];
    if (node.expression.text !== 'require') return undefined;
    const [argument] = node.arguments;
    return ['requires', ...(argument && ts.isStringLiteralLike(argument) ? usersOf(argument.text) : [])];
  }
  return ts.isJsxOpeningLikeElement(node) || ts.isJsxFragment(node) ? ['page'] : undefined;
}

function isOfPage(options: ts.Expression | undefined): boolean {
  const value = options && strip(options);
  if (!value || !ts.isObjectLiteralExpression(value)) return false;
  return value.properties.some((it) => pageRequests.test(it.getText()));
}

/** Where a module is used. */
function usersOf(module: string): readonly Sign[] {
  if (portableModules.test(module)) return ['portable'];
  if (nodeModules.test(module) || serverPackages.test(module)) return ['server'];
  return pagePackages.test(module) ? ['page'] : [];
}

/** `typeof window`: the code wants to know where it runs. */
const isAsked = (node: ts.Identifier): boolean =>
  ts.isTypeOfExpression(node.parent) ||
  (ts.isPropertyAccessExpression(node.parent) && ts.isTypeOfExpression(node.parent.parent));

/** Bundlers know `process.env`; the rest is a real process. */
function isProcess(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    ts.isPropertyAccessExpression(parent) && parent.expression === node && processMembers.has(memberName(parent) ?? '')
  );
}
