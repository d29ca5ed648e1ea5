import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { humanDiagnostic } from '../../src/cli/report.js';
import { fromYaml } from '../../src/emit/yaml.js';
import { validateObject } from '../../src/validate/object.js';
import { expectFiles, generateFrom, textOf } from '../support/api.js';
import { caseFolder, casesOf } from '../support/fixtures.js';

test.each(casesOf('samples'))('%s', async (name) => {
  const folder = caseFolder('samples', name);
  const { value, diagnostics } = await generateFrom(folder, 'samples');
  await expectFiles(folder, value.artifacts);
  const warnings = diagnostics.map((each) => `${humanDiagnostic(each, folder, false)}\n`).join('');
  const expected = join(folder, 'warnings.txt');
  if (warnings !== '' || existsSync(expected)) await expect(warnings).toMatchFileSnapshot(expected);
  for (const artifact of value.artifacts) {
    expect(artifact).toMatchObject({ owner: 'user', refresh: true });
    if (warnings === '') expect(complaints(textOf(artifact), value.crds), artifact.path).toEqual([]);
  }
});

type Crds = Awaited<ReturnType<typeof generateFrom>>['value']['crds'];

/** What the API server would have against the sample, as far as opgen knows it. */
function complaints(text: string, crds: Crds) {
  const sample = fromYaml(text, 'sample.yaml').value[0] as { apiVersion: string; kind: string };
  const spec = crds.map((crd) => crd.object.spec).find((each) => each.names.kind === sample.kind)!;
  const version = spec.versions.find((each) => `${spec.group}/${each.name}` === sample.apiVersion)!;
  return validateObject(version.schema.openAPIV3Schema, sample);
}
