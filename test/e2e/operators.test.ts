import { join } from 'node:path';
import { Deployment, StatefulSet } from 'opgen/k8s/apps/v1';
import { CronJob } from 'opgen/k8s/batch/v1';
import { Service } from 'opgen/k8s/core/v1';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../src/runtime/client/index.js';
import type { Client } from '../../src/runtime/client/types.js';
import { type AnyResource, defineResource, type K8sObject } from '../../src/runtime/index.js';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { describeWithCluster } from '../support/assets.js';
import { type ControllerManager, startControllerManager } from '../support/controllers.js';
import { kubectl } from '../support/kubectl.js';
import { type Kubelet, startKubelet } from '../support/kubelet.js';
import { bundleOperator, type Operator, startOperator } from '../support/operator.js';
import { sharedFolder } from '../support/temp.js';

/** What the test does to an example, and what has to come of it. */
interface Scenario {
  readonly example: string;
  readonly resource: AnyResource;
  readonly spec: object;
  /** Changes the number of pods to 3. */
  readonly scaled: object;
  /** Changes something else, and what has to arrive in the workload. */
  readonly updated: object;
  readonly arrives: RegExp;
  readonly workload: AnyResource;
  /** Objects with the suffixes of their names that exist when the object is ready. */
  readonly children: readonly (readonly [resource: AnyResource, suffix: string])[];
}

const scenarios: readonly Scenario[] = [
  {
    example: 'memcached',
    resource: defineResource({ group: 'cache.example.com', version: 'v1alpha1', kind: 'Memcached' }),
    spec: { size: 1 },
    scaled: { size: 3 },
    updated: { containerPort: 11212 },
    arrives: /"containerPort":11212/,
    workload: Deployment,
    children: [
      [Deployment, ''],
      [Service, ''],
    ],
  },
  {
    example: 'database',
    resource: defineResource({ group: 'mycompany.io', version: 'v1', kind: 'Database' }),
    spec: { engine: 'postgres', replicas: 1, storageGB: 1, backup: { schedule: '0 3 * * *' } },
    scaled: { replicas: 3 },
    updated: { engine: 'mysql' },
    arrives: /"image":"mysql:/,
    workload: StatefulSet,
    children: [
      [StatefulSet, ''],
      [Service, ''],
      [CronJob, '-backup'],
    ],
  },
  {
    example: 'myapp',
    resource: defineResource({ group: 'apps.example.com', version: 'v1', kind: 'MyApp' }),
    spec: { replicas: 1, image: 'nginx:1.29' },
    scaled: { replicas: 3 },
    updated: { image: 'nginx:1.30', env: [{ name: 'MODE', value: 'test' }] },
    arrives: /"image":"nginx:1.30"/,
    workload: Deployment,
    children: [[Deployment, '']],
  },
];

const key = { name: 'e2e', namespace: 'default' };
const within = { timeout: 60_000, interval: 200 };

interface WithStatus extends K8sObject {
  status?: { conditions?: { type: string; status: string; observedGeneration?: number }[] };
}

describeWithCluster('the example operators on a real API server, with the rights of their service accounts', () => {
  let envtest: Envtest;
  let controllers: ControllerManager;
  let kubelet: Kubelet;
  let client: Client;

  beforeAll(async () => {
    envtest = await startEnvtest();
    controllers = await startControllerManager(envtest);
    kubelet = await startKubelet(envtest);
    client = createClient({ cluster: envtest.cluster });
  }, 180_000);

  afterAll(async () => {
    await kubelet?.stop();
    await controllers?.stop();
    await envtest?.stop();
  }, 60_000);

  /** Installs all of config/default but the operator itself, which runs as a process of its own. */
  function install(example: string): string {
    const project = join('fixtures/projects', example);
    const built = kubectl(envtest, ['kustomize', join(project, 'config/default')]).stdout;
    const objects = built.split(/^---$/m).filter((text) => !/^kind: Deployment$/m.test(text));
    const applied = kubectl(envtest, ['apply', '--server-side', '-f', '-'], objects.join('\n---\n'));
    expect(applied.stderr + applied.stdout).not.toMatch(/error/i);
    const namespace = `${example}-operator-system`;
    const account = `${example}-operator-controller-manager`;
    return kubectl(envtest, ['create', 'token', account, `--namespace=${namespace}`]).stdout.trim();
  }

  describe.each(scenarios)('$example', (scenario) => {
    const { example, resource, workload, children } = scenario;
    let bundle: string;
    let kubeconfig: string;
    let operator: Operator;

    beforeAll(async () => {
      const token = install(example);
      kubeconfig = envtest.kubeconfig.replace(/token: .*/, `token: ${token}`);
      bundle = join(sharedFolder(), 'main.mjs');
      await bundleOperator(join('fixtures/projects', example), bundle);
      operator = await startOperator({ bundle, kubeconfig });
    });

    afterAll(() => operator?.stop());

    const read = async () => (await client.get(resource, key)) as WithStatus | undefined;
    const change = async (spec: object) => client.patch(resource, { metadata: key }, { type: 'merge', body: { spec } });
    const childKey = (suffix: string) => ({ ...key, name: key.name + suffix });

    async function expectReady(): Promise<void> {
      await expect
        .poll(async () => {
          const object = await read();
          const ready = object?.status?.conditions?.find(({ type }) => type === 'Ready');
          return ready?.status === 'True' && ready.observedGeneration === object?.metadata?.generation;
        }, within)
        .toBe(true);
    }

    const readyPods = async () =>
      ((await client.get(workload, key)) as { status?: { readyReplicas?: number } })?.status;

    test('creates what the object asks for, and reports that it is ready', async () => {
      const { group, version, kind } = resource;
      await client.create(resource, { apiVersion: `${group}/${version}`, kind, metadata: key, spec: scenario.spec });
      await expectReady();
      for (const [child, suffix] of children) {
        const object: K8sObject | undefined = await client.get(child, childKey(suffix));
        expect(object?.metadata?.ownerReferences).toMatchObject([{ kind, name: key.name, controller: true }]);
      }
    });

    test('scales', async () => {
      await change(scenario.scaled);
      await expect.poll(readyPods, within).toMatchObject({ readyReplicas: 3 });
      await expectReady();
    });

    test('carries a change of the spec to the pods', async () => {
      await change(scenario.updated);
      await expect.poll(async () => JSON.stringify(await client.get(workload, key)), within).toMatch(scenario.arrives);
      await expectReady();
    });

    test('makes a deleted child again', async () => {
      const before: K8sObject | undefined = await client.get(workload, key);
      await client.delete(workload, key);
      await expect
        .poll(async () => ((await client.get(workload, key)) as K8sObject | undefined)?.metadata?.uid, within)
        .toSatisfy((uid) => uid !== undefined && uid !== before?.metadata?.uid);
      await expectReady();
    });

    test('has logged no error by now', () => {
      expect(operator.logs.filter(({ level }) => level === 'error')).toEqual([]);
    });

    test('a restart changes nothing', async () => {
      const versions = async () =>
        Promise.all(
          [[resource, ''] as const, ...children].map(async ([each, suffix]) => {
            const object: K8sObject | undefined = await client.get(each, childKey(suffix));
            return object?.metadata?.resourceVersion;
          }),
        );
      await expect
        .poll(async () => JSON.stringify(await versions()) === JSON.stringify(await settled(versions)), within)
        .toBe(true);
      const before = await versions();
      expect(await operator.stop()).toBe(0);
      operator = await startOperator({ bundle, kubeconfig });
      await operator.ready();
      expect(await settled(versions)).toEqual(before);
    });

    test('goes on when the API server was gone for a while', async () => {
      await envtest.restartApiServer();
      // Its waits grow with each outage, up to minutes; those of the operator are what is tested.
      await controllers.stop();
      controllers = await startControllerManager(envtest);
      await change(scenario.spec);
      await expectReady();
      await expect.poll(readyPods, within).toMatchObject({ readyReplicas: 1 });
      expect(operator.exitCode).toBeUndefined();
    });

    test('takes everything away with the object', async () => {
      await client.delete(resource, key);
      await expect.poll(read, within).toBeUndefined();
      for (const [child, suffix] of children) {
        await expect.poll(() => client.get(child, childKey(suffix)), within).toBeUndefined();
      }
    });
  });
});

/** The value after half a second without a change. */
async function settled<T>(read: () => Promise<T>): Promise<T> {
  for (let last = await read(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const next = await read();
    if (JSON.stringify(next) === JSON.stringify(last)) return next;
    last = next;
  }
}
