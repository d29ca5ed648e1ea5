import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
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
import { type PodProcess, podProcessOf, type RunningDeployment, startDeployment } from '../support/deployment.js';
import { kubectl } from '../support/kubectl.js';
import { type Kubelet, startKubelet } from '../support/kubelet.js';
import { bundleOperator, type Operator } from '../support/operator.js';
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

/** Objects that are made while the leader is killed. */
const many = Array.from({ length: 10 }, (_, index) => ({ name: `many-${index}`, namespace: 'default' }));

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

  const run = (args: readonly string[], input?: string): string => {
    const { status, stdout, stderr } = kubectl(envtest, args, input);
    if (status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };

  /** Installs all of config/default but the Deployment, whose replicas run as processes of their own. */
  function install(example: string): PodProcess {
    const built = run(['kustomize', join('fixtures/projects', example, 'config/default')]);
    const objects = built.split(/^---$/m).filter((text) => !/^kind: Deployment$/m.test(text));
    run(['apply', '--server-side', '-f', '-'], objects.join('\n---\n'));
    return podProcessOf(built);
  }

  const tokenOf = (account: string, namespace: string): string =>
    run(['create', 'token', account, `--namespace=${namespace}`]);

  describe.each(scenarios)('$example', (scenario) => {
    const { example, resource, workload, children } = scenario;
    let pod: PodProcess;
    let bundle: string;
    let kubeconfig: string;
    let operator: RunningDeployment;

    beforeAll(async () => {
      pod = install(example);
      kubeconfig = envtest.kubeconfig.replace(/token: .*/, `token: ${tokenOf(pod.serviceAccount, pod.namespace)}`);
      bundle = join(sharedFolder(), 'main.mjs');
      await bundleOperator(join('fixtures/projects', example), bundle);
      operator = await startDeployment({ bundle, kubeconfig, process: pod });
    });

    afterAll(() => operator?.stop());

    const read = async (at = key) => (await client.get(resource, at)) as WithStatus | undefined;
    const change = async (spec: object) => client.patch(resource, { metadata: key }, { type: 'merge', body: { spec } });
    const childKey = (suffix: string) => ({ ...key, name: key.name + suffix });

    async function isReady(at = key): Promise<boolean> {
      const object = await read(at);
      const ready = object?.status?.conditions?.find(({ type }) => type === 'Ready');
      return ready?.status === 'True' && ready.observedGeneration === object?.metadata?.generation;
    }

    const expectReady = (at = key) => expect.poll(() => isReady(at), within).toBe(true);

    const create = ({ name, namespace }: typeof key) => {
      const { group, version, kind } = resource;
      const object = { apiVersion: `${group}/${version}`, kind, metadata: { name, namespace }, spec: scenario.spec };
      return client.create(resource, object);
    };

    const errors = () => operator.started.flatMap(({ logs }) => logs.filter(({ level }) => level === 'error'));

    const readyPods = async () =>
      ((await client.get(workload, key)) as { status?: { readyReplicas?: number } })?.status;

    test('creates what the object asks for, and reports that it is ready', async () => {
      await create(key);
      await expectReady();
      for (const [child, suffix] of children) {
        const object: K8sObject | undefined = await client.get(child, childKey(suffix));
        expect(object?.metadata?.ownerReferences).toMatchObject([
          { kind: resource.kind, name: key.name, controller: true },
        ]);
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

    test('serves its metrics to those with the role metrics-reader, and to nobody else', async () => {
      const { namespace } = pod;
      for (const name of ['prometheus', 'stranger']) run(['create', 'serviceaccount', name, '-n', namespace]);
      const role = `${example}-operator-metrics-reader`;
      const account = `--serviceaccount=${namespace}:prometheus`;
      run(['create', 'clusterrolebinding', `${example}-prometheus`, `--clusterrole=${role}`, account]);
      const leader = await operator.leader();
      const { port } = await leader.logged(({ message }) => message === 'Metrics are served');
      expect((await scrape(Number(port))).status).toBe(401);
      expect((await scrape(Number(port), tokenOf('stranger', namespace))).status).toBe(403);
      const { status, body } = await scrape(Number(port), tokenOf('prometheus', namespace));
      expect(status).toBe(200);
      expect(body).toMatch(/^controller_runtime_reconcile_total\{.*result="success"\} [1-9]/m);
      expect(body).toMatch(/^leader_election_master_status\{.*\} 1$/m);
    });

    test('has logged no error by now', () => {
      expect(errors()).toEqual([]);
    });

    test('a leader that is killed in the middle of its work is followed by the other replica', async () => {
      const leader = await operator.leader();
      await Promise.all(many.map(create));
      const childrenOf = async () => (await Promise.all(many.map((at) => client.get(workload, at)))).filter(Boolean);
      await expect.poll(async () => (await childrenOf()).length, { ...within, interval: 5 }).toBeGreaterThan(0);
      await leader.kill();
      expect((await Promise.all(many.map(isReady))).filter(Boolean).length).toBeLessThan(many.length);
      const next: Operator = await operator.leader(leader);
      for (const at of many) await expectReady(at);
      await change(scenario.scaled);
      for (const at of many) await client.delete(resource, at);
      for (const at of many) await expect.poll(() => read(at), within).toBeUndefined();
      expect(next.exitCode).toBeUndefined();
      expect(errors()).toEqual([]);
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
      expect(await operator.stop()).toEqual([0, 0]);
      operator = await startDeployment({ bundle, kubeconfig, process: pod });
      await operator.leader();
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
      // An outage that is longer than the renew deadline ends the leader, as it should; nothing else ends a replica.
      const ended = operator.started.filter(({ exitCode }) => exitCode !== undefined);
      for (const { logs } of ended) expect(logs.at(-1)?.error).toMatch(/^leader election lost/);
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

/** A read of the metrics on the loopback interface. */
function scrape(port: number, token?: string): Promise<{ status: number | undefined; body: string }> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const options = { host: '127.0.0.1', port, path: '/metrics', headers, rejectUnauthorized: false, agent: false };
  return new Promise((resolve, reject) => {
    request(options, async (answer) => resolve({ status: answer.statusCode, body: await text(answer) }))
      .on('error', reject)
      .end();
  });
}
