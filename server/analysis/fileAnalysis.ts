// What a rule may ask about one file. Filled in with the engine.
export interface FileAnalysis {
  readonly path: string;
  readonly text: string;
}
