import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSpec, type SpecCase } from '../support/specFile.ts';
import { type Offer, offersIn } from './offers.ts';

const directory = fileURLToPath(new URL('../../../test/fixes/', import.meta.url));

for (const name of readdirSync(directory).filter((file) => file.endsWith('.md'))) {
  describe(`fixes: ${name.slice(0, -3)}`, () => {
    for (const spec of readSpec(readFileSync(directory + name, 'utf8'))) {
      it(spec.title, () => verify(spec));
    }
  });
}

/**
 * `{tabs}` and `{crlf}` in a heading change the texts of its case, `{using}` allows `using`, `{packages=name@1.2.3}` are
 * installed, `{none}` says that no fix may be offered and `{safety=suggestion}` that the first one is no safe one.
 */
function verify({ files, fixed, options }: SpecCase): void {
  const rewritten = (text: string): string => restyle(text, options);
  const texts = files.map(({ path, text }) => [path, rewritten(text)] as const);
  const offers = offersIn(texts, { packages: options.packages ?? '', using: 'using' in options });
  if ('none' in options) {
    assert.deepEqual(
      offers.map(({ title, text }) => `${title}\n${text}`),
      [],
    );
    return;
  }
  assert.ok(fixed.length > 0, 'the case expects nothing');
  for (const { title, text } of fixed) {
    const offer = offers.find((o) => o.title === title);
    assert.ok(offer, `no fix called ‹${title}› is offered, only ${JSON.stringify(offers.map((o) => o.title))}`);
    assert.equal(offer.text, rewritten(text));
    settles(offer);
  }
  assert.equal(offers[0]?.safety, options.safety ?? 'safe');
}

/** The finding of an applied fix is gone for good: nothing offers to do the same again. */
function settles({ before, after }: Offer): void {
  assert.equal(after.length, before.length - 1, 'the number of findings');
}

function restyle(text: string, options: Readonly<Record<string, string>>): string {
  let result = text;
  if ('tabs' in options) result = result.replace(/^(?: {2})+/gm, (spaces) => '\t'.repeat(spaces.length / 2));
  if ('crlf' in options) result = result.replaceAll('\n', '\r\n');
  return result;
}
