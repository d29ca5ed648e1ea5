import { checkNames, createSeriesMap, type SeriesMap } from './series.js';
import type { FamilyText } from './text.js';
import type { Counter, Gauge, MetricOptions } from './types.js';

/** A metric as the registry keeps it. */
export interface Family<M> {
  readonly metric: M;
  text(): FamilyText;
}

interface Cell {
  value: number;
}

const zero = (): Cell => ({ value: 0 });

export function createCounter({ name, help, labelNames = [] }: MetricOptions): Family<Counter> {
  checkNames(name, labelNames);
  const map = createSeriesMap(name, labelNames, zero);
  const cells = cellsOf(map, labelNames);
  const metricAt = (cell: () => Cell): Counter => ({
    inc(n = 1) {
      if (!(n >= 0)) throw new TypeError(`The counter \`${name}\` must grow by a number from 0 on, but by ${n}`);
      cell().value += n;
    },
    labels: (...values) => fixed(map.of(values), metricAt),
    remove: (...values) => map.remove(values),
  });
  return { metric: metricAt(cells), text: () => textOf({ name, help, type: 'counter' }, map) };
}

export function createGauge({ name, help, labelNames = [] }: MetricOptions): Family<Gauge> {
  checkNames(name, labelNames);
  const map = createSeriesMap(name, labelNames, zero);
  const cells = cellsOf(map, labelNames);
  const metricAt = (cell: () => Cell): Gauge => ({
    set(n) {
      cell().value = checked(name, n);
    },
    inc(n = 1) {
      cell().value += checked(name, n);
    },
    dec(n = 1) {
      cell().value -= checked(name, n);
    },
    labels: (...values) => fixed(map.of(values), metricAt),
    remove: (...values) => map.remove(values),
  });
  return { metric: metricAt(cells), text: () => textOf({ name, help, type: 'gauge' }, map) };
}

/** The only series of a metric without labels, which is there from the start. */
function cellsOf(map: SeriesMap<Cell>, labelNames: readonly string[]): () => Cell {
  if (labelNames.length === 0) map.of([]);
  return () => map.of([]);
}

const fixed = <M>(cell: Cell, metricAt: (cell: () => Cell) => M): M => metricAt(() => cell);

function checked(name: string, value: number): number {
  if (typeof value !== 'number') throw new TypeError(`The gauge \`${name}\` must get a number, but got ${value}`);
  return value;
}

const textOf = (head: Omit<FamilyText, 'samples'>, map: SeriesMap<Cell>): FamilyText => ({
  ...head,
  samples: [...map.all].map(({ labels, series }) => ({ labels, value: series.value })),
});
