import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** An answer as it comes into being; says `complete` when it is. */
export class Answer extends EventEmitter {
  readonly #words: readonly string[];
  tokens = 0;

  constructor(messages: readonly Message[]) {
    super();
    this.#words = (messages.at(-1)?.content ?? '').split(' ').slice(0, 20);
  }

  async *stream(): AsyncGenerator<string> {
    for (const word of this.#words) {
      await sleep(5);
      this.tokens += 1;
      yield `${word} `;
    }
    this.emit('complete');
  }
}
