import type { FlowNode } from '../controlFlow/graph.ts';
import type { Program } from '../syntax/program.ts';
import type { Captures } from './captures.ts';
import type { Callees } from './effects.ts';
import type { Question } from './outcome.ts';
import type { Values } from './values.ts';

/** What all transfer functions of one question share. */
export interface Scene {
  readonly program: Program;
  readonly question: Question;
  readonly values: Values;
  readonly captures: Captures;
  readonly callees: Callees;
  /** Whether a release can still follow a node: then whoever got the resource there only borrowed it. */
  readonly releasedLater: (node: FlowNode) => boolean;
  /** The same where nothing throws from the node on. */
  readonly releasedInOrder: (node: FlowNode) => boolean;
  /** Whether, where nothing throws, the code itself goes on to use the resource after a node. */
  readonly usedInOrder: (node: FlowNode) => boolean;
}

/** What can still follow a node. */
export type Following = Pick<Scene, 'releasedLater' | 'releasedInOrder' | 'usedInOrder'>;
