import {
  commands,
  type Diagnostic,
  Disposable,
  EventEmitter,
  type Hover,
  MarkdownString,
  type TextDocumentContentProvider,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import { ExplainRequest } from './server/protocol.ts';
import type { Server } from './server/server.ts';

const scheme = 'leakproof-docs';
const explainCommand = 'leakproof.explainRule';

/** The pages about rules, as read-only documents: they come with the extension and need no network. */
export class Documentation implements TextDocumentContentProvider, Disposable {
  readonly #server: Server;
  readonly #changed = new EventEmitter<Uri>();
  readonly #registration: Disposable;
  readonly onDidChange = this.#changed.event;

  constructor(server: Server) {
    this.#server = server;
    this.#registration = workspace.registerTextDocumentContentProvider(scheme, this);
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const rule = uri.path.slice(1).replace(/\.md$/, '');
    const { markdown } = await this.#server.request(ExplainRequest, { rule });
    return markdown === null ? `# ${rule}\n\nThis version of Leakproof has no such rule.\n` : withoutMarkers(markdown);
  }

  /** Opens the page about a rule as a preview beside the code, or as text where there is no preview. */
  async open(rule: string): Promise<void> {
    const uri = Uri.from({ scheme, path: `/${rule}.md` });
    this.#changed.fire(uri);
    const document = await workspace.openTextDocument(uri);
    try {
      await commands.executeCommand('markdown.showPreviewToSide', uri);
    } catch {
      await window.showTextDocument(document, { preview: true, viewColumn: ViewColumn.Beside });
    }
  }

  dispose(): void {
    Disposable.from(this.#registration, this.#changed).dispose();
  }
}

/** Lets the codes of diagnostics lead to the pages that are at hand rather than to those on the network. */
export function linkToPages(diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) {
    const { code } = diagnostic;
    if (typeof code !== 'object' || diagnostic.source !== 'leakproof') continue;
    diagnostic.code = { value: code.value, target: Uri.parse(linkTo(String(code.value))) };
  }
}

/** The same for what is said in a hover. */
export function linkHoverToPages({ contents }: Hover): void {
  for (const content of contents) {
    if (!(content instanceof MarkdownString)) continue;
    content.value = content.value.replace(/\]\(https:[^)]*\/([\w-]+)\/rule\.md\)/g, (_, rule) => `](${linkTo(rule)})`);
    content.isTrusted = { enabledCommands: [explainCommand] };
  }
}

function linkTo(rule: string): string {
  return `command:${explainCommand}?${encodeURIComponent(JSON.stringify([rule]))}`;
}

/** The lines below examples that say what is reported there are for the tests; readers get them as comments to end with. */
function withoutMarkers(markdown: string): string {
  return markdown.replace(/^\/\/ *\^+ .*\n/gm, '');
}
