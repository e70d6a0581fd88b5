import { LanguageClient } from 'vscode-languageclient/node';

/** A language client that never interrupts: what it has to say stands in the output, and the status item points there. */
export class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  override warn(message: string, data?: unknown): void {
    super.warn(message, data, false);
  }

  override info(message: string, data?: unknown): void {
    super.info(message, data, false);
  }
}
