import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { isAside, isTestCode } from '../../server/analysis/contexts/places.ts';
import { Packages } from '../../server/project/files/packages.ts';
import { Sandbox } from '../cli/support/run.ts';

describe('where a package lies', () => {
  let box: Sandbox;
  const manifest = '{}';
  beforeEach(() => {
    box = new Sandbox().write({
      'package.json': manifest,
      'examples/shop/package.json': manifest,
      'packages/api/package.json': manifest,
      'packages/testing/package.json': manifest,
      'packages/api/test/fixtures/app/package.json': manifest,
    });
    mkdirSync(box.at('.git'));
  });
  afterEach(() => box.dispose());

  const aside = (directory: string): boolean => isAside(new Packages().pathInRepository(box.at(directory)));

  it('tells examples and fixtures from what the repository is about', () => {
    assert.equal(aside('examples/shop'), true);
    assert.equal(aside('packages/api/test/fixtures/app'), true);
    assert.equal(aside('packages/api'), false);
    assert.equal(aside('packages/testing'), false);
  });

  it('tells tests by the kind that a folder or file is named after', () => {
    const tests = [
      'integration-tests/a/b.js',
      'api-int-test/x.ts',
      'test-integration/x.ts',
      'shop-e2e/src/x.ts',
      'src/a.int-test.ts',
      'playwright/support/login.ts',
      'cypress/tasks/mail.ts',
    ];
    assert.deepEqual(
      tests.filter((path) => !isTestCode(path)),
      [],
    );
    const product = [
      'src/integrations/slack.ts',
      'src/ab-test/x.ts',
      'src/e2e-encryption/x.ts',
      'src/load/tester.ts',
      'src/unit.ts',
      'src/latest/x.ts',
    ];
    assert.deepEqual(product.filter(isTestCode), []);
    assert.equal(isAside('integration-tests'), true);
    assert.equal(isAside('performance/mediator'), true);
    // A product may be about it.
    assert.equal(isAside('packages/performance'), false);
  });

  it('does not look beyond the repository', () => {
    assert.equal(new Packages().pathInRepository(box.path), undefined);
    box.write({ 'examples/own/package.json': manifest });
    mkdirSync(box.at('examples/own/.git'));
    assert.equal(aside('examples/own'), false);
  });

  it('takes a Deno project for a package', () => {
    const other = new Sandbox().write({ 'api/deno.jsonc': '{}', 'api/e2e/lib/client.ts': '' });
    const packages = new Packages();
    assert.equal(packages.rootOf(other.at('api/e2e/lib/client.ts')), other.at('api'));
    other.write({ 'api/e2e/package.json': '{}' });
    packages.forget();
    assert.equal(packages.rootOf(other.at('api/e2e/lib/client.ts')), other.at('api/e2e'));
    other.dispose();
  });
});
