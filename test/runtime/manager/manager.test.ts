import { afterEach, describe, expect, test, vi } from 'vitest';
import { owned } from '../../../src/runtime/controller/sources.js';
import type { Context, Controller } from '../../../src/runtime/controller/types.js';
import { ApiError } from '../../../src/runtime/errors.js';
import { createManager } from '../../../src/runtime/manager/index.js';
import type { Manager, ManagerOptions } from '../../../src/runtime/manager/types.js';
import { sleep } from '../../../src/runtime/time.js';
import { type FakeCluster, type FakeClusterOptions, fakeCluster } from '../../../src/testing/fake/index.js';
import { recordingLogger } from '../../support/log.js';
import { ConfigMap, key, Widget, type WidgetObject, widget } from '../../support/widget.js';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A fake cluster that keeps the verbs of its writes. */
function clusterOf(options: FakeClusterOptions = {}) {
  const writes: string[] = [];
  const cluster = fakeCluster({
    resources: [Widget],
    async intercept(verb, resource, _key, next) {
      if (!/^(get|list|watch)/.test(verb)) writes.push(`${verb} ${resource.plural}`);
      return next();
    },
    ...options,
  });
  return { cluster, writes };
}

/** A manager that is started; it is stopped after the test. */
function start(cluster: FakeCluster, parts: Parameters<Manager['add']>, options: ManagerOptions = {}) {
  const recorded = recordingLogger();
  const manager = createManager({ cluster, log: recorded.log, ...options });
  manager.add(...parts);
  const stop = new AbortController();
  const ended = manager.start(stop.signal);
  ended.catch(() => {});
  const end = (): Promise<void> => {
    stop.abort();
    return ended;
  };
  stops.push(() => end().catch(() => {}));
  return { ...recorded, manager, ended, end, stop };
}

const controllerOf = (
  reconcile: Controller<WidgetObject>['reconcile'],
  part: Partial<Controller<WidgetObject>> = {},
): Controller<WidgetObject> => ({ for: Widget, reconcile, ...part });

/** Makes a ConfigMap of the size, and says so in the status. */
function sizing() {
  const seen: string[] = [];
  const controller = controllerOf(
    async ({ object, key, client, patchStatus }) => {
      seen.push(key.name);
      const size = object.spec?.size ?? 0;
      const edit = (draft: { data?: Record<string, string> }): void => {
        draft.data = { size: String(size) };
      };
      await client.ensure(ConfigMap, key, edit, { owner: object });
      await patchStatus((draft) => {
        draft.status = { size };
      });
    },
    { sources: [owned(ConfigMap)], finalizer: { name: 'test.example.com/cleanup', cleanup: async () => {} } },
  );
  return { controller, seen };
}

describe('an operator', () => {
  test('reconciles what is there, what comes, and what it owns', async () => {
    const { cluster } = clusterOf({ objects: [widget('a', 2)] });
    const { controller } = sizing();
    const { end } = start(cluster, [controller]);
    const data = async (name: string) => (await cluster.client.get(ConfigMap, key(name)))?.data;
    await vi.waitFor(async () => expect(await data('a')).toEqual({ size: '2' }));
    await cluster.client.create(Widget, widget('b', 5));
    await vi.waitFor(async () => expect(await data('b')).toEqual({ size: '5' }));
    await cluster.client.delete(ConfigMap, key('b'));
    await vi.waitFor(async () => expect(await data('b')).toEqual({ size: '5' }));
    await cluster.client.delete(Widget, key('b'));
    await vi.waitFor(async () => expect(await cluster.client.get(Widget, key('b'))).toBeUndefined());
    await end();
  });

  test('is at rest after three reconciles of a change, writes nothing then, and nothing after a restart', async () => {
    const { cluster, writes } = clusterOf({ objects: [widget('a')] });
    const { controller, seen } = sizing();
    const first = start(cluster, [controller]);
    const status = async () => (await cluster.client.get(Widget, key('a')))?.status;
    await vi.waitFor(async () => expect(await status()).toEqual({ size: 1 }));
    await cluster.settle();
    seen.length = writes.length = 0;
    await cluster.client.patch(Widget, widget('a'), { type: 'merge', body: { spec: { size: 2 } } });
    await vi.waitFor(async () => expect(await status()).toEqual({ size: 2 }));
    await cluster.settle();
    expect(seen.length).toBeLessThanOrEqual(3);
    expect(writes).toEqual(['patch widgets', 'patch configmaps', 'patch/status widgets']);
    await first.end();
    seen.length = writes.length = 0;
    start(cluster, [controller]);
    await vi.waitFor(() => expect(seen).toEqual(['a']));
    await cluster.settle();
    expect(writes).toEqual([]);
  });

  test('keeps the finalizer while the cleanup fails, and tries again', async () => {
    const { cluster } = clusterOf({ objects: [widget('a')] });
    let failures = 3;
    const cleanup = vi.fn(async () => {
      if (failures-- > 0) throw new Error('the bucket is not empty');
    });
    const finalizer = { name: 'test.example.com/cleanup', cleanup };
    const { messages } = start(cluster, [controllerOf(async () => {}, { finalizer })]);
    const live = () => cluster.client.get(Widget, key('a'));
    await vi.waitFor(async () => expect((await live())?.metadata?.finalizers).toEqual([finalizer.name]));
    await cluster.client.delete(Widget, key('a'));
    await vi.waitFor(async () => expect(await live()).toBeUndefined());
    expect(messages('error')).toEqual(Array(3).fill('A reconcile failed'));
  });

  test('hears of objects that are gone', async () => {
    const { cluster } = clusterOf({ objects: [widget('a')] });
    const reconcile = vi.fn(async () => {});
    const onGone = vi.fn(async () => {});
    start(cluster, [controllerOf(reconcile, { onGone })]);
    await vi.waitFor(() => expect(reconcile).toHaveBeenCalled());
    await cluster.client.delete(Widget, key('a'));
    await vi.waitFor(() => expect(onGone).toHaveBeenCalledWith(key('a'), expect.anything()));
  });

  test('handles a live edit before the rest of the first list', async () => {
    const { cluster } = clusterOf({ objects: Array.from({ length: 100 }, (_, at) => widget(`w${at}`)) });
    const seen: string[] = [];
    let edited: Promise<unknown> | undefined;
    start(cluster, [
      controllerOf(async ({ key: { name } }) => {
        seen.push(name);
        if (name === 'w99') return;
        edited ??= cluster.client
          .patch(Widget, widget('w99'), { type: 'merge', body: { spec: { size: 9 } } })
          .then(() => cluster.settle());
        await edited;
      }),
    ]);
    await vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(100));
    expect(seen.indexOf('w99')).toBe(1);
  });

  test('goes on after the API server was away', async () => {
    const { cluster } = clusterOf({ objects: [widget('a')] });
    const seen: string[] = [];
    cluster.down(true);
    const { manager } = start(cluster, [controllerOf(async ({ key }) => void seen.push(key.name))]);
    await expect(manager.client.live.get(Widget, key('a'))).rejects.toThrow();
    cluster.down(false);
    await vi.waitFor(() => expect(seen).toEqual(['a']), { timeout: 5000 });
  });

  test('two of them in a process do not disturb each other', async () => {
    const [one, two] = [clusterOf({ objects: [widget('a')] }), clusterOf({ objects: [widget('b')] })];
    const seen: string[] = [];
    const controller = controllerOf(async ({ key }) => void seen.push(key.name));
    const first = start(one.cluster, [controller]);
    const second = start(two.cluster, [controller]);
    await vi.waitFor(() => expect(seen.toSorted()).toEqual(['a', 'b']));
    await first.end();
    await two.cluster.client.create(Widget, widget('c'));
    await vi.waitFor(() => expect(seen).toContain('c'));
    await second.end();
  });
});

describe('start', () => {
  test('says where it runs, and leaves nothing behind', async () => {
    const listeners = process.listenerCount('unhandledRejection');
    const { cluster } = clusterOf();
    const { end, lines, messages } = start(cluster, [controllerOf(async () => {})]);
    expect(process.listenerCount('unhandledRejection')).toBe(listeners + 1);
    await cluster.settle();
    await end();
    expect(process.listenerCount('unhandledRejection')).toBe(listeners);
    expect(lines[0]).toMatchObject({ message: 'Starting the manager', server: '', source: 'the option `cluster`' });
    expect(messages('info').at(-1)).toBe('The manager has stopped');
  });

  test('twice is refused, and so is a controller that comes later', async () => {
    const { manager, end } = start(clusterOf().cluster, []);
    await expect(manager.start()).rejects.toThrow('must be started once only');
    expect(() => manager.add(controllerOf(async () => {}))).toThrow('but the manager has started');
    await end();
  });

  test('with a signal that has aborted ends at once', async () => {
    const { cluster } = clusterOf({ objects: [widget('a')] });
    const reconcile = vi.fn(async () => {});
    const manager = createManager({ cluster, log: recordingLogger().log }).add(controllerOf(reconcile));
    await manager.start(AbortSignal.abort());
    expect(reconcile).not.toHaveBeenCalled();
  });

  test('fails when a kind is not served, and says which', async () => {
    const { ended } = start(fakeCluster(), [controllerOf(async () => {}, { cacheSyncTimeout: 50 })]);
    await expect(ended).rejects.toThrow(
      /^Controller `widget` must have its caches within 50 ms \(cacheSyncTimeout\), but widgets\.test\.example\.com: .+/,
    );
  });

  test.each([Number.POSITIVE_INFINITY, 2 ** 31])('waits for the first lists for %d ms', async (cacheSyncTimeout) => {
    const { cluster } = clusterOf({
      objects: [widget('a')],
      intercept: async (verb, _resource, _key, next) => sleep(verb === 'list' ? 50 : 0).then(next),
    });
    const reconcile = vi.fn(async () => {});
    start(cluster, [controllerOf(reconcile, { cacheSyncTimeout })]);
    await vi.waitFor(() => expect(reconcile).toHaveBeenCalled());
  });

  test('waits for caches before it reads, and refuses reads before it', async () => {
    const { cluster } = clusterOf({ objects: [widget('a')] });
    const manager = createManager({ cluster, log: recordingLogger().log });
    await expect(manager.client.get(Widget, key('a'))).rejects.toThrow('cache must have started');
    await expect(manager.client.ensure(Widget, key('a'), () => {})).rejects.toThrow('cache must have started');
    expect((await manager.client.live.get(Widget, key('a')))?.spec).toEqual({ size: 1 });
  });

  test('serves an index', async () => {
    const { cluster } = clusterOf({ objects: [widget('a', 1), widget('b', 2)] });
    const { manager } = start(cluster, [controllerOf(async () => {})]);
    expect(manager.index(Widget, 'spec.other', () => [])).toBe(manager);
    const sized = createManager({ cluster, log: recordingLogger().log }).index(Widget, 'spec.size', ({ spec }) => [
      String(spec?.size),
    ]);
    const stop = new AbortController();
    const ended = sized.start(stop.signal);
    const found = await sized.client.list(Widget, { fields: { 'spec.size': '2' } });
    expect(found.map(({ metadata }) => metadata?.name)).toEqual(['b']);
    stop.abort();
    await ended;
  });
});

describe('add', () => {
  test('refuses two controllers of one name', () => {
    const manager = createManager({ cluster: clusterOf().cluster });
    manager.add(controllerOf(async () => {}));
    expect(() => manager.add(controllerOf(async () => {}))).toThrow('two are called `widget`: give one a `name`');
    expect(() => manager.add(controllerOf(async () => {}, { name: 'other' }))).not.toThrow();
  });

  test('refuses what is neither controller nor runnable', () => {
    const manager = createManager({ cluster: clusterOf().cluster });
    expect(() => manager.add({} as never)).toThrow('must be a controller or have a function `start`');
    expect(() => manager.add({ for: Widget } as never)).toThrow('must have a function `reconcile`');
    expect(() => manager.add(undefined as never)).toThrow('but is neither');
  });

  test('takes runnables, which run with the controllers, or at once after the start', async () => {
    const seen: string[] = [];
    const runnable = (name: string) => ({
      name,
      async start(signal: AbortSignal) {
        seen.push(`${name} starts`);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        seen.push(`${name} ends`);
      },
    });
    const { manager, end } = start(clusterOf().cluster, [runnable('first')]);
    await vi.waitFor(() => expect(seen).toEqual(['first starts']));
    manager.add(runnable('second'));
    expect(seen).toEqual(['first starts', 'second starts']);
    await end();
    expect(seen.slice(2)).toEqual(['first ends', 'second ends']);
  });

  test('takes nothing after the stop', async () => {
    const { manager, end } = start(clusterOf().cluster, []);
    await end();
    expect(() => manager.add({ start: async () => {} })).toThrow('but it has stopped');
  });

  test('takes an instance of a class, and fills in the options of the manager', async () => {
    class Widgets implements Controller<WidgetObject> {
      readonly for = Widget;
      readonly seen: string[] = [];
      async reconcile({ key }: Context<WidgetObject>): Promise<void> {
        this.seen.push(key.name);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    const widgets = new Widgets();
    const { cluster } = clusterOf({ objects: Array.from({ length: 20 }, (_, at) => widget(`w${at}`)) });
    const warned = vi.fn();
    process.on('warning', warned);
    start(cluster, [widgets], { controller: { concurrency: 20 } });
    await vi.waitFor(() => expect(widgets.seen).toHaveLength(20));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });

  test('ends the manager when a runnable fails, after the stop', async () => {
    const failing = {
      start: () => {
        throw new Error('no disk');
      },
    };
    const { ended, messages } = start(clusterOf().cluster, [failing, controllerOf(async () => {})]);
    await expect(ended).rejects.toThrow('no disk');
    expect(messages().at(-1)).toBe('The manager has stopped');
  });
});

describe('the stop', () => {
  /** A manager whose only reconcile runs and ends with `release`. */
  async function busy(options: ManagerOptions) {
    const { cluster } = clusterOf({ objects: [widget('a')] });
    let release = (): void => {};
    let aborted: boolean | undefined;
    const reconcile = vi.fn(async ({ signal }: { signal: AbortSignal }) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      aborted = signal.aborted;
    });
    const running = start(cluster, [controllerOf(reconcile)], options);
    await vi.waitFor(() => expect(reconcile).toHaveBeenCalledOnce());
    return { ...running, cluster, release: () => release(), wasAborted: () => aborted };
  }

  test('waits for a reconcile, whose signal aborts at once', async () => {
    const { stop, ended, release, wasAborted, messages } = await busy({});
    stop.abort();
    await new Promise((resolve) => setImmediate(resolve));
    expect(messages()).not.toContain('The manager has stopped');
    release();
    await ended;
    expect(wasAborted()).toBe(true);
  });

  test('ends a read that waits for a kind it may not list', async () => {
    const { cluster } = clusterOf({
      objects: [widget('a')],
      intercept: async (_verb, { kind }, _key, next) =>
        kind === 'ConfigMap' ? Promise.reject(new ApiError(403, { message: 'no', reason: 'Forbidden' })) : next(),
    });
    const reconcile = vi.fn<Controller<WidgetObject>['reconcile']>(async ({ client, key }) => {
      await client.get(ConfigMap, key);
    });
    const { end, messages } = start(cluster, [controllerOf(reconcile)]);
    await vi.waitFor(() => expect(messages('error')).toEqual(['A kind cannot be watched']));
    await end();
    expect(messages('debug')).toContain('A reconcile ended with the stop');
  });

  test('gives up on one that never settles, and says which', async () => {
    const { end } = await busy({ gracefulShutdownTimeout: 30 });
    await expect(end()).rejects.toThrow(
      'must end within 30 ms of the stop (gracefulShutdownTimeout), but these still run: controller widget default/a',
    );
  });

  test('waits for nothing when the time for it is 0', async () => {
    const { end } = await busy({ gracefulShutdownTimeout: 0 });
    await end();
  });

  test('writes the events that are left', async () => {
    const { cluster, writes } = clusterOf({ objects: [widget('a')] });
    const reconcile = vi.fn<Controller<WidgetObject>['reconcile']>(async ({ object, events, signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      events.emit(object, { type: 'Normal', reason: 'Stopped', action: 'Reconcile', note: 'the operator stops' });
    });
    const { end } = start(cluster, [controllerOf(reconcile)]);
    await vi.waitFor(() => expect(reconcile).toHaveBeenCalledOnce());
    await end();
    expect(writes).toEqual(['create events']);
  });

  test('ends the watches', async () => {
    const { cluster } = clusterOf({ objects: [widget('a')] });
    const reconcile = vi.fn(async () => {});
    const { end } = start(cluster, [controllerOf(reconcile)]);
    await vi.waitFor(() => expect(reconcile).toHaveBeenCalledTimes(1));
    await end();
    await cluster.client.create(Widget, widget('b'));
    await cluster.settle();
    expect(reconcile).toHaveBeenCalledTimes(1);
  });
});

describe('health', () => {
  test('is ready once the first lists are there, and ends with the manager', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { cluster } = clusterOf({
      objects: [widget('a')],
      async intercept(verb, _resource, _key, next) {
        if (verb === 'list') await held;
        return next();
      },
    });
    const { manager, lines, end } = start(cluster, [controllerOf(async () => {})], {
      health: { bindAddress: '127.0.0.1:0' },
    });
    manager.healthz('mine', () => {}).readyz('other', () => {});
    const line = await vi.waitFor(() => lines.find(({ message }) => message === 'Health checks answer') ?? fail());
    const get = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${line.port}${path}`);
      return [answer.status, await answer.text()];
    };
    expect(await get('/healthz')).toEqual([200, 'ok']);
    expect(await get('/healthz/mine')).toEqual([200, 'ok']);
    expect(await get('/readyz')).toEqual([
      500,
      '[-]cache-synced failed: reason withheld\n[+]event-loop ok\n[+]other ok\nreadyz check failed\n',
    ]);
    release();
    await vi.waitFor(async () => expect(await get('/readyz')).toEqual([200, 'ok']));
    cluster.down(true);
    expect(await get('/readyz')).toEqual([200, 'ok']);
    cluster.down(false);
    await end();
    await expect(get('/healthz')).rejects.toThrow();
  });
});

function fail(): never {
  throw new Error('not there yet');
}
