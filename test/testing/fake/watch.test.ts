import { describe, expect, test, vi } from 'vitest';
import { fakeCluster } from '../../../src/testing/fake/index.js';
import { ConfigMap } from './objects.js';
import { brief, openWatch } from './watches.js';

const configMap = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', labels },
});

describe('a watch', () => {
  test('begins with what is there, and goes on with what happens', async () => {
    const cluster = fakeCluster({ objects: [configMap('a')] });
    const { next } = await openWatch(cluster);
    await cluster.client.create(ConfigMap, configMap('b'));
    await cluster.client.patch(ConfigMap, configMap('a'), { type: 'merge', body: { data: { x: '1' } } });
    await cluster.client.delete(ConfigMap, configMap('a').metadata);
    const seen = [await next(), await next(), await next(), await next()];
    expect(seen.map(brief)).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED a']);
  });

  test('reaches every watcher, in the order of the writes', async () => {
    const cluster = fakeCluster();
    const watches = await Promise.all([openWatch(cluster), openWatch(cluster)]);
    for (const name of ['a', 'b', 'c']) await cluster.client.create(ConfigMap, configMap(name));
    for (const { next } of watches) {
      expect([brief(await next()), brief(await next()), brief(await next())]).toEqual([
        'ADDED a',
        'ADDED b',
        'ADDED c',
      ]);
    }
  });

  test('goes on from the version of a list', async () => {
    const cluster = fakeCluster();
    const first = await cluster.client.create(ConfigMap, configMap('a'));
    await cluster.client.create(ConfigMap, configMap('b'));
    const { next } = await openWatch(cluster, { resourceVersion: first.metadata?.resourceVersion ?? '' });
    expect(brief(await next())).toBe('ADDED b');
  });

  test('sees an object that stops matching as deleted, and one that begins to match as added', async () => {
    const cluster = fakeCluster({ objects: [configMap('a', { on: 'yes' })] });
    const { next } = await openWatch(cluster, { labelSelector: 'on=yes' });
    const label = (on: string) =>
      cluster.client.patch(ConfigMap, configMap('a'), { type: 'merge', body: { metadata: { labels: { on } } } });
    await label('no');
    await label('yes');
    expect([brief(await next()), brief(await next()), brief(await next())]).toEqual([
      'ADDED a',
      'DELETED a',
      'ADDED a',
    ]);
  });

  test('gets 410 once the history is forgotten', async () => {
    const cluster = fakeCluster();
    const made = await cluster.client.create(ConfigMap, configMap('a'));
    cluster.compact();
    const { next } = await openWatch(cluster, { resourceVersion: made.metadata?.resourceVersion ?? '' });
    expect(await next()).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
    expect(await next()).toBeUndefined();
  });

  test('gets bookmarks when it allows them', async () => {
    const cluster = fakeCluster();
    const made = await cluster.client.create(ConfigMap, configMap('a'));
    const version = made.metadata?.resourceVersion ?? '';
    const allowing = await openWatch(cluster, { resourceVersion: version, allowWatchBookmarks: 'true' });
    const other = await openWatch(cluster, { resourceVersion: version });
    cluster.bookmark();
    await cluster.client.create(ConfigMap, configMap('b'));
    expect(await allowing.next()).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { resourceVersion: version } },
    });
    expect(brief(await other.next())).toBe('ADDED b');
  });

  test('says where the initial events end', async () => {
    const query = { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan', allowWatchBookmarks: 'true' };
    const { next } = await openWatch(fakeCluster({ objects: [configMap('a')] }), query);
    expect(brief(await next())).toBe('ADDED a');
    const annotations = { 'k8s.io/initial-events-end': 'true' };
    expect(await next()).toMatchObject({ type: 'BOOKMARK', object: { metadata: { annotations } } });
  });

  test('ends after its timeout, with a bookmark', async () => {
    vi.useFakeTimers();
    const { next } = await openWatch(fakeCluster(), { timeoutSeconds: '60', allowWatchBookmarks: 'true' });
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    expect(brief(await next())).toBe('BOOKMARK ');
    expect(await next()).toBeUndefined();
  });

  test('rejects with the reason of its signal', async () => {
    const aborting = new AbortController();
    const { next } = await openWatch(fakeCluster(), {}, aborting.signal);
    const pending = next();
    aborting.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
  });

  test('breaks when the cluster disconnects or goes down, and requests are refused while it is down', async () => {
    const cluster = fakeCluster();
    const first = await openWatch(cluster);
    cluster.disconnect();
    await expect(first.next()).rejects.toMatchObject({ code: 'ECONNRESET' });
    const second = await openWatch(cluster);
    cluster.down(true);
    await expect(second.next()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(openWatch(cluster)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    cluster.down(false);
    await openWatch(cluster);
  });
});

describe('settle', () => {
  test('waits until each event was taken and the next one is asked for', async () => {
    const cluster = fakeCluster({ objects: [configMap('a')] });
    const { next } = await openWatch(cluster);
    let isSettled = false;
    const settled = cluster.settle().then(() => {
      isSettled = true;
    });
    await next();
    for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done));
    expect(isSettled).toBe(false);
    const waiting = next();
    await settled;
    await cluster.client.create(ConfigMap, configMap('b'));
    expect(brief(await waiting)).toBe('ADDED b');
  });

  test('waits for requests', async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const cluster = fakeCluster({ intercept: (_verb, _resource, _key, next) => gate.then(next) });
    const listed: string[] = [];
    void cluster.client.list(ConfigMap).then(() => listed.push('list'));
    setImmediate(release);
    await cluster.settle();
    expect(listed).toEqual(['list']);
  });

  test('does not wait for watches that are left or aborted', async () => {
    const cluster = fakeCluster({ objects: [configMap('a')] });
    const aborting = new AbortController();
    await openWatch(cluster, {}, aborting.signal);
    const { next, leave } = await openWatch(cluster);
    await next();
    aborting.abort();
    await leave();
    await expect(cluster.settle()).resolves.toBeUndefined();
  });

  test('works under fake timers', async () => {
    vi.useFakeTimers();
    try {
      await expect(fakeCluster().settle()).resolves.toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });
});
