import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fromYaml } from '../../src/emit/yaml.js';
import { generateFrom, textOf } from '../support/api.js';
import { caseFolder, casesOf } from '../support/fixtures.js';

const twins = casesOf('crds').filter((name) => existsSync(`fixtures/crds/${name}/controller-gen`));

/** Without descriptions, which are in words of one's own, and the annotation of controller-gen. */
function comparable(value: unknown): unknown {
  const text = JSON.stringify(value, (key, each) =>
    key === 'description' || key === 'controller-gen.kubebuilder.io/version' ? undefined : each,
  );
  return JSON.parse(text.replaceAll('"annotations":{},', ''));
}

test.each(twins)('the versions are those that controller-gen makes: %s', async (name) => {
  const folder = caseFolder('crds', name);
  const { value, diagnostics } = await generateFrom(folder, 'crds');
  const expected = readFileSync(join(folder, 'controller-gen/expected.yaml'), 'utf8');
  expect(diagnostics).toEqual([]);
  const made = value.artifacts.flatMap((each) => fromYaml(textOf(each), each.path).value);
  expect(comparable(made)).toEqual(comparable(fromYaml(expected, 'expected.yaml').value));
});

test('there are such cases', () => {
  expect(twins.length).toBeGreaterThan(4);
});
