import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleNumber, sampleText } from '../../../src/generators/samples/scalar.js';

const ajv = new Ajv.default({ strict: false });
addFormats.default(ajv);

test.each([
  ['1 unless a bound says otherwise', {}, 1],
  ['the nearest bound', { minimum: 1024, maximum: 65535 }, 1024],
  ['beside an exclusive bound', { minimum: 5, exclusiveMinimum: true }, 6],
  ['the greatest where there is no least', { maximum: -3 }, -3],
  ['a multiple', { minimum: 7, multipleOf: 5 }, 10],
  ['a fraction', { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true }, 0.5],
  ['none between neighbours', { minimum: 3, exclusiveMinimum: true, maximum: 4, exclusiveMaximum: true }, undefined],
])('numbers: %s', (_, schema, value) => {
  expect(sampleNumber({ type: 'integer', ...schema }, 0)).toBe(value);
});

test('numbers satisfy any bounds', () => {
  const bound = fc.option(fc.integer({ min: -50, max: 50 }), { nil: undefined });
  const schema = fc.record({
    type: fc.constantFrom('integer', 'number'),
    minimum: bound,
    maximum: bound,
    exclusiveMinimum: fc.boolean(),
    exclusiveMaximum: fc.boolean(),
    multipleOf: fc.option(fc.integer({ min: 1, max: 7 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(schema, fc.nat(2), (bounds, nth) => {
      const value = sampleNumber(JSON.parse(JSON.stringify(bounds)), nth);
      if (value === undefined) return;
      const { minimum = -1000, maximum = 1000, exclusiveMinimum, exclusiveMaximum, multipleOf = 1 } = bounds;
      expect(exclusiveMinimum ? value > minimum : value >= minimum).toBe(true);
      expect(exclusiveMaximum ? value < maximum : value <= maximum).toBe(true);
      expect(bounds.type === 'number' || Number.isInteger(value)).toBe(true);
      expect(bounds.multipleOf === undefined || value % multipleOf === 0).toBe(true);
    }),
  );
});

const formats = ['byte', 'date', 'date-time', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uuid'];
test.each(formats)('texts of the format %s are valid', (format) => {
  const schema = { type: 'string', format };
  expect(ajv.validate(schema, sampleText(schema, 0)), sampleText(schema, 0)).toBe(true);
});

test.each([
  ['plain', {}, 'example'],
  ['cut to the greatest length', { maxLength: 3 }, 'ple'],
  ['filled up to the least length', { minLength: 10 }, 'examplexxx'],
  ['plain where the pattern allows it', { pattern: '^[a-z]+$' }, 'example'],
  ['made from the pattern', { pattern: '^\\d{4}-[a-z]+$', minLength: 8 }, '1111-aaa'],
  ['none where pattern and length exclude each other', { pattern: '^a$', minLength: 2 }, undefined],
  ['none where pattern and format exclude each other', { pattern: '^a$', format: 'ipv4' }, undefined],
])('texts: %s', (_, schema, text) => {
  expect(sampleText({ type: 'string', ...schema }, 0)).toBe(text);
});

test('texts in a row differ', () => {
  for (const schema of [{}, { pattern: '^[a-z]+$' }, { minLength: 12 }]) {
    const texts = [0, 1, 2].map((nth) => sampleText({ type: 'string', ...schema }, nth));
    expect(new Set(texts).size).toBe(3);
  }
});
