import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Condition } from '../../src/api/index.js';
import {
  createManager,
  defineController,
  defineResource,
  type K8sObject,
  silentLogger,
} from '../../src/runtime/index.js';
import { type DemoCluster, readYaml, startCluster } from './cluster.js';
import { heading, print, type Stage } from './terminal.js';
import { workloads } from './workloads.js';

interface Memcached extends K8sObject {
  spec: { size?: number };
  status?: { pods?: string[]; conditions?: Condition[] };
}

const Memcached = defineResource<Memcached>({ group: 'cache.example.com', version: 'v1alpha1', kind: 'Memcached' });
const sample = 'config/samples/cache_v1alpha1_memcached.yaml';
const patience = 30_000;

/** Runs the built operator against a cluster: an object appears, grows and goes, and its status tells how far the operator is. */
export async function runOperator(stage: Stage, crd: string): Promise<void> {
  const cluster = await startCluster(stage, crd);
  const ending = new AbortController();
  try {
    heading(`The built operator runs on ${cluster.title}`);
    await reconcileSample(stage, cluster, ending.signal);
  } finally {
    ending.abort();
    await cluster.stop();
  }
}

async function reconcileSample(stage: Stage, { cluster, kubeconfig }: DemoCluster, signal: AbortSignal): Promise<void> {
  const operator = startOperator(stage, kubeconfig);
  const watched = watchStatus();
  const manager = createManager({ cluster, log: silentLogger }).add(workloads, watched.controller);
  const running = manager.start(signal);
  running.catch(() => {});
  const object = readYaml(stage, sample) as Memcached;
  const key = { name: object.metadata?.name ?? '', namespace: 'default' };
  print(stage, sample);
  await manager.client.create(Memcached, { ...object, metadata: { ...object.metadata, ...key } });
  await watched.until(({ pods, ready }) => ready && pods >= 1);
  process.stdout.write('\n# spec.size: 3\n');
  await manager.client.patch(Memcached, { ...object, metadata: key }, { type: 'merge', body: { spec: { size: 3 } } });
  await watched.until(({ pods, ready }) => ready && pods === 3);
  process.stdout.write('\n# delete\n');
  await manager.client.delete(Memcached, key);
  await watched.gone();
  await operator.stop();
}

/** Prints the operator's messages. */
function startOperator({ project }: Stage, kubeconfig: string) {
  const child = spawn(process.execPath, ['dist/main.js', `--kubeconfig=${kubeconfig}`], {
    cwd: project,
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  process.stdout.write('\n$ node dist/main.js\n');
  createInterface({ input: child.stderr }).on('line', (line) =>
    process.stdout.write(`  operator  ${readable(line)}\n`),
  );
  const exited = once(child, 'exit');
  process.once('exit', () => child.kill('SIGKILL'));
  return {
    async stop(): Promise<void> {
      child.kill('SIGTERM');
      const [code] = await exited;
      process.stdout.write(`  operator  exit code ${code}\n`);
      if (code !== 0) throw new Error(`The operator must end with exit code 0, but ended with ${code}`);
    },
  };
}

function readable(line: string): string {
  try {
    const { level, message, error, note } = JSON.parse(line);
    return [level, message, error ?? note].filter(Boolean).join('  ');
  } catch {
    return line;
  }
}

interface Seen {
  readonly pods: number;
  readonly ready: boolean;
}

/** A controller that prints the status whenever it changes, and what waits for it. */
function watchStatus() {
  let last = '';
  let check: (seen: Seen | undefined) => void = () => {};
  const wait = (isDone: (seen: Seen | undefined) => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`The status must change within ${patience} ms, but is:\n${last}`)),
        patience,
      );
      check = (seen) => {
        if (!isDone(seen)) return;
        clearTimeout(timer);
        resolve();
      };
    });
  const controller = defineController<Memcached>({
    name: 'printer',
    for: Memcached,
    async reconcile({ object: { status = {} } }) {
      const { pods = [], conditions = [] } = status;
      const text = conditions
        .map(({ type, status, reason, message }) => `${type}=${status} (${reason}: ${message})`)
        .join(', ');
      const line = `  status    ${text || 'none yet'}${pods.length > 0 ? `, pods ${pods.join(' ')}` : ''}\n`;
      if (line !== last) process.stdout.write(line);
      last = line;
      check({
        pods: pods.length,
        ready: conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
      });
    },
    async onGone() {
      process.stdout.write('  status    the object is gone\n');
      check(undefined);
    },
  });
  return {
    controller,
    until: (isDone: (seen: Seen) => boolean) => wait((seen) => seen !== undefined && isDone(seen)),
    gone: () => wait((seen) => seen === undefined),
  };
}
