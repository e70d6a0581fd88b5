import { parseConfig } from '../config/configFile.ts';
import type { ConfigProblem } from './protocol.ts';

/** What is wrong with the text of a configuration file. */
export function problemsIn(path: string, text: string): readonly ConfigProblem[] {
  const config = parseConfig(path, text.replace(/^\uFEFF/, ''));
  return 'problems' in config ? config.problems.map((message) => placed(path, message)) : [];
}

/** Takes apart what a configuration's message begins with where there is a place: `line:column`. */
export function placed(path: string, message: string): ConfigProblem {
  const [, line = '1', column = '1', text = message] = /^(\d+):(\d+) (.*)$/s.exec(message) ?? [];
  return { path, position: { line: Number(line), column: Number(column) }, message: text };
}
