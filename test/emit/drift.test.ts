import { expect, test } from 'vitest';
import { type Sourced, sourced } from '../../src/emit/artifact.js';
import { drift } from '../../src/emit/drift.js';
import { manifestPath } from '../../src/emit/manifest.js';
import { type PlanOptions, plan } from '../../src/emit/plan.js';
import { memoryTree } from '../../src/emit/tree.js';

const at = { file: 'src/api/v1/memcached.ts', line: 20, column: 18 };
const crd = (content: string): readonly Sourced[] =>
  sourced('crds', [{ path: 'crd.yaml', owner: 'opgen', content, at }]);
const command = (source: string) => `opgen generate ${source}`;

/** The files after `opgen generate` with these artifacts. */
function generated(artifacts: readonly Sourced[], opgenVersion = '1.0.0'): Record<string, string> {
  const { value } = plan(artifacts, memoryTree({}), { opgenVersion });
  return Object.fromEntries(value.map(({ path, after }) => [path, after ?? '']));
}

function driftOf(artifacts: readonly Sourced[], files: Record<string, string>, options: Partial<PlanOptions> = {}) {
  const { value } = plan(artifacts, memoryTree(files), { opgenVersion: '1.0.0', sources: ['crds'], ...options });
  return drift(value, { command });
}

test('a project that was just generated has no drift', () => {
  expect(driftOf(crd('a\n'), generated(crd('a\n')))).toEqual([]);
});

test('a file out of date is one error with the declaration, the command and the difference', () => {
  expect(driftOf(crd('b\n'), generated(crd('a\n')))).toEqual([
    {
      code: 'OG4002',
      severity: 'error',
      message:
        '`crd.yaml`, which comes from src/api/v1/memcached.ts:20:18, must be what opgen generates, but it is out of date',
      at,
      hint: 'run `opgen generate crds` and commit the result',
      detail: '--- a/crd.yaml\n+++ b/crd.yaml\n@@ -1 +1 @@\n-a\n+b\n',
    },
  ]);
});

test('a missing file is OG4003, an orphan OG4004; neither comes with the manifest', () => {
  const { 'crd.yaml': _, ...rest } = generated(crd('a\n'));
  expect(driftOf(crd('a\n'), rest)).toMatchObject([
    { code: 'OG4003', hint: 'run `opgen generate crds` and commit the result' },
  ]);
  const orphan = driftOf([], generated(crd('a\n')));
  expect(orphan).toMatchObject([{ code: 'OG4004', severity: 'error' }]);
  expect(orphan[0]).not.toHaveProperty('at');
  expect(orphan[0], 'a whole file of removed lines says nothing').not.toHaveProperty('detail');
});

test('a manifest that is not committed is drift when the files alone would not show it', () => {
  const { [manifestPath]: _, ...files } = generated(crd('a\n'));
  expect(driftOf(crd('a\n'), files)).toMatchObject([
    { code: 'OG4003', message: expect.stringContaining(manifestPath) },
  ]);
});

test('another version of opgen alone is no drift', () => {
  expect(driftOf(crd('a\n'), generated(crd('a\n'), '0.9.0'))).toEqual([]);
});

test('a hand edit is left to the plan, which reports the conflict', () => {
  expect(driftOf(crd('b\n'), { ...generated(crd('a\n')), 'crd.yaml': 'edited\n' })).toEqual([]);
});
