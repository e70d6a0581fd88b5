import type { Acquisition, LibraryModel } from '../model.ts';
import { fetchWaits } from '../waits/fetch.ts';
import { methods } from '../words.ts';

/** The reader of a stream: whoever takes one locks the stream. */
const reader: Omit<Acquisition, 'at'> = {
  yields: [{ via: 'value' }],
  resource: 'ReadableStreamDefaultReader',
  duty: 'handle',
  kind: 'stream reader',
  discharges: [
    { by: 'method', name: 'cancel', promise: true },
    { by: 'method', name: 'releaseLock' },
    // Read to the end, there is nothing left to cancel.
    { by: 'exhausted', name: 'read', property: 'done' },
  ],
  preferred: { by: 'method', name: 'cancel', promise: true },
  consequence: 'its stream stays locked, and what feeds it, such as a connection, stays open',
};

/** The function that every file has. Node gives up on headers, and on each chunk of the body, after 300 s. */
export const fetching: LibraryModel = {
  library: 'fetch',
  packages: [{ name: 'undici-types' }, { name: 'typescript' }, { name: 'node' }],
  modules: {},
  globals: {
    fetch: { returns: 'Response', promise: true },
    Response: { class: 'Response' },
    ReadableStream: { class: 'ReadableStream' },
  },
  types: {
    Response: { members: { body: { value: 'ReadableStream' }, clone: { returns: 'Response' } } },
    ReadableStream: { members: { getReader: { returns: 'ReadableStreamDefaultReader' } } },
    ReadableStreamDefaultReader: { members: {} },
  },
  acquisitions: [
    {
      at: { global: 'fetch' },
      yields: [{ via: 'promise' }],
      unless: [{ argument: 1, option: 'method', equals: 'HEAD' }],
      resource: 'Response',
      collected: true,
      duty: 'body',
      kind: 'response body',
      discharges: [
        ...methods('text', 'json', 'arrayBuffer', 'blob', 'bytes', 'formData'),
        { by: 'property', name: 'body' },
        { by: 'empty', property: 'status', values: [204, 304] },
      ],
      preferred: { by: 'property', name: 'body' },
      consequence: 'its connection is not used again until garbage collection finds the response',
    },
    { at: { type: 'ReadableStream', member: 'getReader' }, ...reader },
  ],
  ...fetchWaits,
};
