import { runSuite } from './runSuite.ts';

/** The entry that the extension host runs in a trusted workspace with several folders. */
export function run(): Promise<void> {
  return runSuite(async () => {
    await import('./findings.ts');
    await import('./repairs.ts');
    await import('./configuration.ts');
    await import('./commands.ts');
    // Last, because it leaves a server behind that has crashed often.
    await import('./restarts.ts');
  });
}
