/** What a metric is called, and by what its series differ. */
export interface MetricOptions {
  /** Letters, digits, `_` and `:`; by convention of Prometheus in base units, and with `_total` for counters. */
  name: string;
  help: string;
  labelNames?: string[];
}

export interface HistogramOptions extends MetricOptions {
  /** Upper bounds, rising. Default: 0.005 to 10, for seconds. */
  buckets?: readonly number[];
}

/** A number that only grows. */
export interface Counter {
  /** By 1, or by a number that is not negative. */
  inc(n?: number): void;
  /** The series with these values, one for each of `labelNames`. */
  labels(...values: string[]): Counter;
  /** Forgets the series with these values. */
  remove(...values: string[]): void;
}

/** A number that goes up and down. */
export interface Gauge {
  set(n: number): void;
  /** By 1, or by a number. */
  inc(n?: number): void;
  dec(n?: number): void;
  labels(...values: string[]): Gauge;
  remove(...values: string[]): void;
}

/** Counts numbers by size. */
export interface Histogram {
  observe(n: number): void;
  labels(...values: string[]): Histogram;
  remove(...values: string[]): void;
}

/** Something that gives metrics in the text format of Prometheus: a registry of this runtime, or the Registry of prom-client. */
export interface MetricsSource {
  metrics(): string | Promise<string>;
  /** Of what `metrics` gives; a source that says nothing gives the text format. */
  readonly contentType?: string;
}

/** A set of metrics. */
export interface Registry extends MetricsSource {
  /** Each of these throws TypeError for a name that is taken, and for a name, label or bucket that Prometheus would refuse. */
  counter(o: MetricOptions): Counter;
  gauge(o: MetricOptions): Gauge;
  histogram(o: HistogramOptions): Histogram;
  /** Calls the function before every reading, so that it can set what nobody counts. Returns what ends that. */
  onCollect(fill: () => void): () => void;
  /** All metrics in the text format, sorted by name. */
  metrics(): Promise<string>;
  readonly contentType: string;
}
