import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NotLeaderError } from '../../../src/runtime/errors.js';
import { Lease } from '../../../src/runtime/leaderelection/lease.js';
import { ConfigMap, key } from '../../support/widget.js';
import { createFleet, type Fleet, isWrite, type Replica } from './replicas.js';
import { createWorld, type World } from './world.js';

let world: World;
let fleet: Fleet;
beforeEach(() => {
  world = createWorld(7);
  fleet = createFleet(world);
});
afterEach(() => world.end());
beforeAll(() => void process.setMaxListeners(0));
afterAll(() => void process.setMaxListeners(10));

const leaseKey = { name: 'op', namespace: 'system' };
const patchLease = (spec: object) =>
  world.outside(() => fleet.server.client.patch(Lease, { metadata: leaseKey }, { type: 'merge', body: { spec } }));
const wrote = ({ machine }: Replica, since: number): boolean =>
  fleet.sent.some((each) => each.machine === machine && isWrite(each) && each.leftAt > since);
const messages = ({ lines }: Replica): readonly string[] => lines.map(({ message }) => message);

async function leading(): Promise<Replica> {
  const replica = fleet.start();
  await world.pass(3000);
  expect(fleet.leader()).toBe(replica);
  return replica;
}

describe('the lease', () => {
  test('has times with six digits of a second, and is renewed every two seconds', async () => {
    await leading();
    const { spec: first } = (await fleet.lease())!;
    expect(first).toMatchObject({ leaseDurationSeconds: 15, leaseTransitions: 0 });
    for (const time of [first?.acquireTime, first?.renewTime]) expect(time).toMatch(/T\d\d:\d\d:\d\d\.\d{6}Z$/);
    await world.pass(20_000);
    const { spec: second } = (await fleet.lease())!;
    expect(second).toEqual({ ...first, renewTime: expect.not.stringMatching(String(first?.renewTime)) });
    const renewals = fleet.sent.filter(({ method, path }) => method === 'PUT' && path.endsWith('/leases/op'));
    expect(renewals.length).toBeGreaterThanOrEqual(10);
    expect(fleet.sent.filter(({ method, path }) => method === 'GET' && path.endsWith('/leases/op'))).toHaveLength(1);
    expect(fleet.problems).toEqual([]);
  });

  test('is renewed over another writer who leaves the holder alone', async () => {
    const replica = await leading();
    await patchLease({ leaseTransitions: 5 });
    await world.pass(20_000);
    expect(fleet.leader()).toBe(replica);
    expect((await fleet.lease())?.spec?.leaseTransitions).toBe(5);
  });

  test('that is deleted is made again by its holder, who goes on, though others wait', async () => {
    const replica = await leading();
    const other = fleet.start();
    await world.pass(3000);
    const { spec: before } = (await fleet.lease())!;
    await world.outside(() => fleet.server.client.delete(Lease, leaseKey));
    await world.pass(20_000);
    expect(fleet.leader()).toBe(replica);
    expect((await fleet.lease())?.spec).toMatchObject({
      acquireTime: before?.acquireTime,
      leaseTransitions: before?.leaseTransitions,
    });
    expect(messages(other)).not.toContain('This replica leads');
    expect(fleet.problems).toEqual([]);
  });

  test('of a holder with a clock that is an hour behind is respected', async () => {
    const replica = fleet.start();
    replica.machine.skew = -3_600_000;
    await world.pass(3000);
    const other = fleet.start();
    await world.pass(60_000);
    expect(fleet.leader()).toBe(replica);
    expect(messages(other)).not.toContain('This replica leads');
  });

  test('that another replica has taken is lost at the next renewal', async () => {
    const replica = await leading();
    await patchLease({ holderIdentity: 'thief', renewTime: '2030-01-01T00:00:00.000000Z' });
    await world.pass(2100);
    const { outcome } = replica;
    expect((outcome as Error).message).toBe('leader election lost: the lease `system/op`');
    expect(((outcome as Error).cause as Error).message).toBe('another replica holds it: thief');
    const lostAt = world.now;
    await world.pass(20_000);
    expect(wrote(replica, lostAt)).toBe(false);
    expect((await fleet.lease())?.spec?.holderIdentity, 'it is not given up by who does not have it').toBe('thief');
  });
});

describe('a leader', () => {
  test('survives one call that hangs', async () => {
    const replica = await leading();
    await world.pass(500);
    replica.link.cut();
    await world.pass(6500);
    replica.link.heal();
    await world.pass(30_000);
    expect(replica.outcome).toBe('running');
    expect(fleet.problems).toEqual([]);
  });

  test('that cannot renew stops at the deadline, without a grace period', async () => {
    const replica = await leading();
    replica.link.cut();
    const from = world.now;
    while (replica.outcome === 'running' && world.now < from + 20_000) await world.pass(10);
    expect(world.now - from).toBeLessThanOrEqual(10_050);
    expect(world.now - from, 'the last renewal was at most two seconds before').toBeGreaterThanOrEqual(7_900);
    expect((replica.outcome as Error).message).toMatch(/^leader election lost/);
    expect(((replica.outcome as Error).cause as Error).message).toBe(
      'it was not renewed within 10000 ms (renewDeadline): no answer within 5 s',
    );
  });

  test('counts from the sending of a renewal, not from its answer', async () => {
    const replica = await leading();
    replica.link.delay = 2000;
    await world.pass(5000);
    const lastSent = () => fleet.sent.findLast(({ method, path }) => method === 'PUT' && path.endsWith('/leases/op'));
    while ((lastSent()?.leftAt ?? 0) + 4050 > world.now) await world.pass(20);
    replica.link.cut();
    await world.pass(20_000);
    expect(replica.outcome).toBeInstanceOf(Error);
    expect(fleet.problems).toEqual([]);
  });

  test('that stood still finds out before it writes', async () => {
    const replica = await leading();
    replica.machine.state = 'paused';
    await world.pass(12_000);
    const woken = world.now;
    await world.resume(replica.machine);
    await world.pass(1000);
    expect((replica.outcome as Error).message).toMatch(/^leader election lost/);
    expect(wrote(replica, woken - 1)).toBe(false);
  });

  test('says so in an event', async () => {
    await leading();
    const notes = fleet.sent
      .filter(({ path }) => path.endsWith('/namespaces/system/events'))
      .map(({ body }) => JSON.parse(body ?? '') as { reason: string; note: string });
    expect(notes).toMatchObject([{ reason: 'LeaderElection', note: expect.stringMatching(/_\S+ started leading$/) }]);
  });

  test('gives the lease up after a clean stop, and only then', async () => {
    const replica = await leading();
    replica.stop();
    await world.pass(3000);
    expect(replica.outcome).toBe('stopped');
    expect((await fleet.lease())?.spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    const own = fleet.sent.filter(({ machine }) => machine === replica.machine);
    expect(own.at(-1)).toMatchObject({ method: 'PUT', path: expect.stringMatching(/leases\/op$/) });
    expect(fleet.problems).toEqual([]);
  });

  test('keeps the lease where nobody has asked to give it up', async () => {
    const replica = fleet.start({ leaderElection: { id: 'op', namespace: 'system' } });
    await world.pass(3000);
    replica.stop();
    await world.pass(3000);
    expect(replica.outcome).toBe('stopped');
    expect((await fleet.lease())?.spec?.holderIdentity).not.toBe('');
  });
});

describe('a follower', () => {
  test('neither watches nor writes, and its own writes are refused with the reason', async () => {
    await leading();
    const follower = fleet.start();
    await world.pass(5000);
    const own = fleet.sent.filter(({ machine }) => machine === follower.machine);
    expect(new Set(own.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`))).toEqual(new Set(['GET op']));
    const refused = world.within(follower.machine, () =>
      follower.manager.client.create(ConfigMap, { metadata: key('new') }),
    );
    await expect(refused).rejects.toThrow(NotLeaderError);
    await expect(refused).rejects.toThrow(
      'A write needs the lease `system/op`, but this process does not lead yet: POST /api/v1/namespaces/default/configmaps',
    );
  });

  test('stops at once, and leaves the lease alone', async () => {
    const leader = await leading();
    const follower = fleet.start();
    await world.pass(3000);
    follower.stop();
    await world.pass(100);
    expect(follower.outcome).toBe('stopped');
    expect(fleet.leader()).toBe(leader);
  });

  test('says once that the API server does not answer, and tries for ever', async () => {
    fleet.server.down(true);
    const replica = fleet.start();
    await world.pass(60_000);
    const failures = replica.lines.filter(({ message }) => message === 'The lease cannot be read or written');
    expect(failures.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(failures.length).toBeGreaterThan(20);
    fleet.server.down(false);
    await world.pass(5000);
    expect(fleet.leader()).toBe(replica);
  });
});
