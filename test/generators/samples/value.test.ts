import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonSchema } from '../../../src/crd/crd.js';
import { sampleValue } from '../../../src/generators/samples/value.js';
import type { Schema } from '../../../src/ir/schema.js';
import { validateObject } from '../../../src/validate/object.js';

const at = { file: 'a.ts', line: 1, column: 1 };
const sample = (schema: JsonSchema, source?: Schema) => sampleValue({ schema, source, nth: 0, minimal: false });

test('of a built-in type only what is required is shown', () => {
  const container = {
    type: 'object',
    properties: { name: { type: 'string' }, image: { type: 'string' }, tty: { type: 'boolean', default: false } },
    required: ['name'],
  };
  const schema = { type: 'object', properties: { main: container, side: container }, required: ['main'] };
  const builtin: Schema = { kind: 'builtin', type: 'V1Container', at };
  const field = (name: string, required: boolean) => ({
    name,
    required,
    schema: builtin,
    markers: { list: [], all: () => [] },
  });
  const source: Schema = { kind: 'object', fields: [field('main', true), field('side', false)], at };
  expect(sample(schema, source).value).toEqual({ main: { name: 'example' } });
});

const variants = (type: string) => ({
  type: 'object',
  properties: {
    type: { type: 'string', enum: ['git', 'dir'], example: type },
    url: { type: 'string' },
    branch: { type: 'string' },
    path: { type: 'string' },
  },
  required: ['type'],
  'x-kubernetes-validations': [
    { rule: "self.type != 'git' || (has(self.url) && !has(self.path))" },
    { rule: "self.type != 'dir' || (has(self.path) && !has(self.url) && !has(self.branch))" },
  ],
});

test.each([
  ['git', { type: 'git', url: 'example', branch: 'example' }],
  ['dir', { type: 'dir', path: 'example' }],
])('of a discriminated union the members of the variant %s are shown', (type, value) => {
  expect(sample(variants(type)).value).toEqual(value);
});

test.each([
  ['==', { a: 'example' }],
  ['<=', { a: 'example' }],
  ['>=', { a: 'example', b: 'example' }],
])('one of two members, %s 1', (comparison, value) => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'string' }, b: { type: 'string' } },
    'x-kubernetes-validations': [{ rule: `[has(self.a),has(self.b)].filter(x,x==true).size() ${comparison} 1` }],
  };
  expect(sample(schema).value).toEqual(value);
});

test('rules about old objects do not hide members', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] } },
    'x-kubernetes-validations': [{ rule: 'has(oldSelf.a) == has(self.a)' }],
  };
  expect(sample(schema).value).toEqual({ a: 'example' });
});

test('members are as many as the schema allows', () => {
  const text = { type: 'string' };
  const properties = { a: text, b: text, c: text };
  expect(sample({ type: 'object', properties, required: ['c'], maxProperties: 2 }).value).toEqual({
    a: 'example',
    c: 'example',
  });
  expect(sample({ type: 'object', properties: {}, minProperties: 1 }).missing).toHaveLength(1);
});

test('names of Object.prototype are members like others', () => {
  const properties = JSON.parse('{"__proto__":{"type":"string"},"constructor":{"type":"string"}}') as JsonSchema;
  const { value } = sample({ type: 'object', properties, required: ['__proto__', 'toString'] });
  expect(JSON.stringify(value)).toBe('{"__proto__":"example","constructor":"example"}');
});

/** Structural schemas without CEL rules and junctors. */
const { schema: anySchema } = fc.letrec<{ schema: JsonSchema }>((tie) => {
  const small = fc.option(fc.nat(6), { nil: undefined });
  const text = fc.record({
    type: fc.constant('string'),
    minLength: small,
    maxLength: small,
    pattern: fc.constantFrom(undefined, '^[a-z]+$', '^\\d{2,3}$', '^(a|bc)+x?$', '^.*$'),
  });
  const number = fc.record({
    type: fc.constantFrom('integer', 'number'),
    minimum: small,
    maximum: small,
    exclusiveMinimum: fc.boolean(),
  });
  const list = fc.record({
    type: fc.constant('array'),
    items: tie('schema'),
    minItems: fc.option(fc.nat(3), { nil: undefined }),
    'x-kubernetes-list-type': fc.constantFrom(undefined, 'atomic', 'set'),
  });
  const map = fc.record({
    type: fc.constant('object'),
    additionalProperties: tie('schema'),
    minProperties: fc.constantFrom(undefined, 2),
  });
  const object = fc
    .dictionary(fc.constantFrom('a', 'b', 'c', 'some-name'), tie('schema'), { maxKeys: 4 })
    .chain((properties) =>
      fc.record({
        type: fc.constant('object'),
        properties: fc.constant(properties),
        required: fc.subarray(Object.keys(properties)),
        maxProperties: fc.option(fc.integer({ min: 2, max: 4 }), { nil: undefined }),
      }),
    );
  const choice = fc.record({
    type: fc.constant('string'),
    enum: fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 3 }),
  });
  const node = fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    number,
    choice,
    fc.constant({ type: 'boolean' }),
    list,
    map,
    object,
  );
  return { schema: node.map((schema) => JSON.parse(JSON.stringify(schema)) as JsonSchema) };
});

test('a sample that lacks nothing satisfies its schema, whatever that is', () => {
  fc.assert(
    fc.property(anySchema, (schema) => {
      const root = { type: 'object', properties: { spec: schema }, required: ['spec'] };
      const { value, missing } = sample(root);
      if (missing.length === 0) expect(validateObject(root, value!)).toEqual([]);
      else expect(missing.every(({ field }) => field.startsWith('.spec'))).toBe(true);
    }),
    { numRuns: 400 },
  );
});
