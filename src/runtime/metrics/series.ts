/** The series of a metric, by the values of its labels. */
export interface SeriesMap<S> {
  /** The series with these values; made when there is none. Throws TypeError for the wrong number of values. */
  of(values: readonly string[]): S;
  remove(values: readonly string[]): void;
  /** In the order in which they were made. */
  readonly all: Iterable<Labelled<S>>;
}

export interface Labelled<S> {
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly series: S;
}

/** Names and labels as Prometheus takes them; `reserved` are labels that the type of the metric uses itself. */
export function checkNames(name: string, labelNames: readonly string[], reserved: readonly string[] = []): void {
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name))
    throw new TypeError(`The name of a metric must consist of letters, digits, \`_\` and \`:\`, but is \`${name}\``);
  for (const label of labelNames) {
    const isFree = /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) && !label.startsWith('__') && !reserved.includes(label);
    if (!isFree)
      throw new TypeError(
        `A label of the metric \`${name}\` must consist of letters, digits and \`_\`, and be none of Prometheus's own, but is \`${label}\``,
      );
  }
  if (new Set(labelNames).size < labelNames.length)
    throw new TypeError(`The labels of the metric \`${name}\` must differ, but are ${labelNames.join(', ')}`);
}

export function createSeriesMap<S>(name: string, labelNames: readonly string[], make: () => S): SeriesMap<S> {
  const all = new Map<string, Labelled<S>>();
  return {
    of(values) {
      const key = values.join('\u0000');
      const known = all.get(key);
      if (known) return known.series;
      if (values.length !== labelNames.length) {
        throw new TypeError(
          `The metric \`${name}\` must get a value for each of its labels (${labelNames.join(', ') || 'none'}), but got ${values.length}`,
        );
      }
      const series = make();
      all.set(key, { labels: labelNames.map((label, at) => [label, String(values[at])] as const), series });
      return series;
    },
    remove: (values) => void all.delete(values.join('\u0000')),
    get all() {
      return all.values();
    },
  };
}
