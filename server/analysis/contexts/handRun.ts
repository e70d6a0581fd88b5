import type { Host } from '../host.ts';
import { importWord, specifiersOf } from '../semantics/textEvidence.ts';
import { mayImport, pathsBeside } from './importers.ts';
import { commandPlaces, developerPlaces, handRunPlaces, loadedNames, loadedPlaces, toolPlaces } from './places.ts';

/** A module that does its work when it is loaded or started, and is no part of another one. */
const starting = /^#!|\brequire\.main\b|\bimport\.meta\.(?:main|filename|url)\b|\bprocess\.(?:argv|exit|exitCode)\b/;
const exporting = /^\s*export\b|^\s*(?:module\.)?exports\b/m;

const binPlace = /(?:^|\/)(?:bin|cli)\/[\w.-]+\.[cm]?[jt]s$/i;
const staying =
  /\.listen\(|\b(?:createServer|setInterval|serve|cluster|fork|importScripts)\(|\b(?:parentPort|onmessage)\b|\.\s*(?:start|launch|login|subscribe|consume|connect)\(|\bprocess\.on\(['"]message/;
const ending = /\bprocess\.exit\(|\bawait\s+[\w$.]+\.\$?(?:end|close|destroy|disconnect|quit)\(/;
/** What a runner of migrations, or of work flows, loads by its place, once. */
const loadedPlace = /(?:^|\/)(?:migrations?|seeds?|seeders?|\.github)\/(?:[\w.-]+\/)*[\w.-]+$/i;
const scriptPackage = /(?:^|\/)(?:[\w.-]+-)?scripts\//i;

/** How many importers are followed. */
const maxDepth = 8;

/**
 * Whether a developer of the project runs the file by hand, and nothing else does: a script or tool that starts itself,
 * or a module that only such files import. What tests do with it does not count.
 */
export function isRunByHand(host: Host, path: string): boolean {
  return isByHand(host, path, maxDepth, false);
}

/**
 * The same, or whether the file is a program that does its work and ends, and no other file of its package speaks of it,
 * or is a part of such programs only.
 */
export function isRunAlone(host: Host, path: string): boolean {
  return isByHand(host, path, maxDepth, true);
}

function isByHand(host: Host, path: string, depth: number, orAlone: boolean): boolean {
  const { role } = host.environment(path);
  if (depth === 0) return false;
  const { inPackage, packagePath } = host.location(path);
  const place = `${packagePath ?? ''}/${inPackage}`;
  // `npm start` of a package among the scripts is how people run it.
  if (role === 'service' && !scriptPackage.test(packagePath ?? '')) return false;
  const isPlace = role === 'task' || handRunPlaces.test(place);
  const importers = importingPaths(host, path);
  if (importers.length === 0) {
    const text = host.read(path) ?? '';
    if (isPlace) {
      const isLoaded = role === 'task' || loadedPlace.test(place) || toolPlaces.test(place);
      return isLoaded || starting.test(text) || !exporting.test(text);
    }
    const isOneShot = role === undefined && !exporting.test(text) && !staying.test(text);
    // In `bin/` of a package that installs no command, or wherever nobody says a word of it.
    return isOneShot && (binPlace.test(inPackage) || (orAlone && isUnmentioned(host, path)));
  }
  // Others may import what the package offers.
  if (!isPlace && isOffered(host, path)) return false;
  return importers.every((importer) => isByHand(host, importer, depth - 1, orAlone));
}

/** Whether no file of the package speaks of a program, and nothing loads it by its place or name. */
function isUnmentioned(host: Host, path: string): boolean {
  const { inPackage } = host.location(path);
  if (host.packageOf(path) === undefined || loadedPlaces.test(inPackage) || loadedNames.test(path)) return false;
  if (host.environment(path).platform === 'browser' && /^(?:src|app|source)\//.test(inPackage)) return false;
  const others = pathsBeside(host, path, importWord(path));
  return others !== undefined && !others.some((other) => mayImport(host, other, host.read(other) ?? '', path));
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
  const importers = importingPaths(host, path);
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

/** Whether a file that is no command and no tool itself imports the file, or one that does. */
export function isPartOfProgram(host: Host, path: string, depth = maxDepth): boolean {
  return importingPaths(host, path).some((importer) => {
    const { inPackage } = host.location(importer);
    if (!commandPlaces.test(inPackage) && !developerPlaces.test(inPackage)) return !isRunByHand(host, importer);
    return depth > 0 && isPartOfProgram(host, importer, depth - 1);
  });
}

/** The files of the project, no tests, that import the file. */
export function importingPaths(host: Host, path: string): readonly string[] {
  return pathsBeside(host, path, importWord(path))?.filter((other) => imports(host, other, path)) ?? [];
}

function imports(host: Host, from: string, path: string): boolean {
  return specifiersOf(host, from, path).some((specifier) => {
    const meant = host.resolve(from, specifier);
    // An alias that nobody can resolve may mean it.
    const mayBeAlias = !specifier.startsWith('.') && !specifier.endsWith('index');
    return meant === path || (meant === undefined && mayBeAlias && host.packageOf(from) === host.packageOf(path));
  });
}
