import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { fromYaml, toYaml } from '../../../src/emit/yaml.js';
import { generateFrom, textOf } from '../../support/api.js';
import { assets, describeWithCluster } from '../../support/assets.js';
import { caseFolder, casesOf } from '../../support/fixtures.js';
import { run } from '../../support/process.js';
import { tempFolder } from '../../support/temp.js';

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly name: string; readonly namespace: string }[];
}

const projects = casesOf('rbac').filter((name) => existsSync(`fixtures/rbac/${name}/PROJECT`));

/** The objects of a case as they are deployed: below a kustomization that sets namespace and prefix, as config/default does. */
async function deployed(name: string): Promise<readonly Named[]> {
  const { value } = await generateFrom(caseFolder('rbac', name), 'rbac');
  const folder = tempFolder();
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const artifact of value.artifacts) write(artifact.path, textOf(artifact));
  write(
    'config/rbac/kustomization.yaml',
    toYaml({ resources: value.artifacts.map(({ path }) => path.slice('config/rbac/'.length)) }),
  );
  write(
    'config/default/kustomization.yaml',
    toYaml({ namespace: 'demo-system', namePrefix: 'demo-', resources: ['../rbac'] }),
  );
  const { status, stdout, stderr } = await run(join(assets!, 'kubectl'), ['kustomize', join(folder, 'config/default')]);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return fromYaml(stdout, 'default.yaml').value as unknown as readonly Named[];
}

describeWithCluster('every role of the operator is bound once it is deployed', () => {
  test.each(projects)('%s', async (name) => {
    const objects = await deployed(name);
    const account = objects.find(({ kind }) => kind === 'ServiceAccount')!;
    const ofPeople = /-(admin|editor|viewer)-role$/;
    const roles = objects.filter(({ kind, metadata }) => kind.endsWith('Role') && !ofPeople.test(metadata.name));
    const bindings = objects.filter(({ kind }) => kind.endsWith('Binding'));
    expect(roles.length).toBeGreaterThan(0);
    expect(
      bindings.map(({ kind, metadata, roleRef }) => [kind, metadata.namespace, roleRef!.kind, roleRef!.name]),
    ).toEqual(roles.map(({ kind, metadata }) => [`${kind}Binding`, metadata.namespace, kind, metadata.name]));
    for (const { subjects } of bindings)
      expect(subjects).toEqual([{ kind: 'ServiceAccount', name: account.metadata.name, namespace: 'demo-system' }]);
  });
});
