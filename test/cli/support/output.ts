import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync('test/support/output.schema.json', 'utf8')),
);

/** The document that `--format json` writes, as far as tests look into it. */
export interface Output {
  readonly types: { readonly backend: string };
  readonly findings: readonly {
    readonly rule: string;
    readonly path: string;
    readonly severity: string;
    readonly message: string;
    readonly start: { readonly line: number; readonly column: number };
    readonly witness: readonly { readonly path: string; readonly line: number; readonly label: string }[];
    readonly fixes: readonly { readonly title: string; readonly safety: string }[];
    readonly suppressed: { readonly by: string; readonly reason: string | null } | null;
  }[];
  readonly coverage: Readonly<Record<string, number>>;
  readonly files: {
    readonly seen: number;
    readonly parsed: number;
    readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  };
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  readonly durationMs?: number;
}

/** Reads a result and holds it against the contract. */
export function parseOutput(text: string): Output {
  const document: unknown = JSON.parse(text);
  assert.ok(validate(document), JSON.stringify(validate.errors, null, 2));
  return document as Output;
}
