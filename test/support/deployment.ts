import { setTimeout as sleep } from 'node:timers/promises';
import { loadAll } from 'js-yaml';
import { type Operator, startOperator } from './operator.js';

/** How the pods of a Deployment run an operator. */
export interface PodProcess {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly replicas: number;
}

interface Manifest {
  kind?: string;
  metadata: { namespace: string };
  spec: {
    replicas: number;
    template: {
      spec: {
        serviceAccountName: string;
        containers: { args: string[]; env?: { name: string; value?: string }[] }[];
      };
    };
  };
}

/**
 * What the only Deployment of a manifest says. Addresses become free ports of the loopback interface, and the namespace of the lease, which
 * a pod reads from its files, is a flag.
 */
export function podProcessOf(text: string): PodProcess {
  const found = (loadAll(text) as readonly Manifest[]).find((object) => object?.kind === 'Deployment');
  const container = found?.spec.template.spec.containers[0];
  if (!found || !container)
    throw new Error('A manifest must have a Deployment with a container, but this one has none');
  const { namespace } = found.metadata;
  const args = container.args.map((flag) => flag.replace(/^(--[a-z-]+-bind-address)=.*$/, '$1=127.0.0.1:0'));
  const env = (container.env ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]));
  return {
    namespace,
    serviceAccount: found.spec.template.spec.serviceAccountName,
    args: [...args, `--leader-election-namespace=${namespace}`],
    env: Object.fromEntries(env) as Record<string, string>,
    replicas: found.spec.replicas,
  };
}

/** Replicas of an operator that run as child processes; one that ends is followed by a new one until the stop. */
export interface RunningDeployment {
  /** All that were ever started. */
  readonly started: readonly Operator[];
  /** Resolves with the replica that leads, as soon as there is one that is not `except`. */
  leader(except?: Operator): Promise<Operator>;
  /** SIGTERM for all that run; resolves with their exit codes. */
  stop(): Promise<readonly number[]>;
}

/** Starts the replicas of a Deployment as a kubelet would; resolves when all are ready. */
export async function startDeployment(options: {
  readonly bundle: string;
  readonly kubeconfig: string;
  readonly process: PodProcess;
}): Promise<RunningDeployment> {
  const { bundle, kubeconfig, process } = options;
  const started: Operator[] = [];
  const running = new Set<Operator>();
  let isStopping = false;

  async function run(): Promise<Operator> {
    const operator = await startOperator({ bundle, kubeconfig, args: process.args, env: process.env });
    started.push(operator);
    running.add(operator);
    void operator.ended.then(async () => {
      running.delete(operator);
      await sleep(500);
      if (!isStopping) await run();
    });
    return operator;
  }

  for (let count = 0; count < process.replicas; count++) await (await run()).ready();
  return {
    started,
    async leader(except) {
      const isLeading = (each: Operator): boolean =>
        each !== except && each.logs.some(({ message }) => message === 'This replica leads');
      for (let tries = 0; tries < 600; tries++) {
        const found = [...running].find(isLeading);
        if (found) return found;
        await sleep(100);
      }
      throw new Error('A replica must lead within a minute, but none does');
    },
    stop() {
      isStopping = true;
      return Promise.all([...running].map((operator) => operator.stop()));
    },
  };
}
