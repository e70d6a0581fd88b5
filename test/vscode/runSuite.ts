import { writeFileSync } from 'node:fs';

/** Runs cases inside the extension host and leaves their counts where the runner looks for them. */
export async function runSuite(load: () => Promise<unknown>): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const { LEAKPROOF_GREP: grep, LEAKPROOF_RESULTS: file } = process.env;
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: 'spec',
    timeout: 60_000,
    color: false,
    slow: 5000,
    ...(grep && { grep }),
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await load();
  const failures: { fullTitle: string; err: { message: string } }[] = [];
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('fail', (test, error) => {
      failures.push({ fullTitle: test.fullTitle(), err: { message: String(error.message ?? error) } });
    });
    runner.on('end', () => {
      if (file) writeFileSync(file, JSON.stringify({ stats: runner.stats, failures }));
    });
  });
  if (failures.length > 0) throw new Error(`${failures.length} cases failed`);
}
