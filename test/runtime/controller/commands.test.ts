import { afterEach, expect, test, vi } from 'vitest';
import { isPaused, pausedAnnotation, reconcileAtAnnotation } from '../../../src/runtime/controller/commands.js';
import { changed } from '../../../src/runtime/controller/predicates.js';
import type { Controller } from '../../../src/runtime/controller/types.js';
import { createManager } from '../../../src/runtime/manager/index.js';
import { fakeCluster, reconcileOnce } from '../../../src/testing/index.js';
import { recordingLogger } from '../../support/log.js';
import { key, Widget, type WidgetObject, widget } from '../../support/widget.js';

let end = async (): Promise<void> => {};
afterEach(() => end());

function start(
  part: Partial<Controller<WidgetObject>> & Pick<Controller<WidgetObject>, 'reconcile'>,
  object = widget('a'),
) {
  const fake = fakeCluster({ resources: [Widget], objects: [object] });
  const { log, messages } = recordingLogger();
  const stop = new AbortController();
  const ended = createManager({ cluster: fake, log })
    .add({ for: Widget, where: changed.generation, ...part })
    .start(stop.signal);
  end = async () => {
    stop.abort();
    await ended;
  };
  const annotate = (annotations: Record<string, string | null>) =>
    fake.client.patch(Widget, widget('a'), { type: 'merge', body: { metadata: { annotations } } });
  return { fake, annotate, messages };
}

const paused = widget('a', 1, { annotations: { [pausedAnnotation]: 'true' } });

test('a paused object is left alone until the annotation goes, whatever the controller filters', async () => {
  const reconcile = vi.fn(async () => {});
  const { fake, annotate, messages } = start({ reconcile }, paused);
  await vi.waitFor(() => expect(messages('debug')).toContain('The object is paused, so it is left alone'));
  await fake.client.patch(Widget, widget('a'), { type: 'merge', body: { spec: { size: 2 } } });
  await vi.waitFor(() => expect(messages('debug').length).toBeGreaterThan(1));
  expect(reconcile).not.toHaveBeenCalled();
  await annotate({ [pausedAnnotation]: null });
  await vi.waitFor(() => expect(reconcile).toHaveBeenCalledTimes(1));
});

test('the deletion of a paused object waits too', async () => {
  const cleanup = vi.fn(async () => {});
  const finalizer = 'test.example.com/cleanup';
  const object = { ...paused, metadata: { ...paused.metadata, finalizers: [finalizer] } };
  const { fake, annotate, messages } = start(
    { reconcile: async () => {}, finalizer: { name: finalizer, cleanup } },
    object,
  );
  await vi.waitFor(() => expect(messages('debug').length).toBe(1));
  await fake.client.delete(Widget, key('a'));
  await vi.waitFor(() => expect(messages('debug').length).toBe(2));
  expect(cleanup).not.toHaveBeenCalled();
  await annotate({ [pausedAnnotation]: 'false' });
  await vi.waitFor(() => expect(cleanup).toHaveBeenCalledTimes(1));
  await vi.waitFor(async () => expect(await fake.client.get(Widget, key('a'))).toBeUndefined());
});

test('a change of reconcile-at reconciles at once, also while the key waits after failures', async () => {
  let isBroken = true;
  const reconcile = vi.fn(async () => {
    if (isBroken) throw new Error('broken');
  });
  const { annotate } = start({ reconcile, rateLimiter: { when: () => 3_600_000, forget() {}, requeues: () => 0 } });
  await vi.waitFor(() => expect(reconcile).toHaveBeenCalledTimes(1));
  isBroken = false;
  await annotate({ [reconcileAtAnnotation]: 'now' });
  await vi.waitFor(() => expect(reconcile).toHaveBeenCalledTimes(2));
  await annotate({ other: 'x' });
  await annotate({ [reconcileAtAnnotation]: 'again' });
  await vi.waitFor(() => expect(reconcile).toHaveBeenCalledTimes(3));
});

test('only the text true pauses, also in a single pass', async () => {
  expect(isPaused(widget('a', 1, { annotations: { [pausedAnnotation]: '' } }))).toBe(false);
  expect(isPaused(widget('a'))).toBe(false);
  const reconcile = vi.fn(async () => {});
  const cluster = fakeCluster({ resources: [Widget], objects: [paused] });
  await reconcileOnce({ for: Widget, reconcile }, cluster, key('a'));
  expect(reconcile).not.toHaveBeenCalled();
});
