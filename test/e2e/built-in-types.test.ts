import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CrdObject } from '../../src/crd/crd.js';
import type { BuiltinKind } from '../../src/k8s/kinds.js';
import { packageRoot } from '../../src/package.js';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { validateCrds } from '../../src/validate/index.js';
import { useBuild } from '../k8s/build.js';
import { controllerGenSchemas, crdWith, type Declared } from '../k8s/declare.js';
import { type Components, knownDifferences, openApiDifferences, typeOf } from '../k8s/openapi.js';
import { describeWithCluster } from '../support/assets.js';
import { kubectl, type Outcome } from '../support/kubectl.js';

describeWithCluster('the built-in schemas and the API server', () => {
  const { dist, table } = useBuild();
  let cluster: Envtest;
  beforeAll(async () => {
    cluster = await startEnvtest();
  }, 180_000);
  afterAll(() => cluster?.stop());

  const raw = <T>(path: string): T => JSON.parse(kubectl(cluster, ['get', '--raw', path]).stdout) as T;

  function components(): Components {
    const { paths } = raw<{ paths: { [path: string]: { serverRelativeURL: string } } }>('/openapi/v3');
    const documents = Object.values(paths).map(({ serverRelativeURL }) =>
      raw<{ components?: { schemas?: Components } }>(serverRelativeURL),
    );
    return Object.assign({}, ...documents.map((document) => document.components?.schemas));
  }

  test('its OpenAPI documents say the same', () => {
    const all = components();
    const compared = new Set(Object.keys(all).map((component) => typeOf(table(), component)));
    expect(compared.size).toBeGreaterThan(500);
    for (const type of ['V1PodSpec', 'V1JobSpec', 'V1ServiceSpec', 'V1StatefulSetSpec'])
      expect(compared).toContain(type);
    const found = openApiDifferences(table(), all);
    expect(found.filter((each) => !knownDifferences.some(([, what]) => what.test(each)))).toEqual([]);
    const outdated = knownDifferences.filter(([, what]) => !found.some((each) => what.test(each)));
    expect(outdated.map(([why]) => why)).toEqual([]);
  }, 120_000);

  test('it takes the kinds that opgen finds right, and refuses those that opgen reports', async () => {
    const kinds = JSON.parse(readFileSync(join(packageRoot, 'dist/k8s/kinds.json'), 'utf8')) as BuiltinKind[];
    const known = controllerGenSchemas();
    const refused: string[] = [];
    for (const { group, version, kind } of kinds) {
      const module = `opgen/k8s/${group.split('.')[0] || 'core'}/${version}`;
      const type = table().exports[module]![kind]!;
      if (!(type in known)) continue;
      const crd = await crdWith([{ field: 'object', module, name: kind }], type);
      const reported = findings(crd);
      const answer = kubectl(
        cluster,
        ['create', '--dry-run=server', '--validate=strict', '-f', '-'],
        JSON.stringify(crd),
      );
      if (reported.length > 0) refused.push(type);
      expect.soft(answer.status === 0, `${type}: ${reported.join('\n')} ${answer.stderr}`).toBe(reported.length === 0);
    }
    expect(refused, 'a key of a list of type map is optional in these, in Go too').toEqual([
      'V1ServiceAccount',
      'V1FlowSchema',
      'V1PriorityLevelConfiguration',
      'ResourceV1ResourceClaim',
      'V1beta1ResourceClaim',
      'V1beta2ResourceClaim',
    ]);
  }, 300_000);

  test('opgen/k8s has a handle for every kind that it serves', async () => {
    const { groups } = raw<{ groups: { name: string; versions: { groupVersion: string }[] }[] }>('/apis');
    const builtIn = groups.filter(({ name }) => name !== 'types.example.com').flatMap(({ versions }) => versions);
    const missing: string[] = [];
    for (const path of ['/api/v1', ...builtIn.map(({ groupVersion }) => `/apis/${groupVersion}`)]) {
      const [, , group = '', version = ''] = path === '/api/v1' ? ['', 'api', '', 'v1'] : path.split('/');
      const module = join(dist, `k8s/${group.split('.')[0] || 'core'}/${version}.js`);
      const handles: { [kind: string]: object } = await import(pathToFileURL(module).href);
      const { resources } = raw<{ resources: Served[] }>(path);
      for (const { kind, name: plural, namespaced } of resources.filter(({ name }) => !name.includes('/'))) {
        const handle = { group, version, kind, plural, namespaced };
        if (!isDeepStrictEqual({ ...handles[kind] }, handle)) missing.push(`${path} ${kind}`);
      }
    }
    expect(missing).toEqual([]);
  }, 60_000);

  const workload: readonly Declared[] = [
    { field: 'pod', module: 'opgen/k8s', name: 'PodTemplateSpec' },
    { field: 'job', module: 'opgen/k8s', name: 'JobTemplateSpec' },
    { field: 'claim', module: 'opgen/k8s', name: 'PersistentVolumeClaimTemplate' },
    { field: 'volume', module: 'opgen/k8s', name: 'PersistentVolumeClaim' },
    { field: 'service', module: 'opgen/k8s', name: 'ServiceSpec' },
    { field: 'deployment', module: 'opgen/k8s', name: 'DeploymentSpec' },
    { field: 'statefulSet', module: 'opgen/k8s', name: 'StatefulSetSpec' },
  ];

  test('a kind with templates of pods, jobs and claims is served, filled in and merged like the built-in ones', async () => {
    const crd = await crdWith(workload, 'Workload');
    expect(findings(crd)).toEqual([]);
    expect(apply(crd).stderr).toBe('');
    const established = [
      'get',
      'crd',
      crd.metadata.name,
      '-o',
      'jsonpath={.status.conditions[?(@.type=="Established")].status}',
    ];
    await vi.waitFor(() => expect(kubectl(cluster, established).stdout).toBe('True'), {
      timeout: 60_000,
      interval: 200,
    });

    const container = (name: string, ports: object[]) => ({ name, image: 'nginx', ports });
    const template = (...containers: object[]) => ({ spec: { containers } });
    const resources = { requests: { storage: '1Gi' } };
    const spec = {
      pod: template(container('web', [{ containerPort: 80 }])),
      job: { spec: { template: template(container('once', [])) } },
      claim: { spec: { accessModes: ['ReadWriteOnce'], resources } },
      volume: { metadata: { name: 'data', labels: { app: 'web' } }, spec: { resources } },
      service: { ports: [{ port: 80, targetPort: 'http' }] },
    };
    expect(apply(workloadNamed('web', spec), '--field-manager=first').stderr).toBe('');
    const more = { pod: template(container('sidecar', [{ containerPort: 80, protocol: 'UDP' }])) };
    expect(apply(workloadNamed('web', more), '--field-manager=second').stderr).toBe('');
    const read = JSON.parse(kubectl(cluster, ['get', 'workloads', 'web', '-o', 'json']).stdout).spec;
    expect(read.pod.spec.containers).toEqual([
      container('web', [{ containerPort: 80, protocol: 'TCP' }]),
      container('sidecar', [{ containerPort: 80, protocol: 'UDP' }]),
    ]);
    expect(read.service.ports).toEqual([{ port: 80, protocol: 'TCP', targetPort: 'http' }]);
    expect(read.volume.metadata).toEqual({ name: 'data', labels: { app: 'web' } });
  }, 120_000);

  test('what is a map or a quantity refuses what is none', async () => {
    const twice = { name: 'web', image: 'nginx' };
    const bad = {
      pod: { spec: { containers: [twice, twice] } },
      volume: { spec: { resources: { requests: { storage: 'much' } } } },
    };
    const { stderr, status } = kubectl(cluster, ['create', '-f', '-'], JSON.stringify(workloadNamed('bad', bad)));
    expect(status).not.toBe(0);
    expect(stderr).toContain('spec.pod.spec.containers[1]: Duplicate value: {"name":"web"}');
    expect(stderr).toContain('spec.volume.spec.resources.requests.storage');
  });

  const apply = (object: object, ...flags: string[]): Outcome =>
    kubectl(cluster, ['apply', '--server-side', '--validate=strict', '-f', '-', ...flags], JSON.stringify(object));
});

interface Served {
  readonly kind: string;
  readonly name: string;
  readonly namespaced: boolean;
}

const workloadNamed = (name: string, spec: object): object => ({
  apiVersion: 'types.example.com/v1',
  kind: 'Workload',
  metadata: { name },
  spec,
});

/** What `opgen generate` says of a CRD. */
function findings(crd: CrdObject): readonly string[] {
  const at = { file: 'v1/kind.ts', line: 1, column: 1 };
  return validateCrds([{ object: crd, positions: new Map(), at }])
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);
}
