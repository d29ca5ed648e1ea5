import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFleet, type Fleet, isWrite, type Replica } from './replicas.js';
import { createWorld, type World } from './world.js';

/** What can happen to a replica; each resolves when it is over. */
type Fault = (world: World, fleet: Fleet, victim: Replica) => Promise<void>;

const between = (world: World, from: number, to: number): number => from + world.random() * (to - from);

const faults: Readonly<Record<string, Fault>> = {
  async kill(_world, _fleet, { machine }) {
    machine.state = 'dead';
  },
  async stop(world, _fleet, victim) {
    victim.stop();
    await world.pass(between(world, 0, 2000));
  },
  async pause(world, _fleet, { machine }) {
    machine.state = 'paused';
    await world.pass(between(world, 100, 30_000));
    await world.resume(machine);
  },
  async 'pause and stop'(world, fleet, victim) {
    victim.stop();
    await faults.pause?.(world, fleet, victim);
  },
  async 'slow network'(world, _fleet, { link }) {
    link.delay = between(world, 200, 4000);
    await world.pass(between(world, 1000, 20_000));
    link.delay = 1;
  },
  async 'slow connections'(world, _fleet, { link }) {
    link.connecting = between(world, 500, 12_000);
    await world.pass(between(world, 5000, 25_000));
    link.connecting = 0;
  },
  async 'paused while connecting'(world, fleet, victim) {
    victim.link.connecting = between(world, 500, 5000);
    await world.pass(between(world, 0, 3000));
    await faults.pause?.(world, fleet, victim);
    victim.link.connecting = 0;
  },
  async partition(world, _fleet, { link }) {
    link.cut();
    await world.pass(between(world, 100, 30_000));
    link.heal();
  },
  async 'API server hangs for everyone'(world, fleet) {
    for (const { link } of fleet.replicas) link.cut();
    await world.pass(between(world, 100, 14_000));
    for (const { link } of fleet.replicas) link.heal();
  },
  async 'API server is down'(world, fleet) {
    fleet.server.down(true);
    await world.pass(between(world, 100, 14_000));
    fleet.server.down(false);
  },
  async 'clock jumps'(world, _fleet, { machine }) {
    machine.skew = between(world, -3_600_000, 3_600_000);
  },
};

const names = Object.keys(faults);
const seeds = Array.from({ length: 26 }, (_, index) => index + 1);
const faultsPerSeed = 8;

/** A new replica for each that has ended, as a Deployment does it. */
function refill(world: World, fleet: Fleet): void {
  const alive = fleet.replicas.filter(({ machine, outcome }) => machine.state !== 'dead' && outcome === 'running');
  for (let count = alive.length; count < 3; count++) fleet.start().machine.skew = between(world, -3600, 3600) * 1000;
}

/** The faults that happened, by name. */
async function ordeal(world: World, fleet: Fleet): Promise<readonly string[]> {
  const happened: string[] = [];
  refill(world, fleet);
  await world.pass(3000);
  for (let count = 0; count < faultsPerSeed; count++) {
    const name = names[Math.floor(world.random() * names.length)]!;
    const running = fleet.replicas.filter(
      ({ outcome, machine }) => outcome === 'running' && machine.state === 'running',
    );
    const victim = (world.random() < 0.8 && fleet.leader()) || running[0];
    if (victim) {
      await faults[name]?.(world, fleet, victim);
      happened.push(name);
    }
    await world.pass(between(world, 0, 3000));
    refill(world, fleet);
    await world.pass(between(world, 0, 12_000));
  }
  return happened;
}

const isExpected = ({ outcome }: Replica): boolean =>
  typeof outcome === 'string' || outcome.message.startsWith('leader election lost');

describe('whatever happens, nothing is written without the lease', () => {
  const happened: string[] = [];
  let writes = 0;
  beforeAll(() => void process.setMaxListeners(0));
  afterAll(() => void process.setMaxListeners(10));

  test.each(seeds)('seed %d', async (seed) => {
    const world = createWorld(seed);
    try {
      const fleet = createFleet(world);
      happened.push(...(await ordeal(world, fleet)));
      const calm = world.now;
      await world.pass(40_000);
      const authors = fleet.sent.filter((each) => isWrite(each) && each.leftAt > calm + 25_000);
      writes += fleet.sent.filter(isWrite).length;
      expect(fleet.problems).toEqual([]);
      expect(fleet.replicas.filter((each) => !isExpected(each)).map(({ outcome }) => outcome)).toEqual([]);
      expect(new Set(authors.map(({ machine }) => machine)), 'one replica works when all is calm').toHaveProperty(
        'size',
        1,
      );
      const messages = fleet.replicas.flatMap(({ lines }) => lines.map(({ message }) => message));
      expect(messages).not.toContain('A promise was rejected and nothing handles it');
    } finally {
      world.end();
    }
  });

  test('enough has happened', () => {
    expect(happened.length).toBeGreaterThanOrEqual(200);
    expect(new Set(happened)).toEqual(new Set(names));
    expect(writes).toBeGreaterThan(2000);
  });
});
