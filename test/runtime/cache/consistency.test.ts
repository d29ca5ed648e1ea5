import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCache } from '../../../src/runtime/cache/index.js';
import type { Informer } from '../../../src/runtime/cache/types.js';
import type { Event } from '../../../src/runtime/event.js';
import { keyOf, keyText } from '../../../src/runtime/resource.js';
import { type FakeCluster, fakeCluster } from '../../../src/testing/index.js';
import { settled } from './run.js';
import { Memcached, recordingLogger } from './scripted.js';

/** What may happen to a cluster and to the connection with it. */
type Step =
  | { do: 'create' | 'update' | 'delete' | 'replace'; name: string; namespace: string }
  | { do: 'disconnect' | 'compact' | 'bookmark' | 'down' | 'up' }
  | { do: 'wait'; milliseconds: number };

const change = fc.record({
  do: fc.constantFrom('create' as const, 'update' as const, 'delete' as const, 'replace' as const),
  name: fc.constantFrom('a', 'b', 'c'),
  namespace: fc.constantFrom('x', 'y'),
});
const fault = fc.record({ do: fc.constantFrom('disconnect', 'compact', 'bookmark', 'down', 'up') });
const wait = fc.record({
  do: fc.constant('wait' as const),
  milliseconds: fc.constantFrom(0, 1, 1_000, 40_000, 300_000),
});
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof({ arbitrary: change, weight: 5 }, { arbitrary: fault as fc.Arbitrary<Step>, weight: 3 }, wait),
  { maxLength: 60, size: 'max' },
);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('whatever happens, the cache ends equal to the server, and so does who follows the events', async () => {
  await fc.assert(fc.asyncProperty(steps, fc.boolean(), ends), { numRuns: 150 });
});

async function ends(given: readonly Step[], byNamespace: boolean): Promise<void> {
  const fake = fakeCluster({ resources: [Memcached] });
  await make(fake, 'a', 'x');
  const end = new AbortController();
  const log = recordingLogger();
  const options = byNamespace ? { namespaces: { x: {}, y: {} } } : {};
  const cache = createCache({ cluster: fake, log, options });
  const informer = cache.informer(Memcached);
  const follower = follow(informer);
  cache.start(end.signal);
  let isDown = false;
  for (const step of given) {
    if ('name' in step && isDown) await unseen(fake, () => take(fake, step));
    else await take(fake, step);
    if (step.do === 'down' || step.do === 'up') isDown = step.do === 'down';
  }
  fake.down(false);
  await pass(40_000);
  await pass(40_000);

  const server = byKey((await fake.client.list(Memcached)).map(asCached));
  expect(byKey(informer.objects())).toEqual(server);
  expect(byKey(follower.values())).toEqual(server);
  expect(informer.problem).toBeUndefined();
  end.abort();
  await settled();
  expect(vi.getTimerCount()).toBe(0);
}

/** The cache holds no managed fields. */
function asCached(object: Memcached): Memcached {
  const { managedFields: _, ...metadata } = object.metadata ?? {};
  return { ...object, metadata };
}

const byKey = (objects: Iterable<Memcached>) =>
  [...objects].sort((one, other) => (keyText(keyOf(one)) < keyText(keyOf(other)) ? -1 : 1));

/** A copy of the cache from its events alone, each of which must fit what came before. */
function follow(informer: Informer<Memcached>): ReadonlyMap<string, Memcached> {
  const objects = new Map<string, Memcached>();
  informer.addHandler((event: Event<Memcached>) => {
    const key = keyText(keyOf(event.object));
    if (!fits(event, objects.get(key))) objects.set(`wrong ${event.type}`, event.object);
    if (event.type === 'delete') objects.delete(key);
    else objects.set(key, event.object);
  });
  return objects;
}

/** The server is away from the cache, but not from somebody else. No timer fires meanwhile, so the cache does not notice. */
async function unseen(fake: FakeCluster, work: () => Promise<void>): Promise<void> {
  fake.down(false);
  await work();
  fake.down(true);
}

function fits(event: Event<Memcached>, before: Memcached | undefined): boolean {
  if (event.type === 'create') return before === undefined;
  const isSame = before?.metadata?.uid === event.object.metadata?.uid;
  return event.type === 'update' ? before === event.old && isSame : before !== undefined && isSame;
}

async function take(fake: FakeCluster, step: Step): Promise<void> {
  if (step.do === 'wait') return pass(step.milliseconds);
  if ('name' in step) return write(fake, step);
  if (step.do === 'down' || step.do === 'up') fake.down(step.do === 'down');
  else fake[step.do]();
}

async function write(fake: FakeCluster, step: Extract<Step, { name: string }>): Promise<void> {
  const key = { name: step.name, namespace: step.namespace };
  const found = await fake.client.get(Memcached, key).catch(() => undefined);
  const work: Record<typeof step.do, () => Promise<unknown>> = {
    create: () => make(fake, step.name, step.namespace),
    update: () => fake.client.update(Memcached, { ...found!, spec: { size: (found?.spec?.size ?? 0) + 1 } }),
    delete: () => fake.client.delete(Memcached, key),
    replace: async () => {
      await fake.client.delete(Memcached, key);
      await make(fake, step.name, step.namespace);
    },
  };
  if (found || step.do === 'create') await work[step.do]().catch(() => {});
}

const make = (fake: FakeCluster, name: string, namespace: string): Promise<unknown> =>
  fake.client.create(Memcached, { metadata: { name, namespace }, spec: { size: 0 } });

async function pass(milliseconds: number): Promise<void> {
  await settled();
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settled();
}
