import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Position } from '../../src/diagnostics.js';
import { codes } from '../../src/diagnostics.js';
import { rules, validateCrds } from '../../src/validate/index.js';
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
  expect([...new Set(found.map(({ rule }) => rule))]).toEqual(each.rule === undefined ? [] : [each.rule]);
});

test('the CRD of the fixtures of objects is good', () => {
  expect(validateCrds([crdOf(parse(readFileSync(join('fixtures', 'objects', 'crd.yaml'), 'utf8')))])).toEqual([]);
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
