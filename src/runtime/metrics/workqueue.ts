import { exponentialBuckets } from './histogram.js';
import { metrics } from './index.js';
import type { Gauge } from './types.js';

/** Told by a work queue what happens to its keys. */
export interface QueueObserver {
  /** The key can be handed out from now on. */
  ready(key: string, priority: number): void;
  /** A key that could be handed out has got a higher priority. */
  raised(from: number, to: number): void;
  /** The key was added with a delay. */
  delayed(): void;
  handedOut(key: string, priority: number): void;
  done(key: string): void;
  /** The queue is shut down: nothing waits any longer. Keys that were handed out still get `done`. */
  closed(): void;
}

const labelNames = ['name', 'controller'];

/** Seconds. */
const buckets = exponentialBuckets(1e-8, 10, 12);

const depth = metrics.gauge({
  name: 'workqueue_depth',
  help: 'Keys that wait for a worker by queue and priority.',
  labelNames: [...labelNames, 'priority'],
});
const adds = metrics.counter({ name: 'workqueue_adds_total', help: 'Keys that became ready by queue.', labelNames });
const retries = metrics.counter({ name: 'workqueue_retries_total', help: 'Adds with a delay by queue.', labelNames });
const queueTime = metrics.histogram({
  name: 'workqueue_queue_duration_seconds',
  help: 'Time that keys were ready before a worker took them by queue in seconds.',
  labelNames,
  buckets,
});
const workTime = metrics.histogram({
  name: 'workqueue_work_duration_seconds',
  help: 'Time that workers had a key by queue in seconds.',
  labelNames,
  buckets,
});
const unfinished = metrics.gauge({
  name: 'workqueue_unfinished_work_seconds',
  help: 'Time of all keys that workers have now by queue in seconds; stuck workers make it grow.',
  labelNames,
});
const longest = metrics.gauge({
  name: 'workqueue_longest_running_processor_seconds',
  help: 'Time of the key that a worker has had for longest by queue in seconds.',
  labelNames,
});

/** The series of the queue of one controller, which are there from now on. */
export function queueMetrics(controller: string): QueueObserver {
  const labels = [controller, controller] as const;
  const own = {
    adds: adds.labels(...labels),
    retries: retries.labels(...labels),
    queueTime: queueTime.labels(...labels),
    workTime: workTime.labels(...labels),
  };
  const depths = depthGauge((priority) => depth.labels(...labels, priority));
  const readySince = new Map<string, number>();
  const workedSince = new Map<string, number>();
  const fill = (): void => {
    const now = performance.now();
    const times = [...workedSince.values()].map((since) => (now - since) / 1000);
    unfinished.labels(...labels).set(times.reduce((sum, each) => sum + each, 0));
    longest.labels(...labels).set(times.reduce((most, each) => Math.max(most, each), 0));
  };
  fill();
  const endFill = metrics.registry.onCollect(fill);
  let isClosed = false;
  const settle = (): void => {
    if (!isClosed || workedSince.size > 0) return;
    endFill();
    fill();
  };

  return {
    ready(key, priority) {
      own.adds.inc();
      depths.add(priority, 1);
      if (!readySince.has(key)) readySince.set(key, performance.now());
    },
    raised(from, to) {
      depths.add(from, -1);
      depths.add(to, 1);
    },
    delayed: () => own.retries.inc(),
    handedOut(key, priority) {
      const now = performance.now();
      depths.add(priority, -1);
      own.queueTime.observe((now - (readySince.get(key) ?? now)) / 1000);
      readySince.delete(key);
      workedSince.set(key, now);
    },
    done(key) {
      const since = workedSince.get(key);
      if (since === undefined) return;
      own.workTime.observe((performance.now() - since) / 1000);
      workedSince.delete(key);
      settle();
    },
    closed() {
      isClosed = true;
      readySince.clear();
      depths.clear();
      settle();
    },
  };
}

/** Priorities beyond that share one series, as users may make any number of them. */
const mostPriorities = 25;
const otherPriorities = 'exceeded_cardinality_limit';

/** The gauges of a queue by priority; those that the runtime itself uses are there at once. */
function depthGauge(gaugeOf: (priority: string) => Gauge) {
  const gauges = new Map<number, Gauge>();
  const counts = new Map<number, number>();
  const gaugeFor = (priority: number): Gauge => {
    const known = gauges.get(priority);
    if (known) return known;
    if (gauges.size >= mostPriorities) return gaugeOf(otherPriorities);
    const made = gaugeOf(String(priority));
    gauges.set(priority, made);
    return made;
  };
  for (const priority of [0, -100]) gaugeFor(priority);
  return {
    add(priority: number, n: number) {
      gaugeFor(priority).inc(n);
      counts.set(priority, (counts.get(priority) ?? 0) + n);
      if (counts.get(priority) === 0) counts.delete(priority);
    },
    clear() {
      for (const [priority, count] of counts) gaugeFor(priority).dec(count);
      counts.clear();
    },
  };
}
