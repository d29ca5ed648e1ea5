import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createClient } from '../../src/runtime/client/index.js';
import type { Client } from '../../src/runtime/client/types.js';
import type { Cluster } from '../../src/runtime/cluster.js';
import { Lease } from '../../src/runtime/leaderelection/lease.js';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { serveCluster } from '../../src/testing/serve.js';
import { describeWithCluster } from '../support/assets.js';
import { kubectl } from '../support/kubectl.js';
import { bundleOperator, type Operator, startOperator } from '../support/operator.js';
import { scaffold } from '../support/scaffold.js';
import { sharedFolder, tempFolder } from '../support/temp.js';
import { ConfigMap, key } from '../support/widget.js';

/** Every replica tries to write all the time, whether it leads or not. */
const main = `
import { createManager, defineResource, exitWithError, managerFlags, onSignals } from 'opgen/runtime';
const ConfigMap = defineResource({ group: '', version: 'v1', kind: 'ConfigMap' });
try {
  const { leaderElection, ...flags } = managerFlags();
  const durations = { leaseDuration: 5000, renewDeadline: 2500, retryPeriod: 500 };
  const manager = createManager({ ...flags, leaderElection: { ...leaderElection, ...durations } });
  const metadata = { name: 'written', namespace: 'default' };
  const write = (at) => manager.client.patch(ConfigMap, { metadata }, { type: 'merge', body: { data: { at: String(at) } } });
  let at = 0;
  setInterval(() => write(at++).catch(() => {}), 25).unref();
  manager.add({ start: (signal) => new Promise((done) => signal.addEventListener('abort', () => done())) });
  await manager.start(onSignals());
} catch (error) {
  exitWithError(error);
}
`;

/** A request that has arrived: a write, or a renewal of the lease that was accepted. */
interface Arrival {
  readonly by: Replica;
  readonly what: 'write' | 'lease';
}

interface Replica {
  readonly operator: Operator;
  /** While true, nothing that it asks is answered. */
  isCutOff: boolean;
}

describeWithCluster('two replicas of an operator on a real API server', () => {
  let envtest: Envtest;
  let client: Client;
  let bundle: string;
  let arrivals: Arrival[];
  let ends: (() => Promise<unknown>)[];

  beforeAll(async () => {
    envtest = await startEnvtest();
    client = createClient({ cluster: envtest.cluster });
    await client.create(ConfigMap, { metadata: key('written') });
    const project = sharedFolder();
    mkdirSync(join(project, 'src'));
    writeFileSync(join(project, 'src/main.ts'), main);
    bundle = join(project, 'main.mjs');
    await bundleOperator(project, bundle);
  }, 180_000);
  afterAll(() => envtest?.stop());

  beforeEach(async () => {
    [arrivals, ends] = [[], []];
    await client.delete(Lease, key('e2e'), { ignoreNotFound: true });
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    expect(intrusions(), 'writes of a replica after another one took the lease').toEqual([]);
  });

  /** Everything that a replica sends comes through a server of its own. */
  async function start(): Promise<Replica> {
    const recorder: Cluster = {
      async request(r) {
        if (replica.isCutOff) return new Promise(() => {});
        const isRead = r.method === 'GET';
        const isLease = r.path.includes('/leases');
        if (!isRead && !isLease) arrivals.push({ by: replica, what: 'write' });
        const response = await envtest.cluster.request(r);
        if (!isRead && isLease && response.status < 300) arrivals.push({ by: replica, what: 'lease' });
        return response;
      },
    };
    const served = await serveCluster(recorder);
    ends.unshift(served.stop);
    const args = ['--leader-elect', '--leader-election-id=e2e', '--leader-election-namespace=default'];
    const operator = await startOperator({ bundle, kubeconfig: served.kubeconfig, args });
    const replica: Replica = { operator, isCutOff: false };
    ends.unshift(() => operator.kill());
    await operator.ready();
    return replica;
  }

  async function two(): Promise<readonly [Replica, Replica]> {
    const first = await start();
    await first.operator.logged(({ message }) => message === 'This replica leads');
    const second = await start();
    await worksAlone(first);
    return [first, second];
  }

  const within = { timeout: 40_000, interval: 50 };
  const leads = ({ operator }: Replica) => operator.logged(({ message }) => message === 'This replica leads');
  const ended = ({ operator }: Replica) => expect.poll(() => operator.exitCode, within);

  /** The next ten writes are all of this replica. */
  async function worksAlone(replica: Replica): Promise<void> {
    const from = arrivals.length;
    const writes = () => arrivals.slice(from).filter(({ what }) => what === 'write');
    await expect.poll(() => writes().length, within).toBeGreaterThan(10);
    expect(writes().every(({ by }) => by === replica)).toBe(true);
  }

  function intrusions(): readonly Arrival[] {
    let holder: Replica | undefined;
    return arrivals.filter(({ by, what }) => {
      if (what === 'lease') holder = by;
      return what === 'write' && holder !== by;
    });
  }

  test('kill -9: the other one takes over', async () => {
    const [first, second] = await two();
    await first.operator.kill();
    await leads(second);
    await worksAlone(second);
  });

  test('SIGTERM: the lease is given up, and the other one takes over', async () => {
    const [first, second] = await two();
    expect(await first.operator.stop()).toBe(0);
    await leads(second);
    expect((await client.get(Lease, key('e2e')))?.spec?.leaseTransitions).toBe(1);
    await worksAlone(second);
  });

  test('SIGSTOP: when the leader goes on, it writes nothing, and ends with 1', async () => {
    const [first, second] = await two();
    process.kill(first.operator.pid, 'SIGSTOP');
    await leads(second);
    await worksAlone(second);
    process.kill(first.operator.pid, 'SIGCONT');
    await ended(first).toBe(1);
    const [failure] = first.operator.logs.filter(({ message }) => message === 'The operator failed');
    expect(failure?.error).toMatch(/^leader election lost: the lease `default\/e2e`: /);
    await worksAlone(second);
  });

  test('the roles of a new project are enough to lead and to give the lease up', async () => {
    const folder = tempFolder();
    for (const [path, text] of await scaffold({ name: 'elected' }, [])) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const built = kubectl(envtest, ['kustomize', join(folder, 'config/default')]).stdout;
    const objects = built.split(/^---$/m).filter((text) => !/^kind: Deployment$/m.test(text));
    kubectl(envtest, ['apply', '--server-side', '-f', '-'], objects.join('\n---\n'));
    const account = ['elected-controller-manager', '--namespace=elected-system'];
    const token = kubectl(envtest, ['create', 'token', ...account]).stdout.trim();
    const [, id = ''] = /(--leader-election-id=[^"\s]+)/.exec(built) ?? [];
    const operator = await startOperator({
      bundle,
      kubeconfig: envtest.kubeconfig.replace(/token: .*/, `token: ${token}`),
      args: ['--leader-elect', id, '--leader-election-namespace=elected-system'],
    });
    ends.push(() => operator.kill());
    await operator.logged(({ message }) => message === 'This replica leads');
    const lease = { name: 'elected.example.com', namespace: 'elected-system' };
    expect((await client.get(Lease, lease))?.spec?.holderIdentity).not.toBe('');
    expect(await operator.stop()).toBe(0);
    expect((await client.get(Lease, lease))?.spec?.holderIdentity).toBe('');
    const events = kubectl(envtest, [
      'get',
      'events.events.k8s.io',
      '-n',
      lease.namespace,
      '-o',
      'jsonpath={..action}',
    ]);
    expect(events.stdout.split(' ').toSorted()).toEqual(['StartLeading', 'StopLeading']);
    expect(operator.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('a leader that nobody answers ends with 1, and the other one takes over', async () => {
    const [first, second] = await two();
    first.isCutOff = true;
    await ended(first).toBe(1);
    await leads(second);
    await worksAlone(second);
  });
});
