import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Position } from '../../src/diagnostics.js';
import { codes } from '../../src/diagnostics.js';
import type { Json } from '../../src/ir/schema.js';
import { rules, validateCrds } from '../../src/validate/index.js';
import { jsonSize } from '../../src/validate/jsonsize.js';
import { cases, crdOfCase } from './cases.js';
import { crdOf, fixtureNames, fixtureOf, readCrds, root } from './fixtures.js';

const ruleOf = new Map(rules.map((rule) => [fixtureOf(rule), rule]));

test('every rule has a fixture, and every fixture a rule', () => {
  expect(fixtureNames).toEqual([...ruleOf.keys()].sort());
});

describe.each(fixtureNames)('%s', (name) => {
  test('passes', () => {
    expect(validateCrds(readCrds(name, 'passes.yaml'))).toEqual([]);
  });

  test('is refused, with exactly that rule', async () => {
    const rule = ruleOf.get(name)!;
    const found = validateCrds(readCrds(name, 'refused.yaml'));
    const text = found
      .map((each) => `[${each.rule}] ${each.severity}: ${each.message}\n  hint: ${each.hint}\n`)
      .join('');
    await expect(text).toMatchFileSnapshot(resolve(join(root, name, 'expected.txt')));
    expect(found).not.toEqual([]);
    for (const each of found) {
      expect(each.message.startsWith(`${rule.claim}, but \``)).toBe(true);
      expect(each).toMatchObject({ rule: rule.id, severity: rule.severity ?? 'error' });
      expect(codes).toHaveProperty(each.code);
    }
  });
});

test.each(cases)('$claim', (each) => {
  const found = validateCrds([crdOf(crdOfCase(each))]);
  expect([...new Set(found.map(({ rule }) => rule))].sort()).toEqual(each.rule === undefined ? [] : [each.rule].flat());
});

test('the CRD of the fixtures of objects has no errors', () => {
  const found = validateCrds([crdOf(parse(readFileSync(join('fixtures', 'objects', 'crd.yaml'), 'utf8')))]);
  expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('a finding has the position of the nearest part that has one', () => {
  const [crd] = readCrds(fixtureNames.find((name) => name.startsWith('k1-'))!, 'refused.yaml');
  const at: Position = { file: 'api/v1/widget_types.ts', line: 4, column: 3 };
  const positions = new Map([['spec.versions[0].schema.openAPIV3Schema.properties.spec', at]]);
  expect(validateCrds([{ ...crd!, positions }])[0]!.at).toEqual(at);
});

const keywords = [
  ...[
    'type',
    'items',
    'properties',
    'additionalProperties',
    'default',
    'enum',
    'required',
    'allOf',
    'anyOf',
    'oneOf',
    'not',
    'pattern',
  ],
  ...[
    'x-kubernetes-int-or-string',
    'x-kubernetes-list-type',
    'x-kubernetes-list-map-keys',
    'x-kubernetes-embedded-resource',
  ],
  ...[
    'x-kubernetes-validations',
    'x-kubernetes-preserve-unknown-fields',
    'nullable',
    'format',
    'maximum',
    'constructor',
    '__proto__',
  ],
];
const values = ['object', 'array', 'string', 'map', 'set', true, null, 'metadata', 'spec', '(?'];

/** JSON made of the keywords of schemas, in any place. */
const schemaLike = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(...values),
    fc.jsonValue({ maxDepth: 1 }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...keywords, 'metadata', 'spec'), fc.string()), tie('value'), {
      maxKeys: 5,
    }),
  ),
})).value;

test('a rule that was checked before can be left out', () => {
  const crds = readCrds(fixtureNames.find((name) => name.startsWith('k1-'))!, 'refused.yaml');
  expect(validateCrds(crds, ['K1'])).toEqual([]);
  expect(validateCrds(crds, ['K2'])).not.toEqual([]);
});

test('frozen parts that are shared are judged as if they were neither', () => {
  const [good] = readCrds(fixtureNames[0]!, 'passes.yaml');
  const crdWith = (spec: unknown) => {
    const properties = { spec, metadata: spec, status: { type: 'object', additionalProperties: spec } };
    const schema = { openAPIV3Schema: { type: 'object', properties } };
    const versions = [{ ...good!.object.spec.versions[0], schema }];
    return crdOf({ ...good!.object, spec: { ...good!.object.spec, versions } });
  };
  fc.assert(
    fc.property(schemaLike, (part) => {
      const properties = { a: part, pod: { ...good!.object.spec.versions[0]!.schema.openAPIV3Schema, items: part } };
      const apart = validateCrds([crdWith({ type: 'object', properties })]);
      const frozen = frozenCopy({ type: 'object', properties });
      expect(validateCrds([crdWith(frozen)])).toEqual(apart);
      expect(validateCrds([crdWith(frozen)])).toEqual(apart);
    }),
    { numRuns: 1000 },
  );
});

test('what is good in a field is judged anew in a list', () => {
  const [good] = readCrds(fixtureNames[0]!, 'passes.yaml');
  const part = frozenCopy({ type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] });
  const rulesOf = (spec: object) => {
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } };
    const versions = [{ ...good!.object.spec.versions[0], schema }];
    const found = validateCrds([crdOf({ ...good!.object, spec: { ...good!.object.spec, versions } })]);
    return found.map(({ rule }) => rule);
  };
  expect(rulesOf({ type: 'object', properties: { part } })).toEqual([]);
  expect(rulesOf({ type: 'array', items: part })).toEqual(['CE8']);
});

/** A copy that is frozen to its leaves. */
function frozenCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy)) as T;
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, frozenCopy(each)]))) as T;
}

test('the size of JSON is its number of bytes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const size = Buffer.byteLength(JSON.stringify(value));
      expect(jsonSize(value as Json)).toBe(size);
      const frozen = frozenCopy(value) as Json;
      expect([jsonSize(frozen), jsonSize(frozen)]).toEqual([size, size]);
    }),
  );
});

describe('any JSON is answered with diagnostics', () => {
  const [good] = readCrds(fixtureNames[0]!, 'passes.yaml');
  const { object } = good!;

  test('in place of a schema', () => {
    fc.assert(
      fc.property(schemaLike, (openAPIV3Schema) => {
        const versions = [{ ...object.spec.versions[0], schema: { openAPIV3Schema } }];
        expect(Array.isArray(validateCrds([crdOf({ ...object, spec: { ...object.spec, versions } })]))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(['versions', 'names', 'group', 'scope'])('in place of spec.%s', (key) => {
    fc.assert(
      fc.property(schemaLike, (value) => {
        expect(Array.isArray(validateCrds([crdOf({ ...object, spec: { ...object.spec, [key]: value } })]))).toBe(true);
      }),
    );
  });

  test('in place of the CRD', () => {
    fc.assert(
      fc.property(schemaLike, (value) => {
        expect(Array.isArray(validateCrds([crdOf(value), crdOf(value)]))).toBe(true);
      }),
    );
  });
});
