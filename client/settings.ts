import { type ConfigurationScope, type TextDocument, type Uri, workspace } from 'vscode';

/** The languages that are checked. */
export const languages: readonly string[] = ['javascript', 'javascriptreact', 'typescript', 'typescriptreact'];

/** The name of the configuration file. */
export const configName = 'leakproof.jsonc';

/** A setting of the section `leakproof`, for a file or folder where it can differ. */
export function setting<T>(name: string, scope: ConfigurationScope | undefined, fallback: T): T {
  return workspace.getConfiguration('leakproof', scope).get<T>(name, fallback);
}

/** Whether a document is one that Leakproof checks. */
export function isChecked(document: TextDocument): boolean {
  return languages.includes(document.languageId);
}

/** Whether a path names a configuration file. */
export function isConfig(uri: Uri): boolean {
  return uri.path.endsWith(`/${configName}`);
}
