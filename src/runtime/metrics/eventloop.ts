import type { PerformanceEntry } from 'node:perf_hooks';
import type { Gauge, Registry } from './types.js';

type PerfHooks = typeof import('node:perf_hooks');

/** Loaded where somebody asks for metrics. */
const hooks = (): PerfHooks => process.getBuiltinModule('node:perf_hooks');

/**
 * How late the event loop is, and how long the garbage collector stops it, under the names of prom-client. The delays are those since
 * the last reading. Returns what ends the measurement.
 */
export function addEventLoopMetrics(registry: Registry): () => void {
  const ends = [addDelay(registry), addCollector(registry)];
  return () => {
    for (const end of ends) end();
  };
}

const percentiles = [50, 90, 99] as const;
const nanosecondsPerSecond = 1e9;

function addDelay(registry: Registry): () => void {
  const gauge = (suffix: string, what: string): Gauge =>
    registry.gauge({ name: `nodejs_eventloop_lag_${suffix}seconds`, help: `${what} of the event loop in seconds.` });
  const last = gauge('', 'Latest delay');
  const histogram = hooks().monitorEventLoopDelay({ resolution: 10 });
  const fields = (['min', 'max', 'mean', 'stddev'] as const).map(
    (field) => [gauge(`${field}_`, `Delay (${field})`), () => histogram[field]] as const,
  );
  const shares = percentiles.map(
    (share) => [gauge(`p${share}_`, `Delay (percentile ${share})`), () => histogram.percentile(share)] as const,
  );
  histogram.enable();
  const endCollect = registry.onCollect(() => {
    const isEmpty = histogram.count === 0;
    for (const [metric, read] of [...fields, ...shares]) metric.set(isEmpty ? 0 : read() / nanosecondsPerSecond);
    histogram.reset();
    const startedAt = performance.now();
    setImmediate(() => last.set((performance.now() - startedAt) / 1000)).unref();
  });
  return () => {
    endCollect();
    histogram.disable();
  };
}

const kindsOf = ({ constants }: PerfHooks): Readonly<Record<number, string>> => ({
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
});

function addCollector(registry: Registry): () => void {
  const kinds = kindsOf(hooks());
  const duration = registry.histogram({
    name: 'nodejs_gc_duration_seconds',
    help: 'Time of the garbage collector by kind in seconds.',
    labelNames: ['kind'],
    buckets: [0.001, 0.01, 0.1, 1, 2, 5],
  });
  for (const kind of Object.values(kinds)) duration.labels(kind);
  const observer = new (hooks().PerformanceObserver)((list) => {
    for (const entry of list.getEntries()) {
      const { detail } = entry as PerformanceEntry & { detail?: { kind?: number } };
      duration.labels(kinds[detail?.kind ?? 0] ?? 'other').observe(entry.duration / 1000);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}
