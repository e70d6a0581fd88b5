import assert from 'node:assert/strict';
import { afterEach } from 'mocha';
import type { Sandbox } from '../../cli/support/run.ts';
import { type ClientOptions, TestClient } from './client.ts';
import { project } from './project.ts';

/** Projects and servers of one case. */
export interface Stage {
  /** A project in which pg is installed, as far as types go. */
  project(files?: Readonly<Record<string, string>>): Sandbox;
  /** Starts a server and greets it. */
  start(options: ClientOptions): Promise<TestClient>;
}

/** Call it in a suite: what a case takes from it is gone after the case, and no server may have written to stderr. */
export function stage(): Stage {
  let boxes: Sandbox[] = [];
  let clients: TestClient[] = [];
  afterEach(async () => {
    const stopped = clients;
    for (const client of clients) await client.stop();
    for (const box of boxes) box.dispose();
    [boxes, clients] = [[], []];
    for (const { stderr } of stopped) assert.equal(stderr, '');
  });
  return {
    project(files) {
      const box = project(files);
      boxes.push(box);
      return box;
    },
    async start(options) {
      const client = await TestClient.start(options);
      clients.push(client);
      return client;
    },
  };
}
