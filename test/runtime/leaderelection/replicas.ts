import { changed } from '../../../src/runtime/controller/predicates.js';
import type { Controller } from '../../../src/runtime/controller/types.js';
import { Lease, type LeaseObject } from '../../../src/runtime/leaderelection/lease.js';
import { createManager } from '../../../src/runtime/manager/index.js';
import type { Manager, ManagerOptions, Runnable } from '../../../src/runtime/manager/types.js';
import { sleep } from '../../../src/runtime/time.js';
import { type FakeCluster, fakeCluster } from '../../../src/testing/fake/index.js';
import { type LogLine, recordingLogger } from '../../support/log.js';
import { ConfigMap, key, Widget, type WidgetObject, widget } from '../../support/widget.js';
import { createNetwork, type Link, type Network, type Sent } from './network.js';
import type { Machine, World } from './world.js';

export const durations = { leaseDuration: 15_000, renewDeadline: 10_000, retryPeriod: 2_000 };
const leasePath = '/apis/coordination.k8s.io/v1/namespaces/system/leases';

/** One replica of an operator. */
export interface Replica {
  readonly manager: Manager;
  readonly machine: Machine;
  readonly link: Link;
  readonly lines: readonly LogLine[];
  /** SIGTERM. */
  stop(): void;
  /** How its `start` ended. */
  outcome: 'running' | 'stopped' | Error;
}

/** Replicas of one operator, and what leaves them. */
export interface Fleet {
  readonly server: FakeCluster;
  readonly sent: readonly Sent[];
  readonly replicas: readonly Replica[];
  /** Writes that should not have been. */
  readonly problems: readonly string[];
  start(options?: ManagerOptions): Replica;
  /** The replica that holds the lease on the API server, if it still runs. */
  leader(): Replica | undefined;
  lease(): Promise<LeaseObject | undefined>;
}

export const isWrite = ({ method, path }: Sent): boolean => method !== 'GET' && !path.startsWith(leasePath);
const isRenewal = ({ method, path }: Sent): boolean => method !== 'GET' && path.startsWith(leasePath);

/**
 * A fleet in a world. Each write is looked at as it leaves its replica and as it arrives: it has to leave within the renew deadline of the
 * sending of the last renewal that the API server took, and the lease has to be that of the replica both times.
 */
export function createFleet(world: World): Fleet {
  const objects = [widget('a'), widget('b'), { ...widget('stray'), apiVersion: 'v1', kind: 'ConfigMap', spec: {} }];
  const server = world.outside(() => fakeCluster({ resources: [Widget], objects }));
  const sent: Sent[] = [];
  const replicas: Replica[] = [];
  const problems: string[] = [];
  const renewals = new Map<Machine, number>();
  let holder: Machine | undefined;

  const look = (each: Sent, moment: 'leaves' | 'arrives'): void => {
    if (!isWrite(each)) return;
    const since = world.now - (renewals.get(each.machine) ?? Number.NEGATIVE_INFINITY);
    const said = `${each.method} ${each.path} ${moment} at ${world.now}, ${since} ms after the last renewal`;
    if (moment === 'leaves' && !(since < durations.renewDeadline)) problems.push(said);
    if (holder !== each.machine) problems.push(`${said}, but the lease is not that of the replica`);
  };

  const network = createNetwork({
    world,
    server,
    onLeave(each) {
      sent.push(each);
      look(each, 'leaves');
    },
    onArrival: (each) => look(each, 'arrives'),
    onAnswer(each) {
      if (!isRenewal(each) || (each.status ?? 500) >= 300) return;
      const { spec } = JSON.parse(each.body ?? '{}') as LeaseObject;
      const isHeld = (spec?.holderIdentity ?? '') !== '';
      holder = isHeld ? each.machine : undefined;
      if (isHeld) renewals.set(each.machine, Math.max(renewals.get(each.machine) ?? 0, each.leftAt));
    },
  });

  return {
    server,
    sent,
    replicas,
    problems,
    start(options = {}) {
      const replica = startReplica(world, network, options);
      replicas.push(replica);
      return replica;
    },
    leader: () =>
      replicas.find(({ machine, outcome }) => machine === holder && machine.state !== 'dead' && outcome === 'running'),
    lease: () => world.outside(() => server.client.get(Lease, { name: 'op', namespace: 'system' })),
  };
}

function startReplica(world: World, network: Network, options: ManagerOptions): Replica {
  const machine = world.machine();
  const cluster = network.clusterOf(machine);
  const { log, lines } = recordingLogger();
  const stop = new AbortController();
  const leaderElection = { id: 'op', namespace: 'system', releaseOnCancel: true, ...durations };
  const manager = world.within(machine, () => createManager({ cluster, log, leaderElection, ...options }));
  const replica: Replica = {
    manager,
    machine,
    link: cluster.link,
    lines,
    stop: () => world.within(machine, () => stop.abort()),
    outcome: 'running',
  };
  world.within(machine, () => {
    manager.add(working(world), straying(manager));
    manager.start(stop.signal).then(
      () => exit('stopped'),
      (error: Error) => exit(error),
    );
  });
  const exit = (outcome: Replica['outcome']): void => {
    replica.outcome = outcome;
    world.after(world.random() * 3000, () => {
      machine.state = 'dead';
    });
  };
  return replica;
}

/** Writes all the time, with waits in between. */
const working = (world: World): Controller<WidgetObject> => ({
  for: Widget,
  where: changed.generation,
  concurrency: 2,
  async reconcile({ key: { name }, client, patchStatus }) {
    const seen = Math.floor(world.now);
    await client.ensure(ConfigMap, key(name), (draft) => {
      draft.data = { seen: String(seen) };
    });
    await sleep(world.random() * 1000);
    await patchStatus((draft) => {
      draft.status = { seen };
    });
    return { requeueAfter: 1000 };
  },
});

/** Tries to write whether it leads or not, whether it gets an answer or not, and even after the manager has ended. */
const straying = ({ client }: Manager): Runnable => ({
  needLeaderElection: false,
  async start(signal) {
    const stray = async (): Promise<void> => {
      for (let count = 0; ; count++) {
        await sleep(800);
        const body = { data: { count: String(count) } };
        client.patch(ConfigMap, { metadata: key('stray') }, { type: 'merge', body }).catch(() => {});
      }
    };
    void stray();
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  },
});
