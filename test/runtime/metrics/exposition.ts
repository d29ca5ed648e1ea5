/** A metric as a strict reader of the text format sees it. */
export interface Parsed {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ParsedSample[];
}

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const number = String.raw`[+-]Inf|NaN|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const pair = String.raw`([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\n"])*)"`;

/**
 * The metrics of a text in version 0.0.4 of Prometheus's format. Throws for whatever is not exactly that: a line of another form, a metric
 * without HELP and TYPE or with two of them, a sample apart from its metric, a series that comes twice, a histogram that does not add up.
 */
export function parseExposition(text: string): ReadonlyMap<string, Parsed> {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the text must end with a line break');
  const families = new Map<string, { help: string; type: string; samples: ParsedSample[] }>();
  const seen = new Set<string>();
  let open = '';
  for (const line of text.split('\n').slice(0, -1)) {
    const [, helped, help] = new RegExp(`^# HELP (${name}) (.*)$`).exec(line) ?? [];
    const [, typed, type] = new RegExp(`^# TYPE (${name}) (counter|gauge|histogram|summary|untyped)$`).exec(line) ?? [];
    if (helped !== undefined) {
      if (families.has(helped)) throw new Error(`${helped} comes twice`);
      families.set(helped, { help: unescaped(help ?? ''), type: '', samples: [] });
      open = helped;
    } else if (typed !== undefined) {
      const family = families.get(typed);
      if (typed !== open || family?.type !== '') throw new Error(`the type of ${typed} must follow its help`);
      family.type = type ?? '';
    } else {
      const sample = sampleOf(line);
      const family = families.get(open);
      if (!family?.type || !namesOf(open, family.type).includes(sample.name))
        throw new Error(`a sample belongs to no metric: ${line}`);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (seen.has(key)) throw new Error(`a series comes twice: ${line}`);
      seen.add(key);
      family.samples.push(sample);
    }
  }
  for (const [each, family] of families) {
    if (family.samples.length === 0) throw new Error(`${each} has no samples`);
    if (family.type === 'histogram') checkHistogram(each, family.samples);
    if (family.type === 'counter' && family.samples.some(({ value }) => !(value >= 0))) throw new Error(`${each} < 0`);
  }
  return families;
}

function sampleOf(line: string): ParsedSample {
  const match = new RegExp(`^(${name})(?:\\{(${pair}(?:,${pair})*)\\})? (${number})$`).exec(line);
  if (!match) throw new Error(`not a line of the text format: ${line}`);
  const pairs = [...(match[2] ?? '').matchAll(new RegExp(pair, 'g'))].map(
    ([, label = '', value = '']) => [label, unescaped(value)] as const,
  );
  if (new Set(pairs.map(([label]) => label)).size < pairs.length) throw new Error(`a label comes twice: ${line}`);
  return { name: match[1] ?? '', labels: Object.fromEntries(pairs), value: numberOf(match.at(-1) ?? '') };
}

const unescaped = (text: string): string =>
  text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));

const numberOf = (text: string): number => Number(text.replace('Inf', 'Infinity'));

const namesOf = (family: string, type: string): readonly string[] =>
  type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => family + suffix) : [family];

function checkHistogram(family: string, samples: readonly ParsedSample[]): void {
  const groups = new Map<string, ParsedSample[]>();
  for (const each of samples) groups.set(seriesOf(each), [...(groups.get(seriesOf(each)) ?? []), each]);
  for (const group of groups.values()) {
    const buckets = group.filter(({ labels }) => labels.le !== undefined);
    const bounds = buckets.map(({ labels }) => numberOf(labels.le ?? ''));
    const counts = buckets.map(({ value }) => value);
    const isRising = (list: readonly number[], strictly: boolean): boolean =>
      list.every((each, at) => at === 0 || (strictly ? each > (list[at - 1] ?? 0) : each >= (list[at - 1] ?? 0)));
    const count = group.find(({ name }) => name === `${family}_count`)?.value;
    const hasSum = group.some(({ name }) => name === `${family}_sum`);
    const isWhole = bounds.at(-1) === Number.POSITIVE_INFINITY && counts.at(-1) === count && hasSum;
    if (!isWhole || !isRising(bounds, true) || !isRising(counts, false))
      throw new Error(`the histogram ${family} does not add up`);
  }
}

const seriesOf = ({ labels: { le: _bound, ...labels } }: ParsedSample): string =>
  JSON.stringify(Object.entries(labels).sort());

/** The value of a series; undefined where there is none. */
export function valueIn(
  families: ReadonlyMap<string, Parsed>,
  family: string,
  labels: Readonly<Record<string, string>> = {},
  suffix = '',
): number | undefined {
  const entries = Object.entries(labels);
  return families
    .get(family)
    ?.samples.find(
      (each) =>
        each.name === family + suffix &&
        Object.keys(each.labels).length === entries.length &&
        entries.every(([label, value]) => each.labels[label] === value),
    )?.value;
}
