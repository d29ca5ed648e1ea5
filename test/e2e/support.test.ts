import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { describeWithCluster } from '../support/assets.js';
import { type ControllerManager, startControllerManager } from '../support/controllers.js';
import { kubectlAsync } from '../support/kubectl.js';
import { type Kubelet, type Pod, startKubelet } from '../support/kubelet.js';
import { bundleOperator, startOperator } from '../support/operator.js';
import { tempFolder } from '../support/temp.js';

const program = `
import { createManager, defineController, defineResource, managerFlags, onSignals } from 'opgen/runtime';
const resource = defineResource({ group: '', version: 'v1', kind: 'ConfigMap' });
const reconcile = async ({ log }) => log.info('Seen');
const controller = defineController({ name: 'config', for: resource, reconcile });
await createManager(managerFlags()).add(controller).start(onSignals());
`;

const template = (app: string, more: object = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image: 'example/main' }], ...more },
});

const workload = (kind: string, name: string, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name },
  spec: { replicas: 2, selector: { matchLabels: { app: name } }, template: template(name), ...spec },
});

describeWithCluster('the controllers and the kubelet of the tests', () => {
  let cluster: Envtest;
  let controllers: ControllerManager;
  let kubelet: Kubelet;

  beforeAll(async () => {
    cluster = await startEnvtest();
    controllers = await startControllerManager(cluster);
    const fate = ({ metadata, spec }: Pod) => {
      if (metadata.labels?.app === 'slow') return 'unready';
      return spec.restartPolicy === 'Never' ? 'succeeded' : 'ready';
    };
    kubelet = await startKubelet(cluster, { fate });
  }, 180_000);

  afterAll(async () => {
    await kubelet?.stop();
    await controllers?.stop();
    await cluster?.stop();
  });

  async function run(args: readonly string[], input?: object): Promise<string> {
    const result = await kubectlAsync(cluster, args, input && JSON.stringify(input));
    if (result.status !== 0) throw new Error(result.stderr);
    return result.stdout;
  }

  const create = (object: object): Promise<string> => run(['create', '-f', '-'], object);
  const names = async (...args: string[]): Promise<string[]> =>
    (await run(['get', ...args, '-o', 'name'])).split('\n').filter(Boolean);

  test('a Deployment becomes available, scales and takes its pods with it', async () => {
    await create(workload('Deployment', 'web'));
    await run(['wait', '--for=condition=Available', '--timeout=50s', 'deployment/web']);
    expect(await names('pods', '-l', 'app=web')).toHaveLength(2);
    await run(['scale', '--replicas=1', 'deployment/web']);
    await run(['rollout', 'status', '--timeout=50s', 'deployment/web']);
    await run(['delete', '--wait=true', '--cascade=foreground', '--timeout=50s', 'deployment/web']);
    expect(await names('pods,replicasets', '-l', 'app=web')).toEqual([]);
  });

  test('a StatefulSet starts its pods one after another, and keeps its volume claims', async () => {
    const resources = { requests: { storage: '1Gi' } };
    const claim = { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources } };
    await create(workload('StatefulSet', 'db', { serviceName: 'db', volumeClaimTemplates: [claim] }));
    await run(['rollout', 'status', '--timeout=50s', 'statefulset/db']);
    expect(await names('pods', '-l', 'app=db')).toEqual(['pod/db-0', 'pod/db-1']);
    expect(await names('persistentvolumeclaims')).toHaveLength(2);
  });

  test('a Service has the addresses of the pods that are ready', async () => {
    await create(workload('Deployment', 'api', { replicas: 1 }));
    const ports = [{ port: 80 }];
    await create({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'api' },
      spec: { selector: { app: 'api' }, ports },
    });
    const slices = ['endpointslices', '-l', 'kubernetes.io/service-name=api'];
    const addresses = () =>
      run(['get', ...slices, '-o', 'jsonpath={.items[*].endpoints[?(@.conditions.ready==true)].addresses}']);
    await expect.poll(addresses, { timeout: 50_000 }).toMatch(/10\.244\./);
  });

  test('a Job completes', async () => {
    const spec = { template: template('once', { restartPolicy: 'Never' }) };
    await create({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' }, spec });
    expect(await run(['wait', '--for=condition=Complete', '--timeout=50s', 'job/once'])).toContain('met');
  });

  test('a pod may be told to stay unready', async () => {
    await create(workload('Deployment', 'slow', { replicas: 1 }));
    const reached = ['wait', '--for=jsonpath={.status.unavailableReplicas}=1', '--timeout=50s', 'deployment/slow'];
    expect(await run(reached)).toContain('met');
    expect(
      await run(['wait', '--for=jsonpath={.status.phase}=Running', '--timeout=50s', 'pod', '-l', 'app=slow']),
    ).toContain('met');
  });

  test('children of a deleted owner are collected', async () => {
    await create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'parent' } });
    const uid = await run(['get', 'configmap', 'parent', '-o', 'jsonpath={.metadata.uid}']);
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'parent', uid }];
    await create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'child', ownerReferences } });
    await run(['delete', 'configmap', 'parent']);
    expect(await run(['wait', '--for=delete', '--timeout=50s', 'secret/child'])).toBe('');
  });

  test('an operator is bundled with this runtime, runs, gets ready and stops', async () => {
    const folder = tempFolder();
    const bundle = join(folder, 'main.mjs');
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/main.ts'), program);
    await bundleOperator(folder, bundle);
    const operator = await startOperator({ bundle, kubeconfig: cluster.kubeconfig });
    await operator.ready();
    await create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'seen' } });
    const line = await operator.logged(({ message, name }) => message === 'Seen' && name === 'seen');
    expect(line).toMatchObject({ level: 'info', controller: 'config', namespace: 'default' });
    expect(operator.exitCode).toBeUndefined();
    expect(await operator.stop()).toBe(0);
    expect(operator.exitCode).toBe(0);
  });

  test('all works again after the API server has been away', async () => {
    await cluster.restartApiServer();
    await create(workload('Deployment', 'again', { replicas: 1 }));
    expect(await run(['wait', '--for=condition=Available', '--timeout=50s', 'deployment/again'])).toContain('met');
  });
});
