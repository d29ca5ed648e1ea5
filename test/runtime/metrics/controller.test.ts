import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Controller, Result } from '../../../src/runtime/controller/types.js';
import { TerminalError } from '../../../src/runtime/errors.js';
import { createManager } from '../../../src/runtime/manager/index.js';
import { isPanic } from '../../../src/runtime/metrics/controller.js';
import { metrics } from '../../../src/runtime/metrics/index.js';
import { queueMetrics } from '../../../src/runtime/metrics/workqueue.js';
import { sleep } from '../../../src/runtime/time.js';
import { createQueue } from '../../../src/runtime/workqueue/queue.js';
import { fakeCluster } from '../../../src/testing/fake/index.js';
import { recordingLogger } from '../../support/log.js';
import { Widget, type WidgetObject, widget } from '../../support/widget.js';
import { parseExposition, valueIn } from './exposition.js';

const read = async () => parseExposition(await metrics.registry.metrics());

describe('reconciles', () => {
  /** The values of the metrics of a controller, once it has reconciled what `until` waits for. */
  async function measure(name: string, part: Partial<Controller<WidgetObject>>, until: (total: number) => boolean) {
    const manager = createManager({
      cluster: fakeCluster({ objects: [widget('a')], resources: [Widget] }),
      log: recordingLogger().log,
    });
    const stop = new AbortController();
    manager.add({ name, for: Widget, reconcile: async () => {}, ...part });
    const ended = manager.start(stop.signal);
    const total = async (result: string) =>
      valueIn(await read(), 'controller_runtime_reconcile_total', { controller: name, result }) ?? 0;
    const results = ['success', 'error', 'requeue', 'requeue_after'];
    await vi.waitFor(async () => {
      const totals = await Promise.all(results.map(total));
      expect(until(totals.reduce((sum, each) => sum + each))).toBe(true);
    });
    const families = await read();
    stop.abort();
    await ended;
    const value = (metric: string, suffix?: string) =>
      valueIn(families, `controller_runtime_${metric}`, { controller: name }, suffix);
    return {
      value,
      totals: Object.fromEntries(await Promise.all(results.map(async (each) => [each, await total(each)]))),
    };
  }

  test('that succeed', async () => {
    const { value, totals } = await measure('succeeds', { concurrency: 4 }, (total) => total === 1);
    expect(totals).toEqual({ success: 1, error: 0, requeue: 0, requeue_after: 0 });
    expect(value('reconcile_time_seconds', '_count')).toBe(1);
    expect(value('max_concurrent_reconciles')).toBe(4);
    expect(value('active_workers')).toBe(0);
    expect(value('reconcile_errors_total')).toBe(0);
  });

  test('that ask for another one', async () => {
    const reconcile = async (): Promise<Result> => ({ requeueAfter: 60_000 });
    const { totals } = await measure('asks', { reconcile }, (total) => total === 1);
    expect(totals).toEqual({ success: 0, error: 0, requeue: 0, requeue_after: 1 });
    expect(valueIn(await read(), 'workqueue_retries_total', { name: 'asks', controller: 'asks' })).toBe(1);
  });

  test('that fail, and are tried again', async () => {
    let failures = 2;
    const reconcile = async (): Promise<void> => {
      if (failures-- > 0) throw new Error('not yet');
    };
    const { value, totals } = await measure('fails', { reconcile }, (total) => total === 3);
    expect(totals).toEqual({ success: 1, error: 2, requeue: 0, requeue_after: 0 });
    expect(value('reconcile_errors_total')).toBe(2);
    expect(value('terminal_reconcile_errors_total')).toBe(0);
    expect(value('reconcile_panics_total')).toBe(0);
    expect(value('reconcile_time_seconds', '_count')).toBe(3);
    expect(valueIn(await read(), 'workqueue_retries_total', { name: 'fails', controller: 'fails' })).toBe(2);
  });

  test('that fail for good, and by a mistake in the program', async () => {
    const terminal = async (): Promise<void> => Promise.reject(new TerminalError('never'));
    const first = await measure('terminal', { reconcile: terminal }, (total) => total === 1);
    expect(first.value('terminal_reconcile_errors_total')).toBe(1);
    expect(first.value('reconcile_errors_total')).toBe(1);
    const mistaken = async (): Promise<void> => void (undefined as unknown as { x: { y: 1 } }).x.y;
    const second = await measure('mistaken', { reconcile: mistaken }, (total) => total >= 1);
    expect(second.value('reconcile_panics_total')).toBe(second.totals.error);
  });

  test('that take too long', async () => {
    const reconcile: Controller<WidgetObject>['reconcile'] = async ({ signal }) => {
      await sleep(60_000, signal).catch(() => {});
    };
    const { value, totals } = await measure('slow', { reconcile, reconcileTimeout: 20 }, (total) => total === 1);
    expect(value('reconcile_timeouts_total')).toBe(1);
    expect(totals.success).toBe(1);
  });

  test.each<[unknown, boolean]>([
    [new TypeError('x is not a function'), true],
    [new RangeError('too deep'), true],
    ['text', true],
    [undefined, true],
    [new Error('x'), false],
    [new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') }), false],
    [new TerminalError('x'), false],
  ])('%s is a panic: %s', (error, expected) => {
    expect(isPanic(error)).toBe(expected);
  });
});

describe('a work queue', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A queue on fake timers, and the values of its metrics. */
  function queueOf(name: string) {
    vi.useFakeTimers();
    const queue = createQueue({ observer: queueMetrics(name) });
    const value = async (metric: string, more: Record<string, string> = {}, suffix = '') =>
      valueIn(await read(), `workqueue_${metric}`, { name, controller: name, ...more }, suffix);
    const depth = (priority: string) => value('depth', { priority });
    return { queue, value, depth };
  }

  test('counts adds and retries, and knows what waits by priority', async () => {
    const { queue, value, depth } = queueOf('adds');
    queue.add('a');
    queue.add('a');
    queue.add('b', { priority: -100 });
    queue.add('c', { after: 1000 });
    expect(await value('adds_total')).toBe(2);
    expect(await value('retries_total')).toBe(1);
    expect([await depth('0'), await depth('-100')]).toEqual([1, 1]);
    queue.add('b', { priority: 5 });
    expect([await depth('-100'), await depth('5')]).toEqual([0, 1]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await value('adds_total')).toBe(3);
    expect(await depth('0')).toBe(2);
    expect((await queue.next())?.key).toBe('b');
    expect(await depth('5')).toBe(0);
    queue.add('b');
    expect(await depth('0')).toBe(3);
    queue.shutDown();
    expect([await depth('0'), await depth('-100'), await depth('5')]).toEqual([0, 0, 0]);
  });

  test('measures how long keys wait and are worked on', async () => {
    const { queue, value } = queueOf('times');
    queue.add('a');
    queue.add('b');
    await vi.advanceTimersByTimeAsync(500);
    await queue.next();
    await vi.advanceTimersByTimeAsync(2000);
    await queue.next();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await value('queue_duration_seconds', {}, '_sum')).toBeCloseTo(3);
    expect(await value('unfinished_work_seconds')).toBeCloseTo(4);
    expect(await value('longest_running_processor_seconds')).toBeCloseTo(3);
    queue.done('a');
    expect(await value('work_duration_seconds', {}, '_sum')).toBeCloseTo(3);
    expect(await value('longest_running_processor_seconds')).toBeCloseTo(1);
    queue.shutDown();
    expect(await value('unfinished_work_seconds')).toBeCloseTo(1);
    queue.done('b');
    expect(await value('unfinished_work_seconds')).toBe(0);
    expect(await value('work_duration_seconds', {}, '_count')).toBe(2);
  });

  test('has one series for all priorities beyond 25', async () => {
    const { queue, depth } = queueOf('priorities');
    for (let priority = 1; priority <= 40; priority++) queue.add(`k${priority}`, { priority });
    const families = await read();
    const labels = families
      .get('workqueue_depth')
      ?.samples.filter(({ labels }) => labels.name === 'priorities')
      .map(({ labels }) => labels.priority);
    expect(labels).toHaveLength(26);
    expect(await depth('23')).toBe(1);
    expect(await depth('exceeded_cardinality_limit')).toBe(17);
    for (let count = 0; count < 40; count++) await queue.next();
    expect(await depth('exceeded_cardinality_limit')).toBe(0);
    queue.shutDown();
  });
});
