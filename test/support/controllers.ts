import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withFreePorts } from '../../src/testing/ports.js';
import { type ServerProcess, startProcess, untilReady } from '../../src/testing/process.js';
import { accessOf, send } from './access.js';
import { assets } from './assets.js';

/** A running kube-controller-manager. */
export interface ControllerManager {
  /** The last lines of its log. */
  output(): string;
  /** Ends it and removes its files. Further calls do nothing. */
  stop(): Promise<void>;
}

/** Without nodes of its own kind, and with pods that only `startKubelet` brings to life, these would undo its work. */
const unwanted = [
  'node-ipam-controller',
  'node-lifecycle-controller',
  'node-route-controller',
  'pod-garbage-collector-controller',
  'service-lb-controller',
  'taint-eviction-controller',
];

/**
 * Starts kube-controller-manager of KUBEBUILDER_ASSETS against the API server of a kubeconfig (its text): Deployments
 * get ReplicaSets, Jobs get pods, children of deleted owners are collected. Resolves when it works.
 *
 * Guarantees: it ends with this process; a start that fails leaves nothing behind.
 * Assumptions: CRDs that are installed after the start are seen by the garbage collector within half a minute.
 */
export async function startControllerManager(env: { kubeconfig: string }): Promise<ControllerManager> {
  if (assets === undefined) throw new Error('kube-controller-manager needs KUBEBUILDER_ASSETS, but it is not set');
  const dir = mkdtempSync(join(tmpdir(), 'opgen-controllers-'));
  try {
    writeFileSync(join(dir, 'kubeconfig'), env.kubeconfig, { mode: 0o600 });
    const place = { binDir: assets, dir, attachOutput: false };
    const server = await withFreePorts(1, async (port) => {
      const started = startProcess(place, 'kube-controller-manager', flagsFor(dir, port as number));
      await untilReady(started, () => isWorking(env, port as number));
      return started;
    });
    return toManager(server, dir);
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}

function toManager(server: ServerProcess, dir: string): ControllerManager {
  return {
    output: server.output,
    async stop() {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const flagsFor = (dir: string, port: number): string[] => [
  `--kubeconfig=${join(dir, 'kubeconfig')}`,
  `--cert-dir=${dir}`,
  `--secure-port=${port}`,
  '--bind-address=127.0.0.1',
  '--leader-elect=false',
  '--use-service-account-credentials=false',
  `--controllers=*,${unwanted.map((name) => `-${name}`).join(',')}`,
  '--concurrent-gc-syncs=4',
];

/** It is healthy, and has made the service account that every namespace gets. */
async function isWorking(env: { kubeconfig: string }, port: number): Promise<boolean> {
  const health = await send({ url: `https://127.0.0.1:${port}` }, 'GET', '/healthz');
  const account = await send(accessOf(env), 'GET', '/api/v1/namespaces/default/serviceaccounts/default');
  return health.status === 200 && account.status === 200;
}
