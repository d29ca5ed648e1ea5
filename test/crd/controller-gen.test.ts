import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { buildCrds } from '../../src/crd/build.js';
import { diskTree } from '../../src/emit/tree.js';
import { projectSources } from '../../src/frontend/files.js';
import { readApi } from '../../src/frontend/index.js';
import { caseFolder } from '../support/fixtures.js';

type Node = { [key: string]: unknown };

/** What controller-gen made of the Go twin of a fixture; `VERSION` says how. */
const expectedCrd = (name: string): Node =>
  load(readFileSync(join(caseFolder('controller-gen', name), 'expected.yaml'), 'utf8')) as Node;

async function actualCrd(name: string): Promise<Node> {
  const folder = caseFolder('crds', name);
  const api = await readApi(folder, projectSources(diskTree(folder)));
  const crds = buildCrds(api.value);
  expect([...api.diagnostics, ...crds.diagnostics]).toEqual([]);
  expect(crds.value).toHaveLength(1);
  return JSON.parse(JSON.stringify(crds.value[0]!.object));
}

/** Descriptions are nowhere the name of a field in this case. */
const withoutDescriptions = (crd: Node): unknown =>
  JSON.parse(JSON.stringify(crd.spec), (key, value) => (key === 'description' ? undefined : value));

test('built-in types have the schemas that controller-gen gives them', async () => {
  const name = 'myapp-with-built-in-types';
  expect(withoutDescriptions(await actualCrd(name))).toEqual(withoutDescriptions(expectedCrd(name)));
});
