import { readFile } from 'node:fs/promises';

export interface Route {
  readonly prefix: string;
  readonly status: number;
  readonly body: string;
}

export interface Config {
  readonly journal: string;
  readonly routes: readonly Route[];
}

export async function readConfig(path: string): Promise<Config> {
  const config: Config = JSON.parse(await readFile(path, 'utf8'));
  if (!Array.isArray(config.routes)) throw new Error(`${path}: routes are missing`);
  return config;
}
