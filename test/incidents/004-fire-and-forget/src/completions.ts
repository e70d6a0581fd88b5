import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Answer } from './answer.ts';
import type { Ledger } from './ledger.ts';
import { type Conversation, recordUsage } from './usage.ts';

/** Streams the answer to a conversation; its usage is recorded on the side. */
export async function complete(request: IncomingMessage, response: ServerResponse, ledger: Ledger): Promise<void> {
  const conversation: Conversation = JSON.parse(await text(request));
  const answer = new Answer(conversation.messages);
  void recordUsage(conversation, answer, ledger);
  response.writeHead(200, { 'content-type': 'text/plain' });
  for await (const token of answer.stream()) {
    if (response.destroyed) return;
    response.write(token);
  }
  response.end();
}
