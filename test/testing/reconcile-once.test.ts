import { describe, expect, test, vi } from 'vitest';
import type { Context, Controller } from '../../src/runtime/controller/types.js';
import { ApiError } from '../../src/runtime/errors.js';
import { fakeCluster } from '../../src/testing/fake/index.js';
import { reconcileOnce } from '../../src/testing/reconcile-once.js';
import { ConfigMap, key, Widget, type WidgetObject, widget } from '../support/widget.js';

const finalizerName = 'test.example.com/cleanup';
const held = { finalizers: [finalizerName] };
const deleted = { ...held, deletionTimestamp: '2030-01-01T00:00:00Z' };

/** A fake cluster with these objects that keeps the verbs of its writes. */
function clusterOf(...objects: WidgetObject[]) {
  const writes: string[] = [];
  const cluster = fakeCluster({
    objects,
    resources: [Widget],
    async intercept(verb, resource, _key, next) {
      if (!/^(get|list|watch)/.test(verb)) writes.push(`${verb} ${resource.plural}`);
      return next();
    },
  });
  const live = (name = 'w') => cluster.client.get(Widget, key(name));
  return { cluster, writes, live };
}

const controllerOf = (
  reconcile: Controller<WidgetObject>['reconcile'],
  part: Partial<Controller<WidgetObject>> = {},
): Controller<WidgetObject> => ({ for: Widget, reconcile, ...part });

describe('an object', () => {
  test('is reconciled, and the result comes back', async () => {
    const { cluster } = clusterOf(widget('w', 3));
    const sizes: unknown[] = [];
    const controller = controllerOf(async ({ object, key }) => {
      sizes.push([key, object.spec?.size]);
      return { requeueAfter: 1000 };
    });
    expect(await reconcileOnce(controller, cluster, key('w'))).toEqual({ requeueAfter: 1000 });
    expect(sizes).toEqual([[key('w'), 3]]);
  });

  test('that is gone goes to onGone, and is nothing without it', async () => {
    const { cluster } = clusterOf();
    const reconcile = vi.fn(async () => {});
    const onGone = vi.fn(async () => ({ requeueAfter: 5 }));
    expect(await reconcileOnce(controllerOf(reconcile, { onGone }), cluster, key('w'))).toEqual({ requeueAfter: 5 });
    expect(onGone).toHaveBeenCalledWith(key('w'), expect.objectContaining({ key: key('w') }));
    expect(await reconcileOnce(controllerOf(reconcile), cluster, key('w'))).toBeUndefined();
    expect(reconcile).not.toHaveBeenCalled();
  });

  test('that is being deleted is reconciled too, without a finalizer of the controller', async () => {
    const { cluster } = clusterOf(widget('w', 1, { ...deleted, finalizers: ['other.example.com/x'] }));
    const reconcile = vi.fn(async () => {});
    await reconcileOnce(controllerOf(reconcile), cluster, key('w'));
    expect(reconcile).toHaveBeenCalledOnce();
  });

  test.each<[string, () => Promise<void>]>([
    ['an error', () => JSON.parse('{')],
    [
      'no error',
      () => {
        throw 'text';
      },
    ],
  ])('of which the reconcile throws %s rejects', async (_what, reconcile) => {
    const { cluster } = clusterOf(widget('w'));
    await expect(reconcileOnce(controllerOf(reconcile), cluster, key('w'))).rejects.toBeDefined();
  });
});

describe('the finalizer', () => {
  const withFinalizer = (
    cleanup: (ctx: Context<WidgetObject>) => Promise<{ requeueAfter?: number } | undefined>,
    reconcile: Controller<WidgetObject>['reconcile'] = async () => {},
  ) => controllerOf(reconcile, { finalizer: { name: finalizerName, cleanup } });
  const nothing = async (): Promise<undefined> => undefined;

  test('is there before reconcile sees the object, in the same pass', async () => {
    const { cluster, writes, live } = clusterOf(widget('w', 1, { finalizers: ['other.example.com/x'] }));
    const seen: unknown[] = [];
    const controller = withFinalizer(nothing, async ({ object }) => void seen.push(object.metadata));
    await reconcileOnce(controller, cluster, key('w'));
    const stored = await live();
    expect(stored?.metadata?.finalizers).toEqual(['other.example.com/x', finalizerName]);
    expect(seen).toEqual([stored?.metadata]);
    await reconcileOnce(controller, cluster, key('w'));
    expect(writes).toEqual(['patch widgets']);
  });

  test('goes after the cleanup, and with it the object', async () => {
    const { cluster, live } = clusterOf(widget('w', 1, deleted));
    const reconcile = vi.fn(async () => {});
    const cleanup = vi.fn(nothing);
    await reconcileOnce(withFinalizer(cleanup, reconcile), cluster, key('w'));
    expect(await live()).toBeUndefined();
    expect([cleanup.mock.calls.length, reconcile.mock.calls.length]).toEqual([1, 0]);
  });

  test('stays when the cleanup throws', async () => {
    const { cluster, live } = clusterOf(widget('w', 1, deleted));
    const controller = withFinalizer(async () => Promise.reject(new Error('the bucket is not empty')));
    await expect(reconcileOnce(controller, cluster, key('w'))).rejects.toThrow('the bucket is not empty');
    expect((await live())?.metadata?.finalizers).toEqual([finalizerName]);
  });

  test('stays when the cleanup asks to be called again', async () => {
    const { cluster, live } = clusterOf(widget('w', 1, deleted));
    const result = await reconcileOnce(
      withFinalizer(async () => ({ requeueAfter: 50 })),
      cluster,
      key('w'),
    );
    expect(result).toEqual({ requeueAfter: 50 });
    expect((await live())?.metadata?.finalizers).toEqual([finalizerName]);
  });

  test.each([Number.NaN, -1])('stays when the cleanup asks for a time that is none: %d', async (requeueAfter) => {
    const { cluster, writes } = clusterOf(widget('w', 1, deleted));
    const finalizer = { name: finalizerName, cleanup: async () => ({ requeueAfter }) };
    const pass = reconcileOnce(
      controllerOf(async () => {}, { finalizer }),
      cluster,
      key('w'),
    );
    await expect(pass).rejects.toThrow('`requeueAfter` must be milliseconds from 0 on');
    expect(writes).toEqual([]);
  });

  test('of others leaves the object alone once its own is gone', async () => {
    const { cluster, writes } = clusterOf(widget('w', 1, { ...deleted, finalizers: ['other.example.com/x'] }));
    const [cleanup, reconcile] = [vi.fn(nothing), vi.fn(async () => {})];
    await reconcileOnce(withFinalizer(cleanup, reconcile), cluster, key('w'));
    expect([cleanup.mock.calls, reconcile.mock.calls, writes]).toEqual([[], [], []]);
  });

  test('goes although the cleanup changed its private copy', async () => {
    const { cluster, live } = clusterOf(widget('w', 1, deleted));
    const controller = withFinalizer(async ({ object }) => {
      object.metadata = {};
      return undefined;
    });
    await reconcileOnce(controller, cluster, key('w'));
    expect(await live()).toBeUndefined();
  });

  test('that another writer changed meanwhile is a conflict', async () => {
    const { cluster } = clusterOf(widget('w', 1, { ...deleted, finalizers: ['other.example.com/x', finalizerName] }));
    const controller = withFinalizer(async ({ client, object }) => {
      await client.patch(Widget, object, (draft) => {
        draft.metadata = { ...draft.metadata, finalizers: [finalizerName] };
      });
      return undefined;
    });
    const error = await reconcileOnce(controller, cluster, key('w')).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error instanceof ApiError && error.isConflict).toBe(true);
  });
});

describe('patchStatus', () => {
  test('sends one patch of the status, and nothing when nothing changes', async () => {
    const { cluster, writes, live } = clusterOf(widget('w', 3));
    const controller = controllerOf(async ({ object, patchStatus }) => {
      await patchStatus((draft) => {
        draft.status = { size: object.spec?.size ?? 0 };
      });
    });
    await reconcileOnce(controller, cluster, key('w'));
    await reconcileOnce(controller, cluster, key('w'));
    expect(writes).toEqual(['patch/status widgets']);
    expect(await live()).toMatchObject({ spec: { size: 3 }, status: { size: 3 } });
  });

  test('refuses an edit of anything else', async () => {
    const { cluster, writes } = clusterOf(widget('w', 3));
    const controller = controllerOf(async ({ patchStatus }) => {
      await patchStatus((draft) => {
        draft.status = { size: 3 };
        draft.spec = { size: 99 };
      });
    });
    await expect(reconcileOnce(controller, cluster, key('w'))).rejects.toThrow('but it changes `spec`');
    expect(writes).toEqual([]);
  });

  test('builds on its own writes, also when nobody waits between them', async () => {
    const { cluster, live } = clusterOf(widget('w'));
    const results: unknown[] = [];
    const controller = controllerOf(async ({ patchStatus }) => {
      const add = (draft: WidgetObject): void => {
        draft.status = { ...draft.status, seen: (draft.status?.seen ?? 0) + 1 };
      };
      const all = await Promise.all([patchStatus(add), patchStatus(add), patchStatus(add)]);
      results.push(...all.map(({ status }) => status?.seen));
    });
    await reconcileOnce(controller, cluster, key('w'));
    expect(results).toEqual([1, 2, 3]);
    expect((await live())?.status).toEqual({ seen: 3 });
  });

  test('takes a member away, and knows no conflict', async () => {
    const { cluster, live } = clusterOf({ ...widget('w'), status: { size: 1, seen: 2 } });
    const controller = controllerOf(async ({ client, object, patchStatus }) => {
      await client.patch(Widget, object, (draft) => {
        draft.spec = { size: 8 };
      });
      await patchStatus((draft) => {
        delete draft.status?.seen;
      });
    });
    await reconcileOnce(controller, cluster, key('w'));
    expect(await live()).toMatchObject({ spec: { size: 8 }, status: { size: 1 } });
    expect((await live())?.status).not.toHaveProperty('seen');
  });

  test('refuses an edit that is not done when it returns', async () => {
    const { cluster } = clusterOf(widget('w'));
    const controller = controllerOf(async ({ patchStatus }) => {
      await patchStatus(async () => Promise.reject(new Error('unseen')));
    });
    await expect(reconcileOnce(controller, cluster, key('w'))).rejects.toThrow('An edit must be synchronous');
  });

  test('a failed write does not spoil the next one', async () => {
    const { cluster, live } = clusterOf(widget('w'));
    const controller = controllerOf(async ({ patchStatus }) => {
      await patchStatus(() => {
        throw new Error('broken edit');
      }).catch(() => {});
      await patchStatus((draft) => {
        draft.status = { seen: 1 };
      });
    });
    await reconcileOnce(controller, cluster, key('w'));
    expect((await live())?.status).toEqual({ seen: 1 });
  });
});

test('the object is private, events are written, and children get their owner', async () => {
  const { cluster } = clusterOf(widget('w'));
  const controller = controllerOf(async ({ object, client, events }) => {
    await client.ensure(
      ConfigMap,
      key('w'),
      (draft) => {
        draft.data = { size: String(object.spec?.size) };
      },
      { owner: object },
    );
    object.spec = { size: 7 };
    events.emit(object, { type: 'Normal', reason: 'Done', action: 'Reconcile', note: 'all is well' });
  });
  await reconcileOnce(controller, cluster, key('w'));
  expect((await cluster.client.get(Widget, key('w')))?.spec).toEqual({ size: 1 });
  const child = await cluster.client.get(ConfigMap, key('w'));
  expect(child?.metadata?.ownerReferences).toMatchObject([{ kind: 'Widget', name: 'w', controller: true }]);
  const written = await cluster.client.list({
    group: 'events.k8s.io',
    version: 'v1',
    kind: 'Event',
    plural: 'events',
    namespaced: true,
  });
  expect(written).toMatchObject([{ reason: 'Done', reportingController: 'widget' }]);
});
