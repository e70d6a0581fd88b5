import { createWriteStream } from 'node:fs';
import { readConfig } from './config.ts';
import type { Gateway } from './gateway.ts';
import { Generation } from './generation.ts';

/** Serves one generation after the other: SIGHUP ends one, and the next reads the configuration again. */
export async function serveGenerations(gateway: Gateway, configPath: string): Promise<void> {
  for (let number = 1; gateway.isOpen; number++) {
    const config = await readConfig(configPath);
    const journal = createWriteStream(config.journal, { flags: 'a' });
    const generation = new Generation(config);
    process.on('SIGHUP', () => generation.retire());
    gateway.use(generation);
    journal.write(`${new Date().toISOString()} generation ${number} has ${generation.size} routes\n`);
    console.log(`serving generation ${number}`);
    await generation.retired;
  }
}
