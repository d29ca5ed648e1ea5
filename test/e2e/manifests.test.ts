import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CrdObject } from '../../src/crd/crd.js';
import { diskTree } from '../../src/emit/tree.js';
import { toYaml } from '../../src/emit/yaml.js';
import { projectSources } from '../../src/frontend/files.js';
import { readApi } from '../../src/frontend/index.js';
import { generate } from '../../src/generate.js';
import type { Project } from '../../src/project/model.js';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { validateObject } from '../../src/validate/object.js';
import { describeWithCluster } from '../support/assets.js';
import { caseFolder } from '../support/fixtures.js';
import { kubectl, type Outcome } from '../support/kubectl.js';

const project: Project = {
  layout: ['opgen.dev/v1'],
  domain: 'example.com',
  name: 'e2e',
  multigroup: false,
  namespaced: false,
  resources: [],
};

/** The CRD of a fixture and the sample that opgen writes for it. */
async function manifestsOf(name: string) {
  const folder = caseFolder('crds', name);
  const api = await readApi(folder, projectSources(diskTree(folder)));
  const { value, diagnostics } = generate(project, api.value);
  expect([...api.diagnostics, ...diagnostics]).toEqual([]);
  const content = (part: string) => {
    const found = value.artifacts.find(({ path }) => path.startsWith(part) && !path.endsWith('kustomization.yaml'));
    if (!found || !('content' in found)) throw new Error(`nothing was generated below ${part}`);
    return found.content;
  };
  const crd = value.crds[0]!.object;
  return {
    crd,
    crdText: content('config/crd/bases/'),
    sample: content('config/samples/'),
    role: content('config/rbac/role.yaml'),
  };
}

function object(crd: CrdObject, name: string, spec: object): Record<string, unknown> {
  const version = crd.spec.versions[0]!.name;
  return { apiVersion: `${crd.spec.group}/${version}`, kind: crd.spec.names.kind, metadata: { name }, spec };
}

describeWithCluster('what opgen emits, a real API server accepts', () => {
  let cluster: Envtest;
  beforeAll(async () => {
    cluster = await startEnvtest();
  }, 180_000);
  afterAll(() => cluster?.stop());

  const apply = (text: string, ...flags: string[]): Outcome =>
    kubectl(cluster, ['apply', '--server-side', '--validate=strict', '-f', '-', ...flags], text);

  async function install(name: string) {
    const manifests = await manifestsOf(name);
    const applied = apply(manifests.crdText);
    expect(applied.stderr).toBe('');
    expect(applied.status).toBe(0);
    const waited = kubectl(cluster, [
      'wait',
      '--for=condition=Established',
      '--timeout=60s',
      `crd/${manifests.crd.metadata.name}`,
    ]);
    expect(waited.status).toBe(0);
    return manifests;
  }

  /** The server's message contains each message that the schema implies. */
  function expectRefused(crd: CrdObject, bad: Record<string, unknown>): void {
    const schema = crd.spec.versions[0]!.schema.openAPIV3Schema;
    const implied = validateObject(schema, bad as never);
    expect(implied.length).toBeGreaterThan(0);
    const refused = kubectl(cluster, ['create', '--validate=strict', '-f', '-'], toYaml(bad));
    expect(refused.status).not.toBe(0);
    for (const { message } of implied) expect(refused.stderr).toContain(message);
  }

  test('memcached: established, sample created, defaults filled in, bad objects refused', async () => {
    const { crd, sample, role } = await install('memcached');
    expect(apply(role).stderr).toBe('');
    expect(apply(sample).stderr).toBe('');
    expect(apply(toYaml(object(crd, 'empty', {}))).stderr).toBe('');
    const size = kubectl(cluster, ['get', 'memcacheds', 'empty', '-o', 'jsonpath={.spec.size}']);
    expect(size.stdout).toBe('3');
    expectRefused(crd, object(crd, 'bad', { size: 9 }));
    expectRefused(crd, object(crd, 'bad', { version: 'latest' }));
    expectRefused(crd, object(crd, 'bad', { size: 3, colour: 'red' }));
    const columns = kubectl(cluster, ['get', 'memcacheds', 'empty']);
    expect(columns.stdout).toMatch(/^NAME +SIZE +READY +AGE/);
  });

  test.each(['database-namespaced', 'database-cluster-scoped'])('%s', async (name) => {
    const { crd, sample } = await install(name);
    expect(apply(sample).stderr).toBe('');
    const good = { engine: 'postgres', replicas: 3, storageGB: 20, backup: { schedule: '0 3 * * *' } };
    expect(apply(toYaml(object(crd, 'good', good))).stderr).toBe('');
    const retention = kubectl(cluster, ['get', 'db', 'good', '-o', 'jsonpath={.spec.backup.retention}']);
    expect(retention.stdout).toBe('30d');
    expect(kubectl(cluster, ['scale', 'db/good', '--replicas=5']).stderr).toBe('');
    expectRefused(crd, object(crd, 'bad', { ...good, engine: 'oracle' }));
    expectRefused(crd, object(crd, 'bad', { ...good, backup: { schedule: 'daily' } }));
    expectRefused(crd, object(crd, 'bad', { replicas: 3 }));
    expectRefused(crd, object(crd, 'bad', { ...good, colour: 'red' }));
    const scope = kubectl(cluster, [
      'api-resources',
      '--categories=all',
      `--namespaced=${name === 'database-namespaced'}`,
      '-o',
      'name',
    ]);
    expect(scope.stdout).toContain('databases.mycompany.io');
    expect(kubectl(cluster, ['delete', 'crd', crd.metadata.name, '--wait=true']).status).toBe(0);
  });

  test('myapp: built-in types are checked in depth', async () => {
    const { crd, sample } = await install('myapp-with-built-in-types');
    expect(apply(sample).stderr).toBe('');
    const container = {
      name: 'web',
      image: 'nginx',
      ports: [{ containerPort: 80 }],
      livenessProbe: { httpGet: { path: '/', port: 'http' } },
    };
    const good = {
      replicas: 1,
      image: 'nginx',
      resources: { limits: { cpu: 2, memory: '64Mi' } },
      env: [{ name: 'A', value: 'b' }],
      template: { metadata: { labels: { app: 'x' } }, spec: { containers: [container] } },
    };
    expect(apply(toYaml(object(crd, 'good', good))).stderr).toBe('');
    const labels = kubectl(cluster, ['get', 'myapps', 'good', '-o', 'jsonpath={.spec.template.metadata.labels.app}']);
    expect(labels.stdout).toBe('x');
    expectRefused(crd, object(crd, 'bad', { ...good, env: [{ value: 'without a name' }] }));
    expectRefused(
      crd,
      object(crd, 'bad', { ...good, template: { spec: { containers: [{ name: 'web', imagee: 'x' }] } } }),
    );
    expectRefused(crd, object(crd, 'bad', { ...good, resources: { limits: { cpu: 'many' } } }));
  });
});
