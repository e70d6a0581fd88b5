import type { Message } from '../../analysis/finding.ts';

/** The three parts of a message as one text. */
export function messageText(message: Message): string {
  return [message.what, message.why, message.remedy]
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(sentence)
    .join(' ');
}

/** Ends a part with a full stop where it has no end of its own. */
export function sentence(text: string): string {
  return /[.!?…:]$/.test(text) ? text : `${text}.`;
}
