import { createRegistry } from './registry.js';
import type { Counter, Gauge, Histogram, HistogramOptions, MetricOptions, Registry } from './types.js';

/** The metrics of this process: those of the runtime and those that the operator adds. All managers of the process serve them. */
export interface Metrics {
  /** Throws TypeError for a name that is taken or that Prometheus would refuse; so do the others. */
  counter(o: MetricOptions): Counter;
  gauge(o: MetricOptions): Gauge;
  histogram(o: HistogramOptions): Histogram;
  readonly registry: Registry;
}

const registry = createRegistry();

export const metrics: Metrics = {
  counter: registry.counter,
  gauge: registry.gauge,
  histogram: registry.histogram,
  registry,
};
