import { describe, expect, test, vi } from 'vitest';
import { countCertificateRead } from '../../../src/runtime/metrics/certificate.js';
import { requestMetrics } from '../../../src/runtime/metrics/client.js';
import { controllerMetrics } from '../../../src/runtime/metrics/controller.js';
import { addEventLoopMetrics } from '../../../src/runtime/metrics/eventloop.js';
import { metrics } from '../../../src/runtime/metrics/index.js';
import { leaderMetrics } from '../../../src/runtime/metrics/leader.js';
import { addProcessMetrics } from '../../../src/runtime/metrics/process.js';
import { createRegistry } from '../../../src/runtime/metrics/registry.js';
import { countWatchProblem } from '../../../src/runtime/metrics/watch.js';
import { countConversionPanic, countWebhookPanic, webhookMetrics } from '../../../src/runtime/metrics/webhook.js';
import { queueMetrics } from '../../../src/runtime/metrics/workqueue.js';
import '../../../src/runtime/metrics/usercode.js';
import { type Parsed, parseExposition, valueIn } from './exposition.js';

const reconcileBounds =
  '0.005 0.01 0.025 0.05 0.1 0.15 0.2 0.25 0.3 0.35 0.4 0.45 0.5 0.6 0.7 0.8 0.9 1 1.25 1.5 1.75 2 2.5 3 3.5 4 4.5 5 6 7 8 9 10 15 20 25 30 40 50 60';
const wideBounds = '1e-08 1e-07 1e-06 9.999999999999999e-06 9.999999999999999e-05 0.001 0.01 0.1 1 10 100 1000';

/** What controller-runtime and client-go serve, and two of opgen's own: name, type, labels, and the bounds of histograms. */
const table: readonly (readonly [name: string, type: string, labels: string, bounds?: string])[] = [
  ['certwatcher_read_certificate_errors_total', 'counter', ''],
  ['certwatcher_read_certificate_total', 'counter', ''],
  ['controller_runtime_active_workers', 'gauge', 'controller'],
  ['controller_runtime_conversion_webhook_panics_total', 'counter', ''],
  ['controller_runtime_max_concurrent_reconciles', 'gauge', 'controller'],
  ['controller_runtime_reconcile_errors_total', 'counter', 'controller'],
  ['controller_runtime_reconcile_panics_total', 'counter', 'controller'],
  ['controller_runtime_reconcile_time_seconds', 'histogram', 'controller', reconcileBounds],
  ['controller_runtime_reconcile_timeouts_total', 'counter', 'controller'],
  ['controller_runtime_reconcile_total', 'counter', 'controller result'],
  ['controller_runtime_terminal_reconcile_errors_total', 'counter', 'controller'],
  ['controller_runtime_webhook_latency_seconds', 'histogram', 'webhook', wideBounds],
  ['controller_runtime_webhook_panics_total', 'counter', ''],
  ['controller_runtime_webhook_requests_in_flight', 'gauge', 'webhook'],
  ['controller_runtime_webhook_requests_total', 'counter', 'code webhook'],
  ['leader_election_master_status', 'gauge', 'name'],
  ['opgen_event_handling_errors_total', 'counter', 'part'],
  ['opgen_watch_problems_total', 'counter', 'problem resource'],
  ['rest_client_requests_total', 'counter', 'code host method'],
  ['workqueue_adds_total', 'counter', 'controller name'],
  ['workqueue_depth', 'gauge', 'controller name priority'],
  ['workqueue_longest_running_processor_seconds', 'gauge', 'controller name'],
  ['workqueue_queue_duration_seconds', 'histogram', 'controller name', wideBounds],
  ['workqueue_retries_total', 'counter', 'controller name'],
  ['workqueue_unfinished_work_seconds', 'gauge', 'controller name'],
  ['workqueue_work_duration_seconds', 'histogram', 'controller name', wideBounds],
];

/** What prom-client serves of every process, where /proc is there. */
const ofProcess: Readonly<Record<string, string>> = {
  nodejs_active_resources: 'gauge',
  nodejs_active_resources_total: 'gauge',
  nodejs_eventloop_lag_max_seconds: 'gauge',
  nodejs_eventloop_lag_mean_seconds: 'gauge',
  nodejs_eventloop_lag_min_seconds: 'gauge',
  nodejs_eventloop_lag_p50_seconds: 'gauge',
  nodejs_eventloop_lag_p90_seconds: 'gauge',
  nodejs_eventloop_lag_p99_seconds: 'gauge',
  nodejs_eventloop_lag_seconds: 'gauge',
  nodejs_eventloop_lag_stddev_seconds: 'gauge',
  nodejs_external_memory_bytes: 'gauge',
  nodejs_gc_duration_seconds: 'histogram',
  nodejs_heap_size_total_bytes: 'gauge',
  nodejs_heap_size_used_bytes: 'gauge',
  nodejs_heap_space_size_available_bytes: 'gauge',
  nodejs_heap_space_size_total_bytes: 'gauge',
  nodejs_heap_space_size_used_bytes: 'gauge',
  nodejs_version_info: 'gauge',
  process_cpu_seconds_total: 'counter',
  process_cpu_system_seconds_total: 'counter',
  process_cpu_user_seconds_total: 'counter',
  process_resident_memory_bytes: 'gauge',
  process_start_time_seconds: 'gauge',
  ...(process.platform === 'linux' && {
    process_heap_bytes: 'gauge',
    process_max_fds: 'gauge',
    process_open_fds: 'gauge',
    process_virtual_memory_bytes: 'gauge',
  }),
};

const labelsOf = ({ samples }: Parsed): string =>
  [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))]
    .filter((label) => label !== 'le')
    .sort()
    .join(' ');
const boundsOf = ({ samples }: Parsed): string =>
  [...new Set(samples.flatMap(({ labels }) => labels.le ?? []))].filter((bound) => bound !== '+Inf').join(' ');

describe('the metrics of the runtime', () => {
  test('have the names, types, labels and buckets of controller-runtime', async () => {
    controllerMetrics('table', 1);
    queueMetrics('table').closed();
    webhookMetrics('/validate-table');
    leaderMetrics('table');
    requestMetrics({ method: 'GET', host: 'localhost:6443', isWatch: false }).tried(200);
    countCertificateRead();
    countWatchProblem('widgets.example.com', 'broken');
    countWebhookPanic();
    countConversionPanic();
    const families = parseExposition(await metrics.registry.metrics());
    const found = [...families].map(([name, family]) =>
      family.type === 'histogram'
        ? [name, family.type, labelsOf(family), boundsOf(family)]
        : [name, family.type, labelsOf(family)],
    );
    expect(found).toEqual(table);
  });

  test('are all there for a controller before its first reconcile, at zero', async () => {
    controllerMetrics('new', 3);
    queueMetrics('new').closed();
    const families = parseExposition(await metrics.registry.metrics());
    const labels = { controller: 'new' };
    const queue = { name: 'new', controller: 'new' };
    for (const result of ['success', 'error', 'requeue', 'requeue_after'])
      expect(valueIn(families, 'controller_runtime_reconcile_total', { ...labels, result })).toBe(0);
    for (const [name, type, names] of table) {
      const suffix = type === 'histogram' ? '_count' : '';
      if (names === 'controller')
        expect([name, valueIn(families, name, labels, suffix)]).toEqual([name, name.includes('max_') ? 3 : 0]);
      if (names === 'controller name') expect([name, valueIn(families, name, queue, suffix)]).toEqual([name, 0]);
    }
    expect(valueIn(families, 'workqueue_depth', { ...queue, priority: '0' })).toBe(0);
    expect(valueIn(families, 'workqueue_depth', { ...queue, priority: '-100' })).toBe(0);
    expect(valueIn(families, 'controller_runtime_webhook_requests_total', { webhook: '/x', code: '200' })).toBe(
      undefined,
    );
    webhookMetrics('/x');
    const after = parseExposition(await metrics.registry.metrics());
    for (const code of ['200', '500'])
      expect(valueIn(after, 'controller_runtime_webhook_requests_total', { webhook: '/x', code })).toBe(0);
  });
});

describe('the metrics of the process', () => {
  test('have the names of prom-client', async () => {
    const registry = createRegistry();
    const ends = [addProcessMetrics(registry), addEventLoopMetrics(registry)];
    const families = await vi.waitFor(async () => {
      const read = parseExposition(await registry.metrics());
      expect(valueIn(read, 'nodejs_eventloop_lag_max_seconds')).toBeGreaterThan(0);
      return read;
    }, 30_000);
    for (const end of ends) end();
    expect(Object.fromEntries([...families].map(([name, { type }]) => [name, type]))).toEqual(ofProcess);
    expect(valueIn(families, 'process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(valueIn(families, 'process_cpu_seconds_total')).toBeGreaterThan(0);
    const [version] = families.get('nodejs_version_info')?.samples ?? [];
    const [major, minor, patch] = process.versions.node.split('.');
    expect(version?.labels).toEqual({ version: process.version, major, minor, patch });
    const sum = ['user', 'system'].reduce(
      (all, kind) => all + (valueIn(families, `process_cpu_${kind}_seconds_total`) ?? 0),
      0,
    );
    expect(valueIn(families, 'process_cpu_seconds_total')).toBeCloseTo(sum, 6);
  });

  test('count the garbage collections by kind', async () => {
    const registry = createRegistry();
    const end = addEventLoopMetrics(registry);
    let kept: unknown[] = [];
    for (let round = 0; round < 200; round++)
      kept = Array.from({ length: 20_000 }, (_, at) => ({ at, kept: kept.length }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const families = parseExposition(await registry.metrics());
    end();
    const family = families.get('nodejs_gc_duration_seconds');
    expect(family && labelsOf(family)).toBe('kind');
    expect(family && boundsOf(family)).toBe('0.001 0.01 0.1 1 2 5');
    expect(valueIn(families, 'nodejs_gc_duration_seconds', { kind: 'minor' }, '_count')).toBeGreaterThan(0);
  });
});
