/** What a sender of events says last: the stream ends right behind it. */
export const endMark = '[DONE]';
