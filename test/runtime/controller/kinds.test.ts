import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ConfigError, defineResource } from '../../../src/runtime/index.js';
import { createManager } from '../../../src/runtime/manager/index.js';
import type { ManagerOptions } from '../../../src/runtime/manager/types.js';
import { metrics } from '../../../src/runtime/metrics/index.js';
import { fakeCluster } from '../../../src/testing/fake/index.js';
import { recordingLogger } from '../../support/log.js';
import { ConfigMap, Widget, type WidgetObject, widget } from '../../support/widget.js';
import { parseExposition, valueIn } from '../metrics/exposition.js';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];

/** How many of six objects a controller works on at once. */
async function mostAtOnce(controller: ManagerOptions['controller'], own?: { concurrency: number }): Promise<number> {
  let [running, most] = [0, 0];
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const stop = managerWith(
    controller,
    async () => {
      most = Math.max(most, ++running);
      await finished;
    },
    own,
  );
  await vi.waitFor(() => expect(running).toBeGreaterThan(0));
  await new Promise((resolve) => setTimeout(resolve, 50));
  finish();
  await stop();
  return most;
}

function managerWith(
  controller: ManagerOptions['controller'],
  reconcile: () => Promise<void>,
  own: { concurrency?: number } = {},
): () => Promise<void> {
  const cluster = fakeCluster({ objects: names.map((name) => widget(name)), resources: [Widget] });
  const manager = createManager({ cluster, log: recordingLogger().log, ...(controller && { controller }) });
  manager.add({ for: Widget, reconcile, ...own });
  const abort = new AbortController();
  const ended = manager.start(abort.signal);
  ended.catch(() => {});
  const stop = (): Promise<void> => {
    abort.abort();
    return ended;
  };
  onTestFinished(() => stop().catch(() => {}));
  return stop;
}

describe('kindConcurrency', () => {
  test.each<[string, NonNullable<ManagerOptions['controller']>, { concurrency: number } | undefined, number]>([
    ['counts for the kind', { kindConcurrency: { 'Widget.test.example.com': 3 } }, undefined, 3],
    ['comes before that of all', { concurrency: 2, kindConcurrency: { 'Widget.test.example.com': 3 } }, undefined, 3],
    [
      'comes after that of the controller',
      { kindConcurrency: { 'Widget.test.example.com': 3 } },
      { concurrency: 2 },
      2,
    ],
    ['may be empty', { concurrency: 2, kindConcurrency: {} }, undefined, 2],
  ])('%s', async (_what, shared, own, expected) => {
    expect(await mostAtOnce(shared, own)).toBe(expected);
    const families = parseExposition(await metrics.registry.metrics());
    expect(valueIn(families, 'controller_runtime_max_concurrent_reconciles', { controller: 'widget' })).toBe(expected);
  });

  test('names kinds of the core group without a dot, and kinds whatever their version', async () => {
    const cluster = fakeCluster({ resources: [Widget] });
    const manager = createManager({
      cluster,
      log: recordingLogger().log,
      controller: { kindConcurrency: { ConfigMap: 4, 'Widget.test.example.com': 5 } },
    });
    const alpha = defineResource<WidgetObject>({ group: 'test.example.com', version: 'v1alpha1', kind: 'Widget' });
    manager.add(
      { name: 'kinds-core', for: ConfigMap, reconcile: async () => {} },
      { name: 'kinds-v1', for: Widget, reconcile: async () => {} },
      { name: 'kinds-alpha', for: alpha, reconcile: async () => {} },
    );
    const abort = new AbortController();
    const ended = manager.start(abort.signal);
    const most = async (controller: string) =>
      valueIn(parseExposition(await metrics.registry.metrics()), 'controller_runtime_max_concurrent_reconciles', {
        controller,
      });
    await vi.waitFor(async () => expect(await most('kinds-core')).toBe(4));
    expect([await most('kinds-v1'), await most('kinds-alpha')]).toEqual([5, 5]);
    abort.abort();
    await ended;
  });

  test.each<[Record<string, number>, string]>([
    [{ 'Widget.test.example.com': 0 }, 'must have whole numbers from 1 on, but `Widget.test.example.com` has 0'],
    [{ A: 1.5, B: 2, C: Number.NaN }, 'but `A` has 1.5 and `C` has NaN'],
    [{ A: '4' as unknown as number }, 'but `A` has "4"'],
  ])('%j is refused by createManager', (kindConcurrency, message) => {
    const make = () => createManager({ cluster: fakeCluster(), controller: { kindConcurrency } });
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });

  test.each<[Record<string, number>, string]>([
    [
      { 'Widgets.test.example.com': 2, 'Widget.test.example.com': 1, Pod: 3 },
      '`kindConcurrency` must name kinds that have a controller, but has `Widgets.test.example.com`, `Pod`, and the controllers are for `Widget.test.example.com`. hint: did you mean `Widget.test.example.com`?',
    ],
    [{ Widget: 2 }, 'but has `Widget`, and the controllers are for `Widget.test.example.com`'],
    [{ constructor: 2 }, 'but has `constructor`'],
  ])('%j, of which no controller is, is refused at the start', async (kindConcurrency, message) => {
    const stop = managerWith({ kindConcurrency }, async () => {});
    const ended = stop();
    await expect(ended).rejects.toThrow(ConfigError);
    await expect(ended).rejects.toThrow(message);
  });
});

test('a default for all controllers is checked as that of one', () => {
  const manager = createManager({ cluster: fakeCluster(), controller: { concurrency: 0 } });
  expect(() => manager.add({ for: Widget, reconcile: async () => {} })).toThrow(
    '`concurrency` of controller `widget` must be a whole number from 1 on, but is 0',
  );
});
