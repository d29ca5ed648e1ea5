import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFleet, type Fleet, isWrite, type Replica } from './replicas.js';
import { createWorld, type World } from './world.js';

let world: World;
let fleet: Fleet;
beforeEach(() => {
  world = createWorld(1);
  fleet = createFleet(world);
});
afterEach(() => {
  world.end();
  expect(fleet.problems).toEqual([]);
});

/** Two replicas, of which the first leads and works. */
async function two(): Promise<readonly [Replica, Replica]> {
  const first = fleet.start();
  await world.pass(100);
  const second = fleet.start();
  await world.pass(5000);
  expect(fleet.leader()).toBe(first);
  expect(wrote(first)).toBe(true);
  expect(wrote(second)).toBe(false);
  return [first, second];
}

const wrote = ({ machine }: Replica, since = 0): boolean =>
  fleet.sent.some((each) => each.machine === machine && isWrite(each) && each.leftAt >= since);

/** Milliseconds until the replica leads. */
async function timeUntilLeader(replica: Replica): Promise<number> {
  const from = world.now;
  while (fleet.leader() !== replica && world.now < from + 60_000) await world.pass(10);
  return world.now - from;
}

test('after kill -9 the other replica takes over within the lease duration and a retry period', async () => {
  const [first, second] = await two();
  first.machine.state = 'dead';
  const time = await timeUntilLeader(second);
  expect(time).toBeGreaterThan(10_000);
  expect(time).toBeLessThanOrEqual(17_010);
  await world.pass(2000);
  expect(wrote(second)).toBe(true);
});

test('after a clean stop it takes over at its next try', async () => {
  const [first, second] = await two();
  first.stop();
  expect(await timeUntilLeader(second)).toBeLessThanOrEqual(2510);
  expect(first.outcome).toBe('stopped');
  expect((await fleet.lease())?.spec?.leaseTransitions).toBe(1);
});
