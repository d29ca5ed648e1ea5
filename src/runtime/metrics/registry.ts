import { createHistogram } from './histogram.js';
import { createCounter, createGauge, type Family } from './numbers.js';
import { familyText, textFormat } from './text.js';
import type { Registry } from './types.js';

/** An empty set of metrics. */
export function createRegistry(): Registry {
  const families = new Map<string, Family<unknown>>();
  const fills = new Set<() => void>();

  const add = <M>(name: string, make: () => Family<M>): M => {
    if (families.has(name)) throw new TypeError(`The names of metrics must be unique, but \`${name}\` is taken`);
    const family = make();
    families.set(name, family);
    return family.metric;
  };

  return {
    counter: (o) => add(o.name, () => createCounter(o)),
    gauge: (o) => add(o.name, () => createGauge(o)),
    histogram: (o) => add(o.name, () => createHistogram(o)),
    contentType: textFormat,
    onCollect(fill) {
      fills.add(fill);
      return () => void fills.delete(fill);
    },
    async metrics() {
      for (const fill of fills) fill();
      const sorted = [...families].sort(([left], [right]) => (left < right ? -1 : 1));
      return sorted.map(([, family]) => familyText(family.text())).join('');
    },
  };
}
