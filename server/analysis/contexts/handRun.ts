import type { Host } from '../host.ts';
import { importWord, specifiersOf } from '../semantics/textEvidence.ts';
import { pathsBeside } from './importers.ts';
import { handRunPlaces, toolPlaces } from './places.ts';

/** A module that does its work when it is loaded or started, and is no part of another one. */
const starting = /^#!|\brequire\.main\b|\bimport\.meta\.(?:main|filename|url)\b|\bprocess\.(?:argv|exit|exitCode)\b/;
const exporting = /^\s*export\b|^\s*(?:module\.)?exports\b/m;

const binPlace = /(?:^|\/)(?:bin|cli)\/[\w.-]+\.[cm]?[jt]s$/i;
const staying =
  /\.listen\(|\b(?:createServer|setInterval|serve|cluster|fork)\(|\.\s*(?:start|launch|login|subscribe|consume|connect)\(/;
const ending = /\bprocess\.exit\(|\bawait\s+[\w$.]+\.\$?(?:end|close|destroy|disconnect|quit)\(/;
/** What a runner of migrations, or of work flows, loads by its place, once. */
const loadedPlace = /(?:^|\/)(?:migrations?|seeds?|seeders?|\.github)\/(?:[\w.-]+\/)*[\w.-]+$/i;
const scriptPackage = /(?:^|\/)(?:[\w.-]+-)?scripts\//i;

/** How many importers are followed. */
const maxDepth = 4;

/**
 * Whether a developer of the project runs the file by hand, and nothing else does: a script or tool that starts itself,
 * or a module that only such files import. What tests do with it does not count.
 */
export function isRunByHand(host: Host, path: string): boolean {
  return isByHand(host, path, maxDepth);
}

function isByHand(host: Host, path: string, depth: number): boolean {
  const { role } = host.environment(path);
  if (depth === 0) return false;
  const { inPackage, packagePath } = host.location(path);
  const place = `${packagePath ?? ''}/${inPackage}`;
  // `npm start` of a package among the scripts is how people run it.
  if (role === 'service' && !scriptPackage.test(packagePath ?? '')) return false;
  const isPlace = role === 'task' || handRunPlaces.test(place);
  const importers = importersOf(host, path);
  if (importers.length === 0) {
    const text = host.read(path) ?? '';
    if (isPlace) {
      const isLoaded = role === 'task' || loadedPlace.test(place) || toolPlaces.test(place);
      return isLoaded || starting.test(text) || !exporting.test(text);
    }
    // What lies in `bin/` of a package that installs no command, and does not stay.
    return role === undefined && binPlace.test(inPackage) && !exporting.test(text) && !staying.test(text);
  }
  // Others may import what the package offers.
  if (!isPlace && isOffered(host, path)) return false;
  return importers.every((importer) => isByHand(host, importer, depth - 1));
}

/** Whether somebody sits before the file's work: a part of a command, or of an extension of an editor. */
export function isInteractive(host: Host, path: string): boolean {
  return host.environment(path).role === 'extension' || isPartOfCommand(host, path);
}

/**
 * Whether the file is only reached from what a package installs as a command: it is no entry, and every file that imports
 * it belongs to the command, starts itself and ends, or is such a file itself.
 */
export function isPartOfCommand(host: Host, path: string): boolean {
  return isOfCommand(host, path, maxDepth);
}

function isOfCommand(host: Host, path: string, depth: number): boolean {
  const { role } = host.environment(path);
  if (role !== undefined || depth === 0) return role === 'command';
  if (endsItself(host.read(path) ?? '')) return true;
  if (isOffered(host, path)) return false;
  const importers = importersOf(host, path);
  return importers.length > 0 && importers.every((importer) => isOfCommand(host, importer, depth - 1));
}

/** `#!/usr/bin/env bun`: a program that does its work, closes what it opened or ends its process, and does not stay. */
const endsItself = (text: string): boolean => text.startsWith('#!') && ending.test(text) && !staying.test(text);

/** Whether the file is an entry of its package. Where they cannot be told, they lie at the top, or are an `index`. */
function isOffered(host: Host, path: string): boolean {
  const entries = host.entries(path);
  if (entries !== undefined) return entries.includes(path);
  const directories = host.location(path).inPackage.split('/').slice(0, -1);
  return directories.length < 2 || /\/index\.[cm]?[jt]sx?$/.test(path);
}

/** The files of the project, no tests, that import the file. */
function importersOf(host: Host, path: string): readonly string[] {
  return pathsBeside(host, path, importWord(path))?.filter((other) => imports(host, other, path)) ?? [];
}

function imports(host: Host, from: string, path: string): boolean {
  return specifiersOf(host.read(from) ?? '', path).some((specifier) => {
    const meant = host.resolve(from, specifier);
    // An alias that nobody can resolve may mean it.
    const mayBeAlias = !specifier.startsWith('.') && !specifier.endsWith('index');
    return meant === path || (meant === undefined && mayBeAlias && host.packageOf(from) === host.packageOf(path));
  });
}
