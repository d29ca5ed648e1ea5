import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createManager } from '../../../src/runtime/manager/index.js';
import { metrics } from '../../../src/runtime/metrics/index.js';
import { fakeCluster } from '../../../src/testing/fake/index.js';
import { recordingLogger } from '../../support/log.js';
import { Widget, widget } from '../../support/widget.js';
import { parseExposition, valueIn } from '../metrics/exposition.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const count = 30;
const names = Array.from({ length: count }, (_, index) => `w${index}`);

/** Lets so much of the fake time pass, in steps in which everything under way settles. */
async function pass(milliseconds: number, step: () => Promise<unknown>): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 10) {
    await vi.advanceTimersByTimeAsync(10);
    await step();
  }
}

test('another writer at 100 writes a second: no error, no hot loop, no lost update, and all is done 5 s after it ends', async () => {
  let runs = 0;
  const fake = fakeCluster({
    resources: [Widget],
    objects: names.map((name) => widget(name)),
  });
  const { log, messages } = recordingLogger();
  const manager = createManager({ cluster: fake, log }).add({
    name: 'storm',
    for: Widget,
    concurrency: 4,
    async reconcile({ object, client }) {
      runs++;
      if (object.metadata?.annotations?.seen === String(object.spec?.size)) return;
      const annotations = { ...object.metadata?.annotations, seen: String(object.spec?.size) };
      // Another writer comes between the read and the write.
      await new Promise((resolve) => setTimeout(resolve, 25 + (runs % 3) * 10));
      await client.update(Widget, { ...object, metadata: { ...object.metadata, annotations } });
    },
  });
  const stop = new AbortController();
  const ended = manager.start(stop.signal);
  let writes = 0;
  await pass(10_000, async () => {
    const name = names[writes % 3]!;
    await fake.client.patch(Widget, widget(name), { type: 'merge', body: { spec: { size: ++writes } } });
  });
  const conflicts = messages('debug').filter((message) => message === 'A reconcile met a conflict');
  expect(conflicts.length).toBeGreaterThan(20);
  const counted = valueIn(
    parseExposition(await metrics.registry.metrics()),
    'controller_runtime_reconcile_errors_total',
    { controller: 'storm' },
  );
  expect(counted).toBe(conflicts.length);
  expect(runs).toBeLessThan(3_000);
  await pass(5_000, async () => {});
  for (const object of await fake.client.list(Widget))
    expect(object.metadata?.annotations?.seen).toBe(String(object.spec?.size));
  expect(messages('error')).toEqual([]);
  stop.abort();
  await pass(100, async () => {});
  await ended;
});
