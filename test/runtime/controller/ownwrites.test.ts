import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Informer } from '../../../src/runtime/cache/types.js';
import type { Cluster, ClusterResponse } from '../../../src/runtime/cluster.js';
import { createOwnWrites } from '../../../src/runtime/controller/ownwrites.js';
import { changed } from '../../../src/runtime/controller/predicates.js';
import type { Controller, Source, SourceQueue } from '../../../src/runtime/controller/types.js';
import { createManager } from '../../../src/runtime/manager/index.js';
import type { K8sObject } from '../../../src/runtime/resource.js';
import { fakeCluster } from '../../../src/testing/fake/index.js';
import { recordingLogger } from '../../support/log.js';
import { key, Widget, type WidgetObject, widget } from '../../support/widget.js';

let end = async (): Promise<void> => {};
afterEach(() => end());

/** A controller of the Widget `a`, woken by the test alone, whose watches bring nothing from `hold` to `release`. */
function start(part: Pick<Controller<WidgetObject>, 'reconcile'> & Partial<Controller<WidgetObject>>) {
  const writes: string[] = [];
  const fake = fakeCluster({
    resources: [Widget],
    objects: [widget('a')],
    async intercept(verb, _resource, _key, next) {
      if (!/^(get|list|watch)/.test(verb)) writes.push(verb);
      return next();
    },
  });
  let gate = Promise.resolve();
  let release = (): void => {};
  const hold = (): void => {
    gate = new Promise((resolve) => {
      release = resolve;
    });
  };
  async function* held(body: ClusterResponse['body']) {
    for await (const chunk of body) {
      await gate;
      yield chunk;
    }
  }
  const cluster: Cluster = {
    async request(request) {
      const answer = await fake.request(request);
      return request.query?.watch === 'true' ? { ...answer, body: held(answer.body) } : answer;
    },
  };
  let queue: SourceQueue | undefined;
  const tap: Source = {
    start: async (q) => {
      queue = q;
    },
  };
  const { log, messages } = recordingLogger();
  const stop = new AbortController();
  const ended = createManager({ cluster, log })
    .add({ for: Widget, where: changed.generation, sources: [tap], ...part })
    .start(stop.signal);
  end = async () => {
    release();
    stop.abort();
    await ended;
  };
  const live = () => fake.client.get(Widget, key('a'));
  return { fake, live, hold, release: () => release(), wake: () => queue?.add(key('a')), messages, writes };
}

test('a status that the watch has not brought yet is not taken for an old one', async () => {
  let size = 0;
  const reconcile = vi.fn<Controller<WidgetObject>['reconcile']>(async ({ patchStatus }) => {
    await patchStatus((draft) => {
      draft.status = { size };
    });
  });
  const { live, hold, release, wake, writes } = start({ reconcile });
  const status = async () => (await live())?.status?.size;
  await vi.waitFor(async () => expect(await status()).toBe(0));
  hold();
  for (const next of [1, 0, 2, 0]) {
    size = next;
    wake();
    await vi.waitFor(async () => expect(await status()).toBe(next));
  }
  const sent = writes.length;
  release();
  const calls = reconcile.mock.calls.length;
  wake();
  await vi.waitFor(() => expect(reconcile.mock.calls.length).toBeGreaterThan(calls));
  expect([await status(), writes.length]).toEqual([0, sent]);
});

test('a finalizer that the watch has not brought yet is neither added nor cleaned up again', async () => {
  const cleanup = vi.fn(async () => {});
  const reconcile = vi.fn(async () => {});
  const finalizer = { name: 'test.example.com/cleanup', cleanup };
  const { fake, live, hold, release, wake, messages, writes } = start({ reconcile, finalizer });
  hold();
  await vi.waitFor(() => expect(reconcile).toHaveBeenCalledTimes(1));
  wake();
  await vi.waitFor(() => expect(reconcile).toHaveBeenCalledTimes(2));
  expect(writes).toEqual(['patch']);

  release();
  await fake.client.delete(Widget, key('a'));
  await vi.waitFor(() => expect(cleanup).toHaveBeenCalled());
  hold();
  await vi.waitFor(async () => expect(await live()).toBeUndefined());
  wake();
  await fake.settle();
  release();
  expect(cleanup).toHaveBeenCalledOnce();
  expect(messages()).not.toContain('A reconcile met a conflict');
});

test('an object that is gone, which the watch has not brought yet, is no failure', async () => {
  const onGone = vi.fn(async () => {});
  let size = 0;
  const reconcile = vi.fn<Controller<WidgetObject>['reconcile']>(async ({ patchStatus }) => {
    await patchStatus((draft) => {
      draft.status = { size: size++ };
    });
  });
  const { fake, hold, release, wake, messages } = start({ reconcile, onGone });
  await vi.waitFor(() => expect(reconcile).toHaveBeenCalled());
  hold();
  await fake.client.delete(Widget, key('a'));
  wake();
  await vi.waitFor(() => expect(messages('debug')).toContain('A reconcile met an object that is gone'));
  release();
  await vi.waitFor(() => expect(onGone).toHaveBeenCalled());
  expect(messages('error')).toEqual([]);
});

describe('what is remembered', () => {
  const informerOf = (object: WidgetObject) => {
    const informer = { get: () => object, addHandler: () => () => {} };
    return informer as unknown as Informer<K8sObject>;
  };
  const state = (resourceVersion: string, finalizers?: string[]) =>
    widget('a', 1, { uid: 'u', resourceVersion, ...(finalizers && { finalizers }) });

  function newest(cached: WidgetObject, answer: WidgetObject): WidgetObject | undefined {
    const writes = createOwnWrites();
    writes.follow(informerOf(cached), new AbortController().signal);
    writes.remember(answer);
    return writes.newest(cached);
  }

  test('is an answer that the cache has yet to bring', () => {
    const [cached, later] = [state('9'), state('10')];
    expect(newest(cached, later)).toBe(later);
    const [held, freed] = [state('9', ['x']), state('9')];
    expect(newest(held, freed), 'the last finalizer goes without a new version').toBe(freed);
  });

  test('is nothing where the watch was faster than the answer, so that no second copy of every object stays', () => {
    const cached = state('10', ['x']);
    expect(newest(cached, state('10', ['x']))).toBe(cached);
    expect(newest(cached, state('9', ['x']))).toBe(cached);
  });
});
