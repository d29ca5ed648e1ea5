import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/runtime/errors.js';
import { exponentialBuckets } from '../../../src/runtime/metrics/histogram.js';
import { checkSource, mergeTexts } from '../../../src/runtime/metrics/merge.js';
import { createRegistry } from '../../../src/runtime/metrics/registry.js';
import { numberText } from '../../../src/runtime/metrics/text.js';
import { parseExposition, valueIn } from './exposition.js';

describe('a registry', () => {
  test('writes the text format, sorted by name', async () => {
    const registry = createRegistry();
    registry.histogram({ name: 'h_seconds', help: 'H.', buckets: [0.00001, 1] }).observe(0.5);
    registry.gauge({ name: 'g', help: 'A \\ and\na line.' }).set(-1.5);
    const counter = registry.counter({ name: 'c_total', help: 'C.', labelNames: ['a', 'b'] });
    counter.labels('x', 'say "hi"\\\n').inc();
    counter.labels('x', 'y').inc(2);
    registry.counter({ name: 'unused_total', help: 'U.', labelNames: ['a'] });
    expect(await registry.metrics()).toBe(
      [
        '# HELP c_total C.',
        '# TYPE c_total counter',
        'c_total{a="x",b="say \\"hi\\"\\\\\\n"} 1',
        'c_total{a="x",b="y"} 2',
        '# HELP g A \\\\ and\\na line.',
        '# TYPE g gauge',
        'g -1.5',
        '# HELP h_seconds H.',
        '# TYPE h_seconds histogram',
        'h_seconds_bucket{le="1e-05"} 0',
        'h_seconds_bucket{le="1"} 1',
        'h_seconds_bucket{le="+Inf"} 1',
        'h_seconds_sum 0.5',
        'h_seconds_count 1',
        '',
      ].join('\n'),
    );
  });

  test('has the series of metrics without labels from the start', async () => {
    const registry = createRegistry();
    registry.counter({ name: 'c_total', help: 'C.' });
    registry.histogram({ name: 'h', help: 'H.' });
    const families = parseExposition(await registry.metrics());
    expect(valueIn(families, 'c_total')).toBe(0);
    expect(valueIn(families, 'h', {}, '_count')).toBe(0);
    expect(
      families
        .get('h')
        ?.samples.filter(({ labels }) => labels.le)
        .map(({ labels }) => labels.le),
    ).toEqual('0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 +Inf'.split(' '));
  });

  test('gives back any help and any values of labels', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.uniqueArray(fc.tuple(fc.string({ unit: 'binary' }), fc.string()), {
          selector: (each) => each.join('\u0000'),
        }),
        async (text, pairs) => {
          const help = text.replace(/\r/g, '');
          const labels = pairs.filter((pair) =>
            pair.every((value) => !value.includes('\u0000') && !value.includes('\r')),
          );
          fc.pre(labels.length > 0 && !/[\u0000\u2028\u2029]/.test(help + labels.flat().join('')));
          const registry = createRegistry();
          const gauge = registry.gauge({ name: 'g', help, labelNames: ['a', 'b'] });
          for (const [at, [a, b]] of labels.entries()) gauge.labels(a, b).set(at);
          const families = parseExposition(await registry.metrics());
          expect(families.get('g')?.help).toBe(help);
          for (const [at, [a, b]] of labels.entries()) expect(valueIn(families, 'g', { a, b })).toBe(at);
        },
      ),
    );
  });

  test('counts into the buckets up to and with their bounds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ noNaN: true, min: -10, max: 100 })), async (values) => {
        const registry = createRegistry();
        const buckets = [-1, 0, 0.5, 10];
        const histogram = registry.histogram({ name: 'h', help: 'H.', buckets });
        for (const value of values) histogram.observe(value);
        const families = parseExposition(await registry.metrics());
        for (const bound of buckets) {
          const expected = values.filter((value) => value <= bound).length;
          expect(valueIn(families, 'h', { le: String(bound) }, '_bucket')).toBe(expected);
        }
        expect(valueIn(families, 'h', {}, '_count')).toBe(values.length);
        expect(valueIn(families, 'h', {}, '_sum')).toBe(values.reduce((sum, each) => sum + each, 0));
      }),
    );
  });

  test('forgets a series, and calls what fills it before every reading', async () => {
    const registry = createRegistry();
    const gauge = registry.gauge({ name: 'g', help: 'G.', labelNames: ['a'] });
    let readings = 0;
    const end = registry.onCollect(() => gauge.labels('read').set(++readings));
    gauge.labels('gone').set(1);
    gauge.remove('gone');
    expect(await registry.metrics()).toContain('g{a="read"} 1');
    expect(await registry.metrics()).toContain('g{a="read"} 2');
    end();
    const families = parseExposition(await registry.metrics());
    expect(families.get('g')?.samples).toEqual([{ name: 'g', labels: { a: 'read' }, value: 2 }]);
  });

  test('refuses what Prometheus would', () => {
    const registry = createRegistry();
    const help = 'H.';
    registry.counter({ name: 'taken', help });
    expect(() => registry.gauge({ name: 'taken', help })).toThrow('must be unique, but `taken` is taken');
    expect(() => registry.gauge({ name: '1a', help })).toThrow('The name of a metric must consist of letters');
    expect(() => registry.gauge({ name: 'a', help, labelNames: ['a-b'] })).toThrow('but is `a-b`');
    expect(() => registry.gauge({ name: 'a', help, labelNames: ['__a'] })).toThrow('but is `__a`');
    expect(() => registry.gauge({ name: 'a', help, labelNames: ['a', 'a'] })).toThrow('must differ');
    expect(() => registry.histogram({ name: 'a', help, labelNames: ['le'] })).toThrow('but is `le`');
    expect(() => registry.histogram({ name: 'a', help, buckets: [1, 1] })).toThrow('must be numbers that rise');
    expect(() => registry.histogram({ name: 'a', help, buckets: [] })).toThrow('must be numbers that rise');
    const counter = registry.counter({ name: 'a', help, labelNames: ['b', 'c'] });
    expect(() => counter.labels('x')).toThrow('a value for each of its labels (b, c), but got 1');
    expect(() => counter.inc()).toThrow('a value for each of its labels (b, c), but got 0');
    expect(() => counter.labels('x', 'y').inc(-1)).toThrow('must grow by a number from 0 on, but by -1');
    expect(() => counter.labels('x', 'y').inc(Number.NaN)).toThrow('must grow');
  });
});

test.each([
  [0, '0'],
  [1e-8, '1e-08'],
  [0.00012, '0.00012'],
  [0.00001, '1e-05'],
  [1e21, '1e+21'],
  [1048576, '1048576'],
  [-2.5, '-2.5'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
  [Number.NaN, 'NaN'],
])('%d is written as %s', (value, text) => {
  expect(numberText(value)).toBe(text);
});

test('exponential buckets are those of Go, rounding included', () => {
  expect(exponentialBuckets(1e-8, 10, 12).map(numberText)).toEqual([
    '1e-08',
    '1e-07',
    '1e-06',
    '9.999999999999999e-06',
    '9.999999999999999e-05',
    '0.001',
    '0.01',
    '0.1',
    '1',
    '10',
    '100',
    '1000',
  ]);
});

describe('several registries', () => {
  const first =
    '# HELP a A.\n# TYPE a gauge\na 1\n# HELP h H.\n# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n';

  test('are one text, in which the first has a metric that two have', () => {
    const second =
      '# HELP h other\n# TYPE h histogram\nh_bucket{le="+Inf"} 9\nh_sum 9\nh_count 9\n\n# HELP b B.\n# TYPE b counter\nb{x="1"} 2\n';
    const merged = mergeTexts([first, second]);
    expect(merged).toBe(`${first}# HELP b B.\n# TYPE b counter\nb{x="1"} 2\n`);
    expect([...parseExposition(merged).keys()]).toEqual(['a', 'h', 'b']);
  });

  test('may have metrics whose names begin alike, and lines without a type', () => {
    const second = '# HELP a_total A.\n# TYPE a_total counter\na_total 2\nbare 3\nbare{x="1"} 4';
    expect(mergeTexts([first, second])).toBe(`${first}${second}\n`);
    expect(mergeTexts(['bare 1\n', second])).not.toContain('bare 3');
  });

  test('are refused where they cannot be read', () => {
    expect(() => checkSource({ metrics: () => '', contentType: 'text/plain; version=0.0.4' })).not.toThrow();
    expect(() => checkSource({} as never)).toThrow(ConfigError);
    expect(() =>
      checkSource({ metrics: () => '', contentType: 'application/openmetrics-text; version=1.0.0' }),
    ).toThrow('setContentType');
  });
});
