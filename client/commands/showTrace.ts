import {
  commands,
  type Diagnostic,
  DiagnosticSeverity,
  Disposable,
  Location,
  languages,
  Position,
  Range,
  Selection,
  type TextEditor,
  ThemeColor,
  Uri,
  window,
} from 'vscode';
import type { Trace } from '../../protocol/messages.ts';
import { TraceRequest } from '../server/protocol.ts';
import type { Server } from '../server/server.ts';
import { isChecked } from '../settings.ts';

interface Step {
  readonly location: Location;
  readonly label: string;
}

/** Shows the way from an acquisition to the exit: a peek along it, and its steps numbered in the editor. */
export class TraceView implements Disposable {
  readonly #server: Server;
  readonly #decoration = window.createTextEditorDecorationType({
    after: { margin: '0 0 0 2em', color: new ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' },
    overviewRulerColor: new ThemeColor('editorOverviewRuler.warningForeground'),
  });
  #clearing: Disposable | undefined;

  constructor(server: Server) {
    this.#server = server;
  }

  /** Shows the trace at the given place (`uri, position`), else at the cursor. Resolves with the labels of its steps. */
  async show([uri, position]: readonly unknown[]): Promise<readonly string[]> {
    const editor = await editorFor(uri);
    if (!editor || !isChecked(editor.document)) {
      void window.showInformationMessage('Open a JavaScript or TypeScript file to see how a leak comes about.');
      return [];
    }
    const at = asPosition(position) ?? editor.selection.active;
    const trace = (await this.#ask(editor, at)) ?? (await this.#askElsewhere(editor, at));
    if (!trace) {
      void window.showInformationMessage('There is no leak here.');
      return [];
    }
    const steps = trace.steps.map(({ uri: of, range, label }) => ({
      location: new Location(Uri.parse(of), this.#server.client.protocol2CodeConverter.asRange(range)),
      label,
    }));
    await this.#present(editor, steps);
    return steps.map(({ label }) => label);
  }

  dispose(): void {
    this.#clearing?.dispose();
    this.#decoration.dispose();
  }

  #ask({ document }: TextEditor, { line, character }: Position): Promise<Trace | null> {
    return this.#server.request(TraceRequest, { uri: document.uri.toString(), position: { line, character } });
  }

  /** The cursor stands somewhere else: the leak of its line is meant, or the one chosen from those of the file. */
  async #askElsewhere(editor: TextEditor, at: Position): Promise<Trace | null> {
    const leaks = languages.getDiagnostics(editor.document.uri).filter(isLeak);
    const near = leaks.filter(({ range }) => range.start.line === at.line);
    const leak = near[0] ?? (leaks.length > 1 ? await choose(leaks) : leaks[0]);
    return leak ? this.#ask(editor, leak.range.start) : null;
  }

  async #present(editor: TextEditor, steps: readonly Step[]): Promise<void> {
    const first = steps[0];
    if (!first) return;
    editor.selection = new Selection(first.location.range.start, first.location.range.start);
    const locations = steps.map(({ location }) => location);
    await commands.executeCommand(
      'editor.action.peekLocations',
      first.location.uri,
      first.location.range.start,
      locations,
      'peek',
    );
    // Only now: opening the peek moves the cursor, which takes the numbers away.
    this.#number(editor, steps);
  }

  /** Writes the steps behind their lines, until the text or the cursor changes. */
  #number(editor: TextEditor, steps: readonly Step[]): void {
    this.#clearing?.dispose();
    const byLine = new Map<number, string[]>();
    for (const [index, { location, label }] of steps.entries()) {
      if (location.uri.toString() !== editor.document.uri.toString()) continue;
      const { line } = location.range.start;
      byLine.set(line, [...(byLine.get(line) ?? []), `${index + 1} ${label.replaceAll('`', '')}`]);
    }
    const decorations = [...byLine].map(([line, labels]) => {
      const { end } = editor.document.lineAt(line).range;
      return { range: new Range(end, end), renderOptions: { after: { contentText: labels.join(' → ') } } };
    });
    editor.setDecorations(this.#decoration, decorations);
    const clear = (): void => this.#clearing?.dispose();
    const { selection } = editor;
    this.#clearing = Disposable.from(
      new Disposable(() => editor.setDecorations(this.#decoration, [])),
      window.onDidChangeTextEditorSelection(({ textEditor, selections: [now] }) => {
        if (textEditor === editor && !now?.isEqual(selection)) clear();
      }),
      window.onDidChangeActiveTextEditor((active) => active && active !== editor && clear()),
    );
  }
}

/** A finding, not the hint at its exit and not what other extensions say. */
function isLeak({ source, severity }: Diagnostic): boolean {
  return source === 'leakproof' && severity !== DiagnosticSeverity.Hint;
}

async function choose(leaks: readonly Diagnostic[]): Promise<Diagnostic | undefined> {
  const items = leaks.map((leak) => ({
    label: `Line ${leak.range.start.line + 1}`,
    detail: leak.message.split('. ')[0] ?? leak.message,
    leak,
  }));
  return (await window.showQuickPick(items, { title: 'Show Leak Trace', placeHolder: 'Of which leak?' }))?.leak;
}

async function editorFor(uri: unknown): Promise<TextEditor | undefined> {
  if (uri instanceof Uri) return window.showTextDocument(uri);
  if (typeof uri === 'string') return window.showTextDocument(Uri.parse(uri));
  return window.activeTextEditor;
}

/** Commands of code actions carry positions as plain objects. */
function asPosition(value: unknown): Position | undefined {
  if (typeof value !== 'object' || value === null || !('line' in value) || !('character' in value)) return undefined;
  return new Position(Number(value.line), Number(value.character));
}
