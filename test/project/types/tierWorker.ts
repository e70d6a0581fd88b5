import { parentPort, workerData } from 'node:worker_threads';
import { watchThrough } from '../../../server/project/types/supervise.ts';
import { createTypeTier } from '../../../server/project/types/tier.ts';
import { declarations } from './support.ts';

/** What the tests ask of the tier inside a worker. */
export type TierCommand =
  | { readonly kind: 'ask'; readonly path: string; readonly text: string }
  | { readonly kind: 'change'; readonly path: string; readonly text: string }
  | { readonly kind: 'close' };

export interface TierAnswer {
  readonly declarations: readonly string[];
  readonly backend: string;
  readonly problems: readonly string[];
}

const tier = createTypeTier({ watch: watchThrough((workerData as { memory: SharedArrayBuffer }).memory) });

parentPort?.on('message', (command: TierCommand) => {
  let answers: readonly string[] = [];
  if (command.kind === 'ask') {
    answers = declarations(tier, command.path, command.text);
  } else if (command.kind === 'change') {
    tier.update(new Map([[command.path, command.text]]));
  } else {
    tier.close();
    tier.close();
  }
  const answer: TierAnswer = {
    declarations: answers,
    backend: tier.backend,
    problems: tier.problems().map(({ message }) => message),
  };
  parentPort?.postMessage(answer);
  if (command.kind === 'close') {
    parentPort?.close();
  }
});
