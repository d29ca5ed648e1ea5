import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../src/runtime/client/index.js';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { describeWithCluster } from '../support/assets.js';
import { createFleet, type Fleet, type Replica } from '../support/fleet.js';
import { bundleOperator } from '../support/operator.js';
import { randomBy } from '../support/random.js';
import { sharedFolder } from '../support/temp.js';
import { ConfigMap, key } from '../support/widget.js';

const durations = { leaseDuration: 2000, renewDeadline: 1200, retryPeriod: 250 };

/** Works as a controller does, and tries to write besides, whether it leads or not. */
const main = `
import { createManager, defineResource, exitWithError, managerFlags, onSignals } from 'opgen/runtime';
const ConfigMap = defineResource({ group: '', version: 'v1', kind: 'ConfigMap' });
try {
  const { leaderElection, ...flags } = managerFlags();
  const manager = createManager({ ...flags, leaderElection: { ...leaderElection, ...${JSON.stringify(durations)} } });
  const stray = { metadata: { name: 'stray-' + leaderElection.id, namespace: 'default' } };
  let count = 0;
  const patch = (client, object) =>
    client.patch(ConfigMap, object, { type: 'merge', body: { data: { count: String(count++) } } });
  setInterval(() => patch(manager.client, stray).catch(() => {}), 40).unref();
  manager.add({
    for: ConfigMap,
    where: ({ type, object }) => type === 'create' && object.metadata?.name === 'worked-' + leaderElection.id,
    async reconcile({ client, object }) {
      await patch(client, object);
      return { requeueAfter: 100 };
    },
  });
  await manager.start(onSignals());
} catch (error) {
  exitWithError(error);
}
`;

type Random = (from: number, to: number) => number;

/** What can happen to a replica; each resolves when it is over. */
type Fault = (victim: Replica, between: Random, fleet: Fleet) => Promise<unknown>;

const told = new WeakSet<Replica>();

/** SIGTERM once only: the second one would end the process at once, as it should. */
function signal(replica: Replica, name: NodeJS.Signals): void {
  const { operator } = replica;
  if (operator.exitCode !== undefined || (name === 'SIGTERM' && told.has(replica))) return;
  if (name === 'SIGTERM') told.add(replica);
  process.kill(operator.pid, name);
}

async function freeze(victim: Replica, milliseconds: number): Promise<void> {
  signal(victim, 'SIGSTOP');
  await sleep(milliseconds);
  signal(victim, 'SIGCONT');
}

async function lose(what: 'everything' | 'answers', lines: readonly Replica[], milliseconds: number): Promise<void> {
  for (const { line } of lines) line.lose(what);
  await sleep(milliseconds);
  for (const { line } of lines) line.heal();
}

const faults: Readonly<Record<string, Fault>> = {
  kill: async (victim) => signal(victim, 'SIGKILL'),
  stop: async (victim) => signal(victim, 'SIGTERM'),
  freeze: (victim, between) => freeze(victim, between(50, 3500)),
  async 'freeze and stop'(victim, between) {
    const thawed = freeze(victim, between(50, 2500));
    signal(victim, 'SIGTERM');
    await thawed;
  },
  partition: (victim, between) => lose('everything', [victim], between(50, 2300)),
  async 'partition and stop'(victim, between) {
    const healed = lose('everything', [victim], between(300, 2300));
    await sleep(between(0, 500));
    signal(victim, 'SIGTERM');
    await healed;
  },
  'answers get lost': (victim, between) => lose('answers', [victim], between(50, 2300)),
  'freeze within a partition': (victim, between) =>
    Promise.all([lose('everything', [victim], between(50, 2300)), freeze(victim, between(50, 2300))]),
  'API server hangs for everyone': (_victim, between, fleet) => lose('everything', fleet.running(), between(50, 1600)),
  async 'slow network'({ line }, between) {
    // Less than lies between the renew deadline and the end of the lease: nobody can call a write back that has left.
    line.delay = between(50, 500);
    await sleep(between(200, 2000));
    line.delay = 0;
  },
};

const names = Object.keys(faults);
const leases = ['one', 'two', 'three', 'four'];
const faultsPerFleet = 50;
const seed = Number(process.env.OPGEN_SEED ?? Date.now() % 1_000_000);

/** Starts new replicas for those that have ended, as a Deployment does it. */
async function refill(fleet: Fleet): Promise<void> {
  for (let count = fleet.running().length; count < 3; count++) await fleet.start();
}

/** The leader, which may take the end of a lease to be there. */
async function leaderOf(fleet: Fleet): Promise<Replica | undefined> {
  const until = performance.now() + 2 * durations.leaseDuration;
  while (!fleet.leader() && performance.now() < until) await sleep(50);
  return fleet.leader();
}

/** The names of the faults that happened. */
async function ordeal(fleet: Fleet, random: () => number): Promise<readonly string[]> {
  const between: Random = (from, to) => from + random() * (to - from);
  const happened: string[] = [];
  while (happened.length < faultsPerFleet) {
    await refill(fleet);
    await sleep(between(0, 500));
    const name = names[Math.floor(random() * names.length)]!;
    const victim = random() < 0.8 ? await leaderOf(fleet) : fleet.running()[0];
    if (!victim) continue;
    await faults[name]?.(victim, between, fleet);
    happened.push(name);
  }
  return happened;
}

/** Killed by the test, stopped in order, or ended by the loss of the lease; another end in words. */
function unexpectedEnd({ operator: { exitCode, logs } }: Replica): string | undefined {
  if (exitCode === undefined || exitCode === -1 || exitCode === 0) return undefined;
  const isLost = logs.some(({ error }) => typeof error === 'string' && error.startsWith('leader election lost'));
  return isLost ? undefined : `exit code ${exitCode}: ${JSON.stringify(logs.at(-1))}`;
}

describeWithCluster('an operator that is killed, stopped, frozen and cut off', () => {
  let envtest: Envtest;
  let bundle: string;
  const fleets: Fleet[] = [];

  beforeAll(async () => {
    envtest = await startEnvtest();
    const project = sharedFolder();
    mkdirSync(join(project, 'src'));
    writeFileSync(join(project, 'src/main.ts'), main);
    bundle = join(project, 'main.mjs');
    await bundleOperator(project, bundle);
  }, 180_000);
  afterAll(async () => {
    for (const fleet of fleets) await fleet.end();
    await envtest?.stop();
  });

  test(`${leases.length * faultsPerFleet} times writes nothing without the lease`, { timeout: 600_000 }, async () => {
    const client = createClient({ cluster: envtest.cluster });
    for (const lease of leases) {
      for (const what of ['stray', 'worked']) await client.create(ConfigMap, { metadata: key(`${what}-${lease}`) });
      fleets.push(createFleet({ cluster: envtest.cluster, bundle, lease }));
    }
    const stalls = monitorEventLoopDelay({ resolution: 10 });
    stalls.enable();
    const happened = await Promise.all(fleets.map((fleet, index) => ordeal(fleet, randomBy(seed + index))));
    stalls.disable();
    const said = `OPGEN_SEED=${seed}, stalls of the proxy up to ${Math.round(stalls.max / 1e6)} ms`;

    for (const fleet of fleets) {
      expect(fleet.problems, said).toEqual([]);
      // A write that has left in time may lie in a buffer while this process, which keeps the log, has no turn.
      expect(fleet.longest, said).toBeLessThan(durations.renewDeadline + 100 + stalls.max / 1e6);
      expect(fleet.replicas.map(unexpectedEnd).filter(Boolean), said).toEqual([]);
      const messages = fleet.replicas.flatMap(({ operator }) => operator.logs.map(({ message }) => message));
      expect(messages, said).not.toContain('A promise was rejected and nothing handles it');
      expect(fleet.writes, said).toBeGreaterThan(200);
      expect(fleet.changes, said).toBeGreaterThan(10);
      await worksAgain(fleet);
    }
    expect(happened.flat().length).toBeGreaterThanOrEqual(200);
    expect(new Set(happened.flat()), said).toEqual(new Set(names));
  });
});

/** When all is calm, one replica leads, and writes. */
async function worksAgain(fleet: Fleet): Promise<void> {
  await refill(fleet);
  const before = fleet.writes;
  await expect.poll(() => fleet.writes, { timeout: 30_000, interval: 100 }).toBeGreaterThan(before + 50);
  expect(fleet.problems).toEqual([]);
}
