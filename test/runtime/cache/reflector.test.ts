import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCache } from '../../../src/runtime/cache/index.js';
import { metrics } from '../../../src/runtime/metrics/index.js';
import { parseExposition, valueIn } from '../metrics/exposition.js';
import { run, settled, stopAll } from './run.js';
import {
  type Answer,
  events,
  failure,
  held,
  list,
  Memcached,
  memcached,
  recordingLogger,
  type ScriptedCluster,
  scriptedCluster,
  stream,
  unreachable,
} from './scripted.js';

const a = (version: number) => memcached('a', version);
const bookmark = (version: number) => ({ metadata: { resourceVersion: String(version) } });
const gone = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 5 (9)' };

/** Milliseconds between the requests. */
const gaps = ({ calls }: ScriptedCluster): readonly number[] =>
  calls.slice(1).map(({ at }, index) => Math.round(at - calls[index]!.at));

async function after(milliseconds: number): Promise<void> {
  await settled();
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settled();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(async () => {
  stopAll();
  await settled();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('list, then watch', () => {
  test('the list asks for pages of 500 and no resource version, the watch goes on from the list', async () => {
    const cluster = scriptedCluster({ list: [list(5, [a(3)])] });
    run(cluster);
    await settled();
    expect(cluster.calls.map(({ method, path, query }) => ({ method, path, query }))).toEqual([
      { method: 'GET', path: '/apis/cache.example.com/v1alpha1/memcacheds', query: { limit: '500' } },
      {
        method: 'GET',
        path: '/apis/cache.example.com/v1alpha1/memcacheds',
        query: { watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: '200', resourceVersion: '5' },
      },
    ]);
  });

  test('the server is asked to end a watch after 200 to 295 s', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999999);
    const cluster = scriptedCluster({ list: [list(5)] });
    run(cluster);
    await settled();
    expect(cluster.calls[1]?.query?.timeoutSeconds).toBe('295');
  });

  test('events become creates, updates and deletes', async () => {
    const watch = events(['ADDED', memcached('b', 6)], ['MODIFIED', a(7)], ['DELETED', memcached('b', 8)]);
    const { seen, cached } = run(scriptedCluster({ list: [list(5, [a(3)])], watch: [watch] }));
    await settled();
    expect(seen).toEqual([
      'create default/a 3 (initial)',
      'create default/b 6',
      'update default/a 3→7',
      'delete default/b 8',
    ]);
    expect(cached()).toEqual(['a@7']);
  });

  test('an unexpected event is taken for what it means to the cache', async () => {
    const watch = events(['ADDED', a(6)], ['MODIFIED', memcached('b', 7)], ['DELETED', memcached('c', 8)]);
    const { seen } = run(scriptedCluster({ list: [list(5, [a(3)])], watch: [watch] }));
    await settled();
    expect(seen).toEqual(['create default/a 3 (initial)', 'update default/a 3→6', 'create default/b 7']);
  });

  test('a list of several pages is stored at once, with the version of its first page', async () => {
    const second = held(list(6, [memcached('b', 2)]));
    const cluster = scriptedCluster({ list: [list(5, [a(1)], 'more'), second.answer] });
    const { seen, cached, informer } = run(cluster);
    await settled();
    expect([seen, cached(), informer.isSynced]).toEqual([[], [], false]);
    second.release();
    await settled();
    expect(seen).toEqual(['create default/a 1 (initial)', 'create default/b 2 (initial)']);
    expect(informer.isSynced).toBe(true);
    expect(cluster.calls[1]?.query).toEqual({ limit: '500', continue: 'more' });
    expect(cluster.asked).toEqual(['list', 'list next', 'watch 5']);
  });

  test('a list without items is empty', async () => {
    const { informer, cached } = run(scriptedCluster({ list: [list(5, null)] }));
    await settled();
    expect([informer.isSynced, cached()]).toEqual([true, []]);
  });
});

describe('a watch ends', () => {
  test('in order: the next goes on at once from the last event', async () => {
    const first = stream();
    const cluster = scriptedCluster({ list: [list(5)], watch: [first.answer] });
    const { lines } = run(cluster);
    first.event('ADDED', a(6));
    await after(200_000);
    first.end();
    await settled();
    expect(cluster.asked).toEqual(['list', 'watch 5', 'watch 6']);
    expect(gaps(cluster)[1]).toBe(200_000);
    expect(lines).toEqual([]);
  });

  test('a quiet kind goes on from the last bookmark, without a list and without an event', async () => {
    const first = stream();
    const cluster = scriptedCluster({ list: [list(5, [a(3)])], watch: [first.answer] });
    const { seen, cached } = run(cluster);
    first.event('BOOKMARK', bookmark(70));
    await after(200_000);
    first.end();
    await settled();
    expect(cluster.asked).toEqual(['list', 'watch 5', 'watch 70']);
    expect([seen, cached()]).toEqual([['create default/a 3 (initial)'], ['a@3']]);
  });

  test('a bookmark changes nothing but the version, whatever it carries', async () => {
    const first = stream();
    const cluster = scriptedCluster({ list: [list(5, [a(3)])], watch: [first.answer] });
    const { cached, seen } = run(cluster);
    first.event('BOOKMARK', { ...a(9), spec: { size: 9 } });
    first.event('BOOKMARK', { metadata: {} });
    first.event('BOOKMARK', {});
    await after(2_000);
    first.end();
    await settled();
    expect([cached(), seen.length]).toEqual([['a@3'], 1]);
    expect(cluster.asked.at(-1)).toBe('watch 9');
  });

  test('at once and without an event: that is a failure, and waits', async () => {
    const ended = () => {
      const each = stream();
      each.end();
      return each.answer;
    };
    const cluster = scriptedCluster({ list: [list(5)], watch: [ended(), ended()] });
    const { lines } = run(cluster);
    await after(800);
    await after(1600);
    expect(cluster.asked).toEqual(['list', 'watch 5', 'watch 5', 'watch 5']);
    expect(gaps(cluster).slice(1)).toEqual([800, 1600]);
    expect(lines.filter((line) => line.startsWith('error'))).toEqual([
      'error A kind cannot be watched: The watch of memcacheds.cache.example.com breaks off: the server ended the stream at once',
    ]);
  });

  test('by a reset: reads are served on, the watch goes on from the last event, and one cut alone is no error', async () => {
    const first = stream();
    const cluster = scriptedCluster({ list: [list(5, [a(3)])], watch: [first.answer] });
    const { lines, cache, seen } = run(cluster);
    first.event('MODIFIED', a(6));
    await after(5_000);
    first.fail(new Error('read ECONNRESET'));
    await settled();
    expect(await cache.get(Memcached, { name: 'a', namespace: 'default' })).toMatchObject(a(6));
    await after(800);
    expect(cluster.asked).toEqual(['list', 'watch 5', 'watch 6']);
    expect(seen).toEqual(['create default/a 3 (initial)', 'update default/a 3→6']);
    expect(lines.filter((line) => !line.startsWith('debug'))).toEqual([]);
  });

  test('by a proxy, again and again: the waits between the watches do not grow', async () => {
    const streams = [stream(), stream(), stream(), stream()];
    const cluster = scriptedCluster({ list: [list(5)], watch: streams.map(({ answer }) => answer) });
    run(cluster);
    for (const each of streams) {
      await after(60_000);
      each.fail(new Error('read ECONNRESET'));
      await after(800);
    }
    expect(gaps(cluster).slice(1)).toEqual([60_800, 60_800, 60_800, 60_800]);
  });

  test('never, because the connection is half open: it is cut 5 s after the time that the server was given', async () => {
    const silent = stream();
    const second = stream();
    const cluster = scriptedCluster({ list: [list(5)], watch: [silent.answer, second.answer] });
    const { seen } = run(cluster);
    await after(204_999);
    expect([cluster.asked.length, silent.isOpen]).toEqual([2, true]);
    await after(1);
    expect(silent.isOpen).toBe(false);
    await after(800);
    expect(cluster.asked).toEqual(['list', 'watch 5', 'watch 5']);
    second.event('ADDED', a(6));
    await settled();
    expect(seen).toEqual(['create default/a 6']);
  });

  test('a list that is never answered is given up after two minutes', async () => {
    const never: Answer = () => new Promise(() => {});
    const cluster = scriptedCluster({ list: [never, list(5)] });
    const { informer } = run(cluster);
    await after(120_000);
    expect(informer.problem).toBe('The operator cannot list memcacheds.cache.example.com: no answer within 120 s');
    await after(800);
    expect([informer.isSynced, informer.problem]).toEqual([true, undefined]);
  });
});

describe('a resource version that is too old', () => {
  const relists: readonly [string, Answer][] = [
    ['an ERROR event', events(['ERROR', gone])],
    ['an ERROR event with the reason alone', events(['ERROR', { ...gone, code: undefined }])],
    ['an answer with the status 410', failure(410, 'Gone')],
    ['a version that is too large', failure(504, 'Timeout', {}, 'Too large resource version: 9')],
  ];

  test.each(relists)('%s in place of a watch leads to one new list, at once', async (_, answer) => {
    const cluster = scriptedCluster({ list: [list(5, [a(3)]), list(20, [a(3)])], watch: [answer] });
    const { lines, informer } = run(cluster);
    await settled();
    expect(cluster.asked).toEqual(['list', 'watch 5', 'list', 'watch 20']);
    expect(gaps(cluster)).toEqual([0, 0, 0]);
    expect(informer.problem).toBeUndefined();
    expect(lines.filter((line) => !line.startsWith('debug'))).toEqual([]);
  });

  test('the new list tells what vanished, what may have changed and what is new', async () => {
    const before = [a(1), memcached('b', 2), memcached('c', 3)];
    const later = [a(1), memcached('c', 9), memcached('d', 10)];
    const cluster = scriptedCluster({ list: [list(5, before), list(20, later)], watch: [events(['ERROR', gone])] });
    const { seen, cached } = run(cluster);
    await settled();
    expect(seen.slice(3)).toEqual([
      'delete default/b 2 (state unknown)',
      'update default/a 1→1',
      'update default/c 3→9',
      'create default/d 10',
    ]);
    expect(cached()).toEqual(['a@1', 'c@9', 'd@10']);
  });

  test('410 for the next page makes a new list, and the pages so far are dropped', async () => {
    const cluster = scriptedCluster({
      list: [list(5, [a(3)], 'more'), failure(410, 'Expired'), list(9, [memcached('b', 8)])],
    });
    const { seen } = run(cluster);
    await settled();
    expect(cluster.asked).toEqual(['list', 'list next', 'list', 'watch 9']);
    expect(seen).toEqual(['create default/b 8 (initial)']);
  });

  test('410 after 410 waits, so that nothing spins', async () => {
    const cluster = scriptedCluster({
      list: [list(5)],
      watch: [failure(410, 'Gone'), failure(410, 'Gone'), failure(410, 'Gone')],
    });
    run(cluster);
    await after(800);
    await after(1600);
    expect(cluster.asked).toEqual(['list', 'watch 5', 'list', 'watch 5', 'list', 'watch 5', 'list', 'watch 5']);
    expect(gaps(cluster)).toEqual([0, 0, 0, 800, 0, 1600, 0]);
  });

  test('a page that fails changes nothing', async () => {
    const cluster = scriptedCluster({
      list: [list(5, [a(3)]), list(20, [memcached('b', 8)], 'more'), failure(500, 'InternalError'), list(21, [a(3)])],
      watch: [events(['ERROR', gone])],
    });
    const { seen, cached, cache } = run(cluster);
    await settled();
    expect(seen).toEqual(['create default/a 3 (initial)']);
    expect(cached()).toEqual(['a@3']);
    expect(await cache.list(Memcached)).toHaveLength(1);
    await after(800);
    expect(seen).toEqual(['create default/a 3 (initial)', 'update default/a 3→3']);
  });
});

describe('the server fails', () => {
  test('a list that fails with 500 is tried again, at 0.8, 1.6, 3.2 s and so on up to 15 to 30 s', async () => {
    const failing = Array.from({ length: 8 }, () => failure(500, 'InternalError'));
    const cluster = scriptedCluster({ list: [...failing, list(5)] });
    const { informer } = run(cluster);
    for (const delay of [800, 1600, 3200, 6400, 12_800, 15_000, 15_000, 15_000]) await after(delay);
    expect(gaps(cluster)).toEqual([800, 1600, 3200, 6400, 12_800, 15_000, 15_000, 15_000, 0]);
    expect(informer.isSynced).toBe(true);
  });

  test('an ERROR event other than 410 waits, and the watch goes on without a list', async () => {
    const watch = events(
      ['ADDED', a(6)],
      ['ERROR', { kind: 'Status', code: 500, reason: 'InternalError', message: 'etcd' }],
    );
    const cluster = scriptedCluster({ list: [list(5)], watch: [watch] });
    const { informer } = run(cluster);
    await settled();
    expect(informer.problem).toBe('The API server fails to watch memcacheds.cache.example.com: etcd');
    await after(800);
    expect(cluster.asked).toEqual(['list', 'watch 5', 'watch 6']);
    expect(gaps(cluster)).toEqual([0, 800]);
  });

  test('a server that is away for a while: the watch goes on without a list and without a delete', async () => {
    const first = stream();
    const away = [unreachable, unreachable, unreachable];
    const cluster = scriptedCluster({ list: [list(5, [a(3)])], watch: [first.answer, ...away] });
    const { seen, lines, informer } = run(cluster);
    await after(60_000);
    first.fail(new Error('other side closed'));
    for (const delay of [800, 800, 1000]) await after(delay);
    expect(informer.problem).toBe(
      'The operator cannot watch memcacheds.cache.example.com: connect ECONNREFUSED 127.0.0.1:6443',
    );
    await after(1250);
    await after(1000);
    expect(gaps(cluster).slice(-3), 'waits for a server that is not there grow by a quarter').toEqual([
      800, 1000, 1250,
    ]);
    expect(cluster.asked).toEqual(['list', ...Array.from({ length: 5 }, () => 'watch 5')]);
    expect(seen).toEqual(['create default/a 3 (initial)']);
    expect(informer.problem).toBeUndefined();
    expect(lines.filter((line) => !line.startsWith('debug'))).toEqual([
      'error A kind cannot be watched: The operator cannot watch memcacheds.cache.example.com: connect ECONNREFUSED 127.0.0.1:6443',
      'info A kind can be watched again',
    ]);
  });

  test('back after an outage with a version that is too old: the new list is made at once', async () => {
    const first = stream();
    const cluster = scriptedCluster({
      list: [list(5, [a(3)]), list(90)],
      watch: [first.answer, unreachable, unreachable, failure(410, 'Expired')],
    });
    const { seen } = run(cluster);
    await after(60_000);
    first.fail(new Error('other side closed'));
    for (const delay of [800, 1600, 3200]) await after(delay);
    expect(cluster.asked.slice(-3)).toEqual(['watch 5', 'list', 'watch 90']);
    expect(gaps(cluster).slice(-2)).toEqual([0, 0]);
    expect(seen.at(-1)).toBe('delete default/a 3 (state unknown)');
  });

  test('an outage of minutes is followed by waits of 15 to 30 s', async () => {
    const cluster = scriptedCluster({ list: [unreachable] });
    run(cluster);
    for (let step = 0; step < 40; step++) await after(15_000);
    expect(gaps(cluster).at(-1)).toBe(15_000);
  });

  test('403 right after an outage is a first failure', async () => {
    const away = Array.from({ length: 12 }, () => unreachable);
    const cluster = scriptedCluster({ list: [...away, failure(403, 'Forbidden'), failure(403, 'Forbidden'), list(5)] });
    const { informer } = run(cluster);
    while (!informer.isSynced) await after(100);
    expect(gaps(cluster).slice(-3)).toEqual([800, 1600, 0]);
  });

  test('after two minutes of calm the delays start anew', async () => {
    const later = stream();
    const cluster = scriptedCluster({ list: [list(5)], watch: [unreachable, unreachable, later.answer, unreachable] });
    run(cluster);
    await after(800);
    await after(1600);
    await after(121_000);
    later.end();
    await after(800);
    expect(gaps(cluster).at(-1)).toBe(800);
  });

  test.each([429, 503])('%i waits as long as Retry-After says', async (code) => {
    const cluster = scriptedCluster({
      list: [list(5)],
      watch: [failure(code, 'TooManyRequests', { 'retry-after': '7' })],
    });
    run(cluster);
    await after(7_000);
    expect(cluster.asked).toEqual(['list', 'watch 5', 'watch 5']);
    expect(gaps(cluster)).toEqual([0, 7_000]);
  });
});

describe('bad bytes', () => {
  const before = `${JSON.stringify({ type: 'ADDED', object: a(6) })}\n`;
  const bad: readonly [string, string][] = [
    ['a line that is not JSON', '<html>\n'],
    ['JSON that is no event', '[1]\n'],
    ['an event without a name', '{"type":"ADDED","object":{"metadata":{"resourceVersion":"9"}}}\n'],
    ['an event without a resource version', '{"type":"ADDED","object":{"metadata":{"name":"x"}}}\n'],
  ];

  const broken = async (): Promise<number> => {
    const labels = { resource: 'memcacheds.cache.example.com', problem: 'broken' };
    return valueIn(parseExposition(await metrics.registry.metrics()), 'opgen_watch_problems_total', labels) ?? 0;
  };

  test.each(bad)('%s drops the connection, and the watch goes on from the last good event', async (_, line) => {
    const counted = await broken();
    const first = stream();
    const cluster = scriptedCluster({ list: [list(5)], watch: [first.answer] });
    const { cached, seen } = run(cluster);
    first.bytes(before + line + before.replaceAll('6', '7'));
    await settled();
    expect(first.isOpen).toBe(false);
    expect(await broken()).toBe(counted + 1);
    await after(800);
    expect(cluster.asked).toEqual(['list', 'watch 5', 'watch 6']);
    expect([seen, cached()]).toEqual([['create default/a 6'], ['a@6']]);
  });
});

describe('trouble that the user can end', () => {
  test('403 is tried for ever; it is logged when it begins and when it ends, and in between at debug', async () => {
    const forbidden = failure(403, 'Forbidden');
    const cluster = scriptedCluster({ list: [forbidden, forbidden, forbidden, list(5)] });
    const { informer, lines } = run(cluster);
    await settled();
    expect(informer.problem).toBe(
      'The operator may not list memcacheds.cache.example.com: it says Forbidden. Add `// +kubebuilder:rbac:groups=cache.example.com,resources=memcacheds,verbs=get;list;watch` and run `opgen generate rbac`',
    );
    for (const delay of [800, 1600, 3200]) await after(delay);
    expect([informer.problem, informer.isSynced]).toEqual([undefined, true]);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['error', 'debug', 'debug', 'info']);
  });

  test('401 is tried for ever', async () => {
    const cluster = scriptedCluster({ list: [failure(401, 'Unauthorized'), list(5)] });
    const { informer } = run(cluster);
    await settled();
    expect(informer.problem).toMatch(/^The API server does not accept the credentials of the operator: it says Unauth/);
    await after(800);
    expect(informer.isSynced).toBe(true);
  });

  test('a kind that is not installed is looked for every 10 s', async () => {
    const missing = failure(404, 'NotFound');
    const cluster = scriptedCluster({ list: [missing, missing, missing, list(5, [a(3)])] });
    const { informer, seen } = run(cluster);
    await settled();
    expect(informer.problem).toBe(
      'The API server has no memcacheds.cache.example.com/v1alpha1: the CRD is not installed. Run `make install` if it is a CRD of this project',
    );
    for (let step = 0; step < 3; step++) await after(10_000);
    expect(gaps(cluster)).toEqual([10_000, 10_000, 10_000, 0]);
    expect([informer.problem, seen]).toEqual([undefined, ['create default/a 3 (initial)']]);
  });

  test('a kind that is removed and comes back is listed anew', async () => {
    const cluster = scriptedCluster({
      list: [list(5, [a(3)]), failure(404, 'NotFound'), list(50)],
      watch: [failure(404, 'NotFound')],
    });
    const { seen } = run(cluster);
    await after(10_000);
    await after(10_000);
    expect(cluster.asked).toEqual(['list', 'watch 5', 'list', 'list', 'watch 50']);
    expect(seen.at(-1)).toBe('delete default/a 3 (state unknown)');
  });

  test('another problem is logged as one of its own', async () => {
    const cluster = scriptedCluster({ list: [unreachable, failure(403, 'Forbidden'), list(5)] });
    const { lines } = run(cluster);
    await after(800);
    await after(1600);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['error', 'error', 'info']);
  });
});

describe('the end', () => {
  const states: readonly [string, () => ScriptedCluster][] = [
    ['while it lists', () => scriptedCluster({ list: [() => new Promise(() => {})] })],
    ['while it watches', () => scriptedCluster({ list: [list(5)] })],
    ['while it waits', () => scriptedCluster({ list: [unreachable] })],
  ];

  test.each(states)('%s is silent, closes the request and leaves no timer', async (_, make) => {
    const cluster = make();
    const { stop, lines } = run(cluster);
    await settled();
    const before = { requests: cluster.calls.length, lines: lines.length };
    stop();
    await settled();
    expect(vi.getTimerCount()).toBe(0);
    await after(600_000);
    expect({ requests: cluster.calls.length, lines: lines.length }).toEqual(before);
    expect(cluster.calls.at(-1)?.signal?.aborted).toBe(true);
  });

  test('a second start has no effect', async () => {
    const cluster = scriptedCluster({ list: [list(5)] });
    const { cache, lines } = run(cluster);
    cache.start(new AbortController().signal);
    cache.start(AbortSignal.abort());
    await settled();
    expect(cluster.asked).toEqual(['list', 'watch 5']);
    expect(lines).toEqual([]);
  });

  test('a signal that has aborted starts nothing', async () => {
    const cluster = scriptedCluster({ list: [list(5)] });
    const log = recordingLogger();
    const cache = createCache({ cluster, log });
    cache.informer(Memcached);
    cache.start(AbortSignal.abort());
    await settled();
    expect([cluster.calls.length, log.lines]).toEqual([0, []]);
  });
});
