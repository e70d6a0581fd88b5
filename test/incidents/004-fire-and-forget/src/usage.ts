import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Message } from './answer.ts';
import type { Ledger } from './ledger.ts';

/** Slow models take their time. */
const patience = 600_000;

export interface Conversation {
  readonly id: string;
  readonly customer: string;
  readonly messages: readonly Message[];
}

/** Bills an answer when it is complete. */
export async function recordUsage(conversation: Conversation, answer: Answer, ledger: Ledger): Promise<void> {
  const complete = await Promise.race([once(answer, 'complete'), sleep(patience)]);
  if (!complete) return;
  const { id, customer, messages } = conversation;
  const read = messages.reduce((sum, { content }) => sum + content.split(' ').length, 0);
  await ledger.bill(customer, id, read + answer.tokens);
}
