import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConfigError } from '../../../src/runtime/errors.js';
import { run, settled, stopAll } from './run.js';
import { list, memcached, scriptedCluster, stream } from './scripted.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(async () => {
  stopAll();
  await settled();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function after(milliseconds: number): Promise<void> {
  await settled();
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settled();
}

const resyncs = (seen: readonly string[]): readonly string[] => seen.filter((each) => each.startsWith('update'));

test.each([
  [0, 0.9],
  [0.999_999, 1.1],
])('every object counts as updated after 10 h, a tenth more or less (random %d)', async (random, share) => {
  vi.spyOn(Math, 'random').mockReturnValue(random);
  const watches = Array.from({ length: 400 }, () => stream().answer);
  const cluster = scriptedCluster({ list: [list(5, [memcached('a', 3), memcached('b', 4)])], watch: watches });
  const { seen } = run(cluster);
  await after(36_000_000 * share - 10_000);
  expect(resyncs(seen)).toEqual([]);
  await after(20_000);
  expect(resyncs(seen)).toEqual(['update default/a 3→3', 'update default/b 4→4']);
  expect(cluster.asked.filter((each) => each === 'list')).toHaveLength(1);
});

test('it goes on, with what is there by then', async () => {
  const watch = stream();
  const cluster = scriptedCluster({ list: [list(5, [memcached('a', 3), memcached('b', 4)])], watch: [watch.answer] });
  const { seen } = run(cluster, { resyncEvery: 1_000 });
  await after(1_100);
  watch.event('DELETED', memcached('a', 6));
  await settled();
  seen.length = 0;
  await after(1_100);
  expect(resyncs(seen)).toEqual(['update default/b 4→4']);
});

test('0 is never, and a negative time is a mistake', async () => {
  const cluster = scriptedCluster({ list: [list(5, [memcached('a', 3)])] });
  const { seen } = run(cluster, { resyncEvery: 0 });
  await after(100_000);
  expect(resyncs(seen)).toEqual([]);
  expect(() => run(cluster, { resyncEvery: -1 })).toThrow(ConfigError);
});
