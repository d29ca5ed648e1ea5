import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../src/crd/crd.js';
import type { Json } from '../../src/ir/schema.js';
import { applyDefaults, validateObject } from '../../src/validate/index.js';
import { objectNames, objectRoot, readObject, readSchema } from './objects.js';

const schema = readSchema();

/** `agreement.test.ts` compares the same texts with a real API server. */
test.each(objectNames)('%s', async (name) => {
  const found = validateObject(schema, readObject(name));
  const text = found.map(({ path, message }) =>
    message.startsWith('unknown field') ? message : `${path}: ${message}`,
  );
  await expect(text.map((line) => `${line}\n`).join('')).toMatchFileSnapshot(
    resolve(join(objectRoot, name, 'expected.txt')),
  );
});

const point = (extra: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  properties: { x: { type: 'integer', default: 1 } },
  ...extra,
});

describe('applyDefaults', () => {
  const cases: readonly { claim: string; schema: JsonSchema; value: Json; expected: Json }[] = [
    { claim: 'adds what is missing', schema: point(), value: {}, expected: { x: 1 } },
    { claim: 'keeps what is there', schema: point(), value: { x: 5, y: 2 }, expected: { x: 5, y: 2 } },
    { claim: 'replaces null', schema: point(), value: { x: null }, expected: { x: 1 } },
    {
      claim: 'keeps null where it is allowed',
      schema: { type: 'object', properties: { x: { type: 'integer', nullable: true, default: 1 } } },
      value: { x: null },
      expected: { x: null },
    },
    {
      claim: 'drops null without a default',
      schema: { type: 'object', properties: { x: { type: 'integer' } } },
      value: { x: null, y: null },
      expected: { y: null },
    },
    {
      claim: 'adds nothing inside of what is missing without a default',
      schema: { type: 'object', properties: { p: point() } },
      value: {},
      expected: {},
    },
    {
      claim: 'completes a default with the defaults inside of it',
      schema: { type: 'object', properties: { p: point({ default: {} }) } },
      value: {},
      expected: { p: { x: 1 } },
    },
    {
      claim: 'goes into items and maps',
      schema: {
        type: 'object',
        properties: { list: { type: 'array', items: point() }, map: { type: 'object', additionalProperties: point() } },
      },
      value: { list: [{}, { x: 2 }], map: { a: {}, b: null } },
      expected: { list: [{ x: 1 }, { x: 2 }], map: { a: { x: 1 } } },
    },
    { claim: 'leaves values of another type alone', schema: point(), value: [1], expected: [1] },
    {
      claim: 'takes names of prototypes for names',
      schema: { type: 'object', properties: { constructor: { type: 'object' } } },
      value: JSON.parse('{"toString":{},"__proto__":{"x":null}}'),
      expected: JSON.parse('{"toString":{},"__proto__":{"x":null}}'),
    },
  ];

  test.each(cases)('$claim', ({ schema, value, expected }) => {
    expect(JSON.stringify(applyDefaults(schema, value))).toBe(JSON.stringify(expected));
  });

  test('changes nothing the second time, and never its arguments', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const before = JSON.stringify(value);
        const once = applyDefaults(schema, { spec: value } as Json);
        expect(applyDefaults(schema, once)).toEqual(once);
        expect(JSON.stringify(value)).toBe(before);
      }),
    );
  });
});

test('any JSON is answered under any schema', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('type', 'properties', 'items', 'default', 'oneOf', 'enum', 'not'), fc.jsonValue()),
      fc.jsonValue(),
      (any, value) => {
        expect(Array.isArray(validateObject(any as JsonSchema, value as Json))).toBe(true);
        expect(Array.isArray(validateObject(schema, { spec: value } as Json))).toBe(true);
      },
    ),
  );
});

const knownFormats = ['email', 'hostname', 'uri', 'duration', 'date-time', 'byte', 'cidr', 'k8s-long-name', 'uuid'];

test.each(knownFormats)('a long text is checked for the format %s without trying every way to read it', (format) => {
  const texts = ['a', 'a.', 'a ', ' ', '"a"', '1s', '1 ', 'AA', '1.', 'a-'].map((part) => part.repeat(2000));
  const answers = texts.map((text) => validateObject({ type: 'string', format }, text));
  expect(answers).toHaveLength(texts.length);
});
