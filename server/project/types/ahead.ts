const method = 'updateSnapshot';
const tags = { request: 1, call: 6 } as const;

/** What the library keeps private: the pipe to the child, on which a message is a tuple of tag, name and payload. */
export interface Channel {
  writeTuple(tag: number, name: Uint8Array, payload: string | Uint8Array): void;
  readTuple(): void;
  handleCall(name: string, payload: Buffer): void;
  readonly child: { readonly stdout: unknown };
  readonly _msgType: number;
  readonly _msgName: Buffer;
  readonly _msgPayload: Buffer;
}

/**
 * Sends the request for a snapshot before anybody waits for it, so that the child works while this thread does. The
 * library only knows how to do both at once: of the request that follows it sends nothing, and reads the answer.
 */
export class AheadRequest {
  readonly #channel: Channel;
  /** Whether the next request was sent already, and whether a message was read that its answer begins with. */
  #sent = false;
  #read = false;

  constructor(channel: Channel) {
    const { writeTuple, readTuple } = channel;
    // The stream has begun to read, which is harmless only as long as no answer may come while the event loop turns.
    (channel.child.stdout as { readonly _handle?: { readStop(): void } } | null)?._handle?.readStop();
    this.#channel = channel;
    channel.writeTuple = (tag, name, payload) => {
      if (tag === tags.request && this.#sent) this.#sent = false;
      else writeTuple.call(channel, tag, name, payload);
    };
    channel.readTuple = () => {
      if (this.#read) this.#read = false;
      else readTuple.call(channel);
    };
  }

  /** Sends the request; the very next one has to be the same. The child asks for the edited text at once: it gets it. */
  send(params: object): void {
    const channel = this.#channel;
    channel.writeTuple(tags.request, Buffer.from(method), JSON.stringify(params));
    channel.readTuple();
    if (channel._msgType === tags.call) channel.handleCall(channel._msgName.toString(), channel._msgPayload);
    else this.#read = true;
    this.#sent = true;
  }
}
