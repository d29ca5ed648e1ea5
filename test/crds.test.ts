import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { humanDiagnostic } from '../src/cli/report.js';
import { hasErrors } from '../src/diagnostics.js';
import { diskTree } from '../src/emit/tree.js';
import { fromYaml } from '../src/emit/yaml.js';
import { projectSources } from '../src/frontend/files.js';
import { readApi } from '../src/frontend/index.js';
import { generate } from '../src/generate.js';
import type { JsonObject } from '../src/json.js';
import { validateObject } from '../src/validate/object.js';
import { emptyProject } from './support/api.js';
import { caseFolder, casesOf } from './support/fixtures.js';

async function generateFrom(folder: string) {
  const api = await readApi(folder, projectSources(diskTree(folder)));
  const made = hasErrors(api.diagnostics)
    ? undefined
    : generate(undefined, api.value, { only: ['crds', 'rbac', 'webhooks'] });
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

describe('the sample of each kind matches its schema', () => {
  test.each(casesOf('crds'))('%s', async (name) => {
    const folder = caseFolder('crds', name);
    const api = await readApi(folder, projectSources(diskTree(folder)));
    const { value, diagnostics } = generate(emptyProject, api.value);
    expect(diagnostics.filter((each) => each.severity === 'error')).toEqual([]);
    const incomplete = diagnostics.some((each) => each.code === 'OG3102');
    const samples = value.artifacts.filter((artifact) => artifact.source === 'samples' && 'content' in artifact);
    expect(samples.length).toBeGreaterThan(0);
    for (const sample of samples) {
      const [object] = fromYaml('content' in sample ? sample.content : '', sample.path).value as [JsonObject];
      const { schema } = value.crds
        .flatMap((crd) => crd.object.spec.versions.map((version) => ({ crd, version })))
        .find(
          ({ crd, version }) =>
            crd.object.spec.names.kind === object.kind &&
            object.apiVersion === `${crd.object.spec.group}/${version.name}`,
        )!.version;
      const found = validateObject(schema.openAPIV3Schema, object);
      if (!incomplete) expect(found).toEqual([]);
    }
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
