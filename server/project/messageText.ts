import type { Message } from '../analysis/finding.ts';

/** The three parts of a message as one text. */
export function messageText(message: Message): string {
  return [message.what, message.why, message.remedy]
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(sentence)
    .join(' ');
}

/** Begins a part with a capital and ends it with a full stop where it has no end of its own. */
export function sentence(text: string): string {
  const begun = capitalised(text.trim());
  return /[.!?…:]$/.test(begun) ? begun : `${begun}.`;
}

/** Begins a text with a capital letter. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
