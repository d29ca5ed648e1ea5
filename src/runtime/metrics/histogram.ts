import type { Family } from './numbers.js';
import { checkNames, createSeriesMap, type Labelled } from './series.js';
import { numberText, type Sample } from './text.js';
import type { Histogram, HistogramOptions } from './types.js';

interface Counts {
  /** Of each bucket alone; the last one is above all bounds. */
  readonly buckets: Float64Array;
  sum: number;
}

/** For seconds. */
const defaultBuckets: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** `count` bounds from `start` on, each `factor` times the one before. */
export function exponentialBuckets(start: number, factor: number, count: number): readonly number[] {
  const bounds = [start];
  while (bounds.length < count) bounds.push((bounds.at(-1) as number) * factor);
  return bounds;
}

export function createHistogram(options: HistogramOptions): Family<Histogram> {
  const { name, help, labelNames = [] } = options;
  const bounds = boundsOf(options);
  checkNames(name, labelNames, ['le']);
  const make = (): Counts => ({ buckets: new Float64Array(bounds.length + 1), sum: 0 });
  const map = createSeriesMap(name, labelNames, make);
  if (labelNames.length === 0) map.of([]);
  const metricAt = (counts: () => Counts): Histogram => ({
    observe: (n) => record(counts(), bounds, n),
    labels(...values) {
      const own = map.of(values);
      return metricAt(() => own);
    },
    remove: (...values) => map.remove(values),
  });
  const text = () => ({
    name,
    help,
    type: 'histogram' as const,
    samples: [...map.all].flatMap((each) => samplesOf(each, bounds)),
  });
  return { metric: metricAt(() => map.of([])), text };
}

function boundsOf({ name, buckets = defaultBuckets }: HistogramOptions): readonly number[] {
  const bounds = buckets.at(-1) === Number.POSITIVE_INFINITY ? buckets.slice(0, -1) : [...buckets];
  const isRising = bounds.every((bound, at) => Number.isFinite(bound) && bound > (bounds[at - 1] ?? -Infinity));
  if (isRising && bounds.length > 0) return bounds;
  throw new TypeError(`The buckets of the histogram \`${name}\` must be numbers that rise, but are ${buckets}`);
}

/** What is no number counts in the last bucket. */
function record(counts: Counts, bounds: readonly number[], value: number): void {
  let at = 0;
  while (at < bounds.length && !(value <= (bounds[at] as number))) at++;
  counts.buckets[at] = (counts.buckets[at] as number) + 1;
  counts.sum += value;
}

function samplesOf({ labels, series }: Labelled<Counts>, bounds: readonly number[]): readonly Sample[] {
  let count = 0;
  const buckets = [...bounds, Number.POSITIVE_INFINITY].map((bound, at) => {
    count += series.buckets[at] as number;
    return { suffix: '_bucket', labels: [...labels, ['le', numberText(bound)] as const], value: count };
  });
  return [...buckets, { suffix: '_sum', labels, value: series.sum }, { suffix: '_count', labels, value: count }];
}
