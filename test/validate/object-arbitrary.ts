import fc from 'fast-check';
import type { JsonSchema } from '../../src/crd/crd.js';
import type { Json } from '../../src/ir/schema.js';
import type { JsonObject } from '../../src/json.js';
import { isObject, listAt, memberAt, objectAt, stringAt, stringsAt } from '../../src/json.js';

/** Texts that fit or break patterns, lengths and formats. */
const texts = [
  '',
  'a',
  'web-1',
  'A_b',
  '1.2.3',
  'example.com',
  'https://example.com/a?b=c',
  '2024-02-29',
  '2024-02-29T01:02:03Z',
  '1h30m',
  'aGVsbG8=',
  '10.0.0.1',
  '::1',
  '10.0.0.0/8',
  '123e4567-e89b-12d3-a456-426614174000',
  'me@example.com',
  '100Mi',
  '25%',
  'é😀',
  'x'.repeat(64),
  'x'.repeat(300),
];

const strange: readonly Json[] = [null, true, 'x', 0, -1, 1.5, 7, 4294967296, 1e300, [], {}, ['a', 'a'], { a: 1 }, ''];

/** Values for a schema, most of which satisfy most of it. */
export function valuesFor(schema: JsonSchema, depth = 0): fc.Arbitrary<Json> {
  return fc.oneof(
    { weight: 24, arbitrary: fitting(schema, depth) },
    { weight: 1, arbitrary: fc.constantFrom(...strange) },
  );
}

function fitting(schema: JsonSchema, depth: number): fc.Arbitrary<Json> {
  const members = listAt(schema, 'enum');
  if (members.length > 0) return fc.constantFrom(...members);
  if (schema['x-kubernetes-int-or-string'] === true) return fc.constantFrom<Json>(80, '25%', 'http', '100Mi');
  switch (stringAt(schema, 'type')) {
    case 'object':
      return objectsFor(schema, depth);
    case 'array':
      return listsFor(schema, depth);
    case 'string':
      return textsFor(schema);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return numbersFor(schema).map(Math.trunc);
    case 'number':
      return numbersFor(schema);
    default:
      return fc.constantFrom<Json>('any', 1, { any: [1] }, ['any']);
  }
}

function textsFor(schema: JsonSchema): fc.Arbitrary<Json> {
  const examples = [memberAt(schema, 'default'), memberAt(schema, 'example')].filter(
    (each) => typeof each === 'string',
  );
  const exact = [schema.minLength, schema.maxLength].filter((each) => typeof each === 'number' && each < 400);
  return fc.constantFrom(...texts, ...examples, ...exact.map((length) => 'y'.repeat(length as number)));
}

function numbersFor({ minimum, maximum, multipleOf }: JsonSchema): fc.Arbitrary<number> {
  const bounds = [minimum, maximum, multipleOf].filter((each) => typeof each === 'number');
  const near = bounds.flatMap((each) => [each, each - 1, each + 1, each * 2]);
  return fc.constantFrom(...near, ...(near.length > 0 ? near : [0, 1, 3, 2.5, 100]));
}

function listsFor(schema: JsonSchema, depth: number): fc.Arbitrary<Json> {
  const items = objectAt(schema, 'items') ?? {};
  const least = typeof schema.minItems === 'number' ? Math.min(schema.minItems, 3) : 0;
  const lists = fc.array(valuesFor(items, depth + 1), {
    minLength: least,
    maxLength: Math.max(least, depth > 4 ? 1 : 3),
  });
  const repeated = lists.map((list) => [...list, ...list.slice(0, 1)]);
  return fc.oneof({ weight: 6, arbitrary: lists }, { weight: 1, arbitrary: repeated });
}

function objectsFor(schema: JsonSchema, depth: number): fc.Arbitrary<Json> {
  const values = memberAt(schema, 'additionalProperties');
  if (isObject(values)) {
    return fc.dictionary(fc.constantFrom('a', 'b', 'C/d', 'e-f'), valuesFor(values, depth + 1), { maxKeys: 3 });
  }
  const properties = objectAt(schema, 'properties') ?? {};
  const required = stringsAt(schema, 'required');
  const optional = Object.keys(properties).filter((name) => !required.includes(name));
  const chosen = fc.subarray(optional, { maxLength: Math.min(optional.length, depth > 4 ? 1 : 6) });
  const missing = fc.oneof({ weight: 12, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat(3) });
  const extra = fc.oneof(
    { weight: 30, arbitrary: fc.constant<readonly string[]>([]) },
    { weight: 1, arbitrary: fc.constant(['extra']) },
  );
  return fc.tuple(chosen, missing, extra).chain(([names, left, others]) => {
    const kept = required.filter((_, index) => index !== left);
    const members = [...kept, ...names].map((name): readonly [string, fc.Arbitrary<Json>] => {
      return [name, valuesFor((memberAt(properties, name) ?? {}) as JsonSchema, depth + 1)];
    });
    return fc.record(Object.fromEntries([...members, ...others.map((name) => [name, fc.constant<Json>(1)] as const)]));
  }) as fc.Arbitrary<JsonObject>;
}
