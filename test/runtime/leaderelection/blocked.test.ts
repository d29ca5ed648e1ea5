import { expect, test, vi } from 'vitest';
import { NotLeaderError } from '../../../src/runtime/errors.js';
import { createManager } from '../../../src/runtime/manager/index.js';
import { addEventLoopMetrics } from '../../../src/runtime/metrics/eventloop.js';
import { createRegistry } from '../../../src/runtime/metrics/registry.js';
import { sleep } from '../../../src/runtime/time.js';
import { fakeCluster } from '../../../src/testing/fake/index.js';
import { recordingLogger } from '../../support/log.js';
import { Widget, widget } from '../../support/widget.js';
import { parseExposition, valueIn } from '../metrics/exposition.js';

/** Keeps the event loop busy, as code that only computes does. */
function block(milliseconds: number): void {
  for (const until = performance.now() + milliseconds; performance.now() < until; );
}

test('a leader whose code blocks the event loop for too long writes nothing any more, and ends; a metric shows the lag', async () => {
  const writes: string[] = [];
  const cluster = fakeCluster({
    resources: [Widget],
    objects: [widget('a')],
    async intercept(verb, { plural }, _key, next) {
      if (plural === 'widgets' && !/^(get|list|watch)/.test(verb)) writes.push(verb);
      return next();
    },
  });
  const registry = createRegistry();
  const end = addEventLoopMetrics(registry);
  const { log } = recordingLogger();
  const leaderElection = { id: 'op', namespace: 'system', leaseDuration: 800, renewDeadline: 400, retryPeriod: 50 };
  const refused = vi.fn();
  const manager = createManager({ cluster, log, leaderElection }).add({
    for: Widget,
    async reconcile({ object, client }) {
      await sleep(50);
      block(1000);
      await client.patch(Widget, object, { type: 'merge', body: { spec: { size: 2 } } }).catch(refused);
    },
  });
  await expect(manager.start()).rejects.toThrow('leader election lost: the lease `system/op`');
  expect(refused).toHaveBeenCalledWith(expect.any(NotLeaderError));
  expect(writes).toEqual([]);
  await sleep(50);
  const families = parseExposition(await registry.metrics());
  expect(valueIn(families, 'nodejs_eventloop_lag_max_seconds', {})).toBeGreaterThan(0.9);
  end();
});
