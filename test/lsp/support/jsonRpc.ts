import type { Readable, Writable } from 'node:stream';

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** An answer of the other side that says no. */
export class RpcFailure extends Error {
  readonly code: number;

  constructor({ code, message }: RpcError) {
    super(message);
    this.code = code;
  }
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: RpcError;
}

type Handler = (params: never) => unknown;

/** JSON-RPC 2.0 over streams, with the headers of the Language Server Protocol. Written out so that the tests use no code of the server's library. */
export class JsonRpc {
  readonly #output: Writable;
  readonly #pending = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  readonly #handlers = new Map<string, Handler>();
  #buffer = Buffer.alloc(0);
  #lastId = 0;

  constructor(input: Readable, output: Writable) {
    this.#output = output;
    input.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      while (this.#readOne());
    });
    input.on('close', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('the server went away'));
      this.#pending.clear();
    });
  }

  /** Answers requests and hears notifications of that name. */
  on(method: string, handler: Handler): void {
    this.#handlers.set(method, handler);
  }

  /** Asks, and tells the number of the request. */
  ask<T>(method: string, params?: unknown): { readonly id: number; readonly answer: Promise<T> } {
    const id = ++this.#lastId;
    const answer = new Promise<T>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.#send({ id, method, params });
    return { id, answer };
  }

  request<T>(method: string, params?: unknown): Promise<T> {
    return this.ask<T>(method, params).answer;
  }

  notify(method: string, params?: unknown): void {
    this.#send({ method, params });
  }

  #send(message: Message): void {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.#output.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#output.write(body);
  }

  #readOne(): boolean {
    const end = this.#buffer.indexOf('\r\n\r\n');
    if (end === -1) return false;
    const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.subarray(0, end).toString())?.[1]);
    if (Number.isNaN(length)) throw new Error(`not the protocol: ${this.#buffer.subarray(0, 200).toString()}`);
    const start = end + 4;
    if (this.#buffer.length < start + length) return false;
    const message: Message = JSON.parse(this.#buffer.subarray(start, start + length).toString());
    this.#buffer = this.#buffer.subarray(start + length);
    void this.#receive(message);
    return true;
  }

  async #receive({ id, method, params, result, error }: Message): Promise<void> {
    if (method !== undefined) {
      const answer = await this.#handlers.get(method)?.(params as never);
      if (id !== undefined) this.#send({ id, result: answer ?? null });
      return;
    }
    const pending = this.#pending.get(id as number);
    this.#pending.delete(id as number);
    if (error !== undefined) pending?.reject(new RpcFailure(error));
    else pending?.resolve(result as never);
  }
}
