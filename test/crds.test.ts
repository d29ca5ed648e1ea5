import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { humanDiagnostic } from '../src/cli/report.js';
import { hasErrors } from '../src/diagnostics.js';
import { diskTree } from '../src/emit/tree.js';
import { projectSources } from '../src/frontend/files.js';
import { readApi } from '../src/frontend/index.js';
import { generate } from '../src/generate.js';
import { caseFolder, casesOf } from './support/fixtures.js';

async function generateFrom(folder: string) {
  const api = await readApi(folder, projectSources(diskTree(folder)));
  const made = hasErrors(api.diagnostics) ? undefined : generate(undefined, api.value, { only: ['crds', 'rbac'] });
  return { artifacts: made?.value.artifacts ?? [], diagnostics: [...api.diagnostics, ...(made?.diagnostics ?? [])] };
}

describe('sources become manifests', () => {
  test.each(casesOf('crds'))('%s', async (name) => {
    const folder = caseFolder('crds', name);
    const { artifacts, diagnostics } = await generateFrom(folder);
    expect(diagnostics.filter((each) => each.severity === 'error')).toEqual([]);
    for (const artifact of artifacts) {
      expect(artifact.owner).toBe('opgen');
      if ('content' in artifact) await expect(artifact.content).toMatchFileSnapshot(join(folder, artifact.path));
    }
    const again = await generateFrom(folder);
    expect(again.artifacts).toEqual(artifacts);
  });
});

describe('mistakes in sources are reported where they stand', () => {
  test.each(casesOf('errors'))('%s', async (name) => {
    const folder = caseFolder('errors', name);
    const { artifacts, diagnostics } = await generateFrom(folder);
    const text = diagnostics.map((each) => `${humanDiagnostic(each, folder, false)}\n`).join('');
    expect(diagnostics.length, 'a case of this family has a mistake').toBeGreaterThan(0);
    if (hasErrors(diagnostics)) expect(artifacts).toEqual([]);
    await expect(text).toMatchFileSnapshot(join(folder, 'error.txt'));
  });
});
