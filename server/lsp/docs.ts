import { version } from '../project/catalog/version.generated.ts';

/** Where the repository of package.json is found; a test compares the two. */
export const repository = 'https://github.com/leakproof/leakproof';

/** The page about a rule, as it was when this version was released. */
export function docsUrl(rule: string): string {
  return `${repository}/blob/v${version}/server/analysis/rules/${rule}/rule.md`;
}
