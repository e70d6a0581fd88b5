import { reportJson } from './json.ts';
import { reportAgent, reportUnix } from './oneLine.ts';
import type { Reporter, ReporterName } from './reporter.ts';
import { reportStylish } from './stylish.ts';

export const reporters: Readonly<Record<ReporterName, Reporter>> = {
  stylish: reportStylish,
  json: reportJson,
  unix: reportUnix,
  agent: reportAgent,
};
