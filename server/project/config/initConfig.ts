import { writeFileSync } from 'node:fs';
import { join, toPortable } from '../files/paths.ts';
import { describeError, errorCode } from '../files/systemErrors.ts';
import { configName } from './configFile.ts';
import { schemaUrl } from './schema.ts';

const template = `{
  "$schema": "${schemaUrl}",

  // "recommended", or "strict" to see findings that are only possible, too.
  "preset": "recommended",

  // The search for further configuration ends here.
  "root": true,

  // Severity by rule: "off", "info", "warning" or "error". \`leakproof --rules\` lists them.
  "rules": {},

  // Files that are not analysed, in the syntax of .gitignore.
  "ignore": []
}
`;

/** Creates a configuration file in the directory; answers its path, or why it was not created. Never overwrites. */
export function initConfig(directory: string): { readonly path: string } | { readonly refused: string } {
  const path = join(toPortable(directory), configName);
  try {
    writeFileSync(path, template, { flag: 'wx' });
    return { path };
  } catch (error) {
    return { refused: errorCode(error) === 'EEXIST' ? `${configName} exists already` : describeError(error) };
  }
}
