import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Marker } from '../../src/ir/marker.js';
import { noMarkers } from '../../src/ir/marker.js';
import type { Field, Schema } from '../../src/ir/schema.js';
import { applyMarkers } from '../../src/markers/apply.js';
import { immutableOnceSet } from '../../src/markers/defs/rules.js';
import { parseMarker } from '../../src/markers/parse.js';
import { markers } from '../../src/markers/registry.js';

const at = { file: 'x.ts', line: 1, column: 1 };

/** The markers of a comment, one per element; each stands in a line of its own. */
function comment(...sources: readonly string[]): readonly Marker[] {
  return sources.map((source, index) => {
    const spelling = source[0] as '+' | '@';
    const parsed = parseMarker({ text: source.slice(1), spelling, at: { file: 'x.ts', line: index + 1, column: 1 } });
    if (!parsed || 'code' in parsed) throw new Error(`${source} is no marker: ${parsed?.message}`);
    return parsed;
  });
}

const field = (name: string, schema: Schema, required = false): Field => ({
  name,
  required,
  schema,
  markers: noMarkers,
});

const text: Schema = { kind: 'string', at };
const integer: Schema = { kind: 'integer', at };
const number: Schema = { kind: 'number', at };
const boolean: Schema = { kind: 'boolean', at };
const any: Schema = { kind: 'any', at };
const intOrString: Schema = { kind: 'intOrString', at };
const list: Schema = { kind: 'array', items: text, at };
const map: Schema = { kind: 'map', values: text, at };
const pod: Schema = { kind: 'builtin', type: 'V1PodTemplateSpec', at };
const pair: Schema = {
  kind: 'object',
  fields: [field('a', text), field('b', text), field('must', text, true), field('x-y', text)],
  at,
};
const pairs: Schema = { kind: 'array', items: pair, at };

const bare = ({ at: _, ...schema }: Schema) => schema;

describe('effects', () => {
  test.each<[string, Schema, readonly string[], object]>([
    [
      'limits of numbers',
      integer,
      ['@minimum 1', '@maximum 5', '@exclusiveMaximum'],
      { minimum: 1, maximum: 5, exclusiveMaximum: true },
    ],
    ['fractions on numbers', number, ['@minimum 0.5', '@multipleOf 0.1'], { minimum: 0.5, multipleOf: 0.1 }],
    [
      'limits of strings',
      text,
      ['@minLength 1', '@maxLength 3', '@pattern ^a', '@format date'],
      { minLength: 1, maxLength: 3, pattern: '^a', format: 'date' },
    ],
    ['strings in int-or-string', intOrString, ['@maxLength 3', '@pattern ^a'], { maxLength: 3, pattern: '^a' }],
    ['limits of lists', list, ['@minItems 1', '@maxItems 2'], { minItems: 1, maxItems: 2 }],
    ['unique items that are off', list, ['@uniqueItems false'], {}],
    ['limits of maps', map, ['@minProperties 1', '@mapType atomic'], { minProperties: 1, mapType: 'atomic' }],
    ['limits of objects', pair, ['@maxProperties 2', '+structType=atomic'], { maxProperties: 2, mapType: 'atomic' }],
    ['an enum in source order', text, ['+kubebuilder:validation:Enum=b;a'], { enum: ['b', 'a'] }],
    ['a set', list, ['+listType=set'], { listType: 'set' }],
    [
      'map keys once, in source order',
      pairs,
      ['+listMapKey=b', '+listMapKey=a', '+k8s:listMapKey=b', '+listType=map'],
      { listType: 'map', mapKeys: ['b', 'a'] },
    ],
    ['the empty map as default of a list', list, ['+kubebuilder:default={}'], { default: [] }],
    ['the empty map as default of a map', map, ['+kubebuilder:default={}'], { default: {} }],
    ['a default of the built-in type', pod, ['+kubebuilder:default={spec: {}}'], { default: { spec: {} } }],
    ['null as default', text, ['@default null', '@nullable'], { nullable: true, default: null }],
    ['a reference as default is left out', text, ['+default=ref(X)'], {}],
    [
      'documentation',
      text,
      ['@title T', '@example 3', '+kubebuilder:externalDocs:url=https://a.b/c'],
      { title: 'T', example: 3, externalDocs: { url: 'https://a.b/c' } },
    ],
    [
      'nullable and pruning on built-in types',
      pod,
      ['@nullable', '+kubebuilder:pruning:PreserveUnknownFields'],
      { nullable: true, preserveUnknown: true },
    ],
    ['an embedded resource', pair, ['+kubebuilder:validation:EmbeddedResource'], { embeddedResource: true }],
    ['no effect on the schema', text, ['+optional', '@deprecated'], {}],
  ])('%s', (_, schema, sources, added) => {
    const { value, diagnostics } = applyMarkers(schema, comment(...sources), 'x');
    expect(diagnostics).toEqual([]);
    expect(value).toEqual({ ...schema, ...added });
  });

  test.each<[string, Schema, readonly string[], object]>([
    [
      'an integer becomes a number',
      { ...integer, format: 'int32', minimum: 1 },
      ['@minimum 0.5', '@type number'],
      { kind: 'number', minimum: 0.5 },
    ],
    [
      'a time becomes an integer',
      { ...text, format: 'date-time', pattern: 'x' },
      ['@format int64', '@type integer'],
      { kind: 'integer', format: 'int64' },
    ],
    [
      'a boolean becomes a string',
      { ...boolean, description: 'D', default: true, enum: [true] },
      ['@type string'],
      { kind: 'string', description: 'D' },
    ],
    [
      'a string becomes int-or-string',
      { ...text, pattern: 'x', default: 'y' },
      ['+kubebuilder:validation:XIntOrString'],
      { kind: 'intOrString', pattern: 'x', default: 'y' },
    ],
    [
      'any JSON becomes an object',
      { ...any, preserveUnknown: true },
      ['@type object'],
      { kind: 'object', fields: [], preserveUnknown: true },
    ],
    ['an object stays itself', pod, ['@type object'], { kind: 'builtin', type: 'V1PodTemplateSpec' }],
    [
      'a schema is emptied before the rest',
      { ...text, description: 'D', pattern: 'x' },
      ['@type integer', '@minimum 1', '+kubebuilder:validation:Schemaless'],
      { kind: 'integer', description: 'D', minimum: 1 },
    ],
    [
      'a schema is emptied',
      pod,
      ['+kubebuilder:validation:Schemaless', '+kubebuilder:pruning:PreserveUnknownFields'],
      { kind: 'any', preserveUnknown: true },
    ],
    ['any JSON', { ...pair, description: 'D' }, ['@json'], { kind: 'any', description: 'D', preserveUnknown: true }],
    [
      'any JSON becomes an embedded resource',
      { ...any, preserveUnknown: true },
      ['+kubebuilder:validation:XEmbeddedResource'],
      { kind: 'object', fields: [], preserveUnknown: true, embeddedResource: true },
    ],
  ])('%s', (_, schema, sources, expected) => {
    const { value, diagnostics } = applyMarkers(schema, comment(...sources), 'x');
    expect(diagnostics).toEqual([]);
    expect(bare(value)).toEqual(expected);
  });

  test('elements at any depth, behind the node itself', () => {
    const nested: Schema = {
      kind: 'map',
      values: { kind: 'array', items: { kind: 'array', items: text, at }, at },
      at,
    };
    const sources = [
      '@values.items.items.pattern ^a',
      '@values.items.maxItems 3',
      '@values.minItems 1',
      '@minProperties 2',
    ];
    const { value, diagnostics } = applyMarkers(nested, comment(...sources), 'x');
    expect(diagnostics).toEqual([]);
    expect(value).toEqual({
      kind: 'map',
      minProperties: 2,
      at,
      values: {
        kind: 'array',
        minItems: 1,
        at,
        items: { kind: 'array', maxItems: 3, at, items: { ...text, pattern: '^a' } },
      },
    });
  });

  test('kubebuilder’s items form', () => {
    const { value } = applyMarkers(list, comment('+kubebuilder:validation:items:MaxLength=3'), 'x');
    expect(value).toEqual({ ...list, items: { ...text, maxLength: 3 } });
  });
});

describe('rules', () => {
  const rulesOf = (schema: Schema, ...comments: readonly (readonly string[])[]) =>
    comments.reduce((node, sources) => applyMarkers(node, comment(...sources), 'x').value, schema).rules;

  test('source order, then the one-of family; an earlier rule comes behind', () => {
    const before = { ...pair, rules: [{ rule: 'union' }] };
    const sources = [
      '+kubebuilder:validation:AtLeastOneOf=a;b',
      '+kubebuilder:validation:ExactlyOneOf={a,b}',
      '+kubebuilder:validation:AtMostOneOf=a;b;x-y',
      '@rule {one} first',
      '+kubebuilder:validation:XValidation:rule="two"',
    ];
    expect(rulesOf(before, sources)).toEqual([
      { rule: 'one', message: 'first' },
      { rule: 'two' },
      {
        rule: '(has(self.a)?1:0)+(has(self.b)?1:0)+(has(self.x__dash__y)?1:0) <= 1',
        message: 'at most one of the fields in [a b x-y] may be set',
      },
      { rule: '(has(self.a)?1:0)+(has(self.b)?1:0) == 1', message: 'exactly one of the fields in [a b] must be set' },
      { rule: 'has(self.a)||has(self.b)', message: 'at least one of the fields in [a b] must be set' },
      { rule: 'union' },
    ]);
  });

  test('the rules of a field stand before those of its type', () => {
    expect(rulesOf(text, ['@rule {type}'], ['@immutable', '@rule {field}'])).toEqual([
      { rule: 'self == oldSelf', message: 'field is immutable' },
      { rule: 'field' },
      { rule: 'type' },
    ]);
  });

  test('rules on built-in types and elements', () => {
    expect(rulesOf(pod, ['@immutable'])).toHaveLength(1);
    expect(applyMarkers(list, comment('@items.rule {self != ""}'), 'x').value).toEqual({
      ...list,
      items: { ...text, rules: [{ rule: 'self != ""' }] },
    });
  });

  test('an empty one-of list says nothing', () => {
    expect(rulesOf(pair, ['+kubebuilder:validation:AtMostOneOf={}'])).toBeUndefined();
  });

  test.each([
    ['size', '!has(oldSelf.size) || has(self.size)'],
    ['x-y', '!has(oldSelf.x__dash__y) || has(self.x__dash__y)'],
    ['a__b.c/d', '!has(oldSelf.a__underscores__b__dot__c__slash__d) || has(self.a__underscores__b__dot__c__slash__d)'],
    ['namespace', '!has(oldSelf.__namespace__) || has(self.__namespace__)'],
  ])('the parent of an immutable %s', (name, rule) => {
    expect(immutableOnceSet(name)).toEqual({ rule, message: `field ${name} is immutable once set` });
  });
});

describe('a field over its type', () => {
  test('its value replaces the type’s, the rest stays', () => {
    const type = applyMarkers(
      text,
      comment('@minLength 2', '@maxLength 40', '@pattern ^a', '+kubebuilder:validation:Enum=a;b'),
      'Name',
    );
    const { value, diagnostics } = applyMarkers(
      type.value,
      comment('@minLength 8', '@maxLength 8', '+kubebuilder:validation:Enum=c'),
      'x',
    );
    expect(diagnostics).toEqual([]);
    expect(bare(value)).toEqual({ kind: 'string', minLength: 8, maxLength: 8, pattern: '^a', enum: ['c'] });
  });

  test('a list type of the field starts its keys anew', () => {
    const type = applyMarkers(pairs, comment('+listType=map', '+listMapKey=a'), 'Pairs').value;
    expect(applyMarkers(type, comment('+listType=map', '+listMapKey=b'), 'x').value).toMatchObject({ mapKeys: ['b'] });
    expect(applyMarkers(type, comment('+listMapKey=b'), 'x').value).toMatchObject({ mapKeys: ['a', 'b'] });
    expect(applyMarkers(type, comment('+listType=set'), 'x').value).toEqual({ ...pairs, listType: 'set' });
  });

  test.each<[Schema, string, string]>([
    [{ ...integer, maximum: 3 }, '@minimum 5', 'minimum 5 and maximum 3'],
    [{ ...integer, minimum: 3, exclusiveMinimum: true }, '@maximum 3', 'minimum 3 and maximum 3'],
    [{ ...integer, minimum: 3, maximum: 3 }, '@exclusiveMaximum', 'minimum 3 and maximum 3'],
    [{ ...text, minLength: 9 }, '@maxLength 8', 'minLength 9 and maxLength 8'],
    [{ ...list, minItems: 2, maxItems: 2 }, '@minItems 3', 'minItems 3 and maxItems 2'],
    [{ ...map, minProperties: 2 }, '@maxProperties 1', 'minProperties 2 and maxProperties 1'],
  ])('bounds that leave nothing are a warning', (schema, source, fact) => {
    const { diagnostics } = applyMarkers(schema, comment(source), 'x');
    expect(diagnostics).toMatchObject([
      {
        code: 'OG2005',
        severity: 'warning',
        message: `The bounds of \`x\` must leave a value, but ${fact} leave none`,
      },
    ]);
    expect(applyMarkers(schema, comment('@title T'), 'x').diagnostics).toEqual([]);
  });
});

describe('misfits', () => {
  test.each<[string, Schema, readonly string[], string, string?]>([
    [
      'limit of numbers on a string',
      text,
      ['@minimum 1'],
      'Minimum applies to a number, but `x` is a string',
      'use MinLength',
    ],
    [
      'limit of strings on a list',
      list,
      ['@maxLength 1'],
      'MaxLength applies to a string, but `x` is a list',
      'use MaxItems',
    ],
    [
      'limit of lists on a map',
      map,
      ['@minItems 1'],
      'MinItems applies to a list, but `x` is a map',
      'use MinProperties',
    ],
    [
      'limit of objects on an integer',
      integer,
      ['@maxProperties 1'],
      'MaxProperties applies to an object or a map, but `x` is an integer',
      'use Maximum',
    ],
    [
      'a limit on a built-in type',
      pod,
      ['@minProperties 1'],
      'MinProperties applies to an object or a map, but `x` is the built-in type V1PodTemplateSpec',
    ],
    [
      'an enum on a built-in type',
      pod,
      ['+kubebuilder:validation:Enum={a}'],
      'Enum applies to a plain type, but `x` is the built-in type V1PodTemplateSpec',
    ],
    [
      'a fraction on an integer',
      integer,
      ['@minimum 0.5'],
      'Minimum of `x` must be an integer as the property is, but it is 0.5',
      'use Type=number',
    ],
    ['a pattern on a boolean', boolean, ['@pattern a'], 'Pattern applies to a string, but `x` is a boolean'],
    ['a format on a list', list, ['@format a'], 'Format applies to a string, but `x` is a list'],
    [
      'unique items',
      list,
      ['@uniqueItems'],
      'UniqueItems of `x` cannot be true, but it is: the API server refuses it',
      'use `+listType=set`',
    ],
    [
      'numbers in the enum of a string',
      text,
      ['+kubebuilder:validation:Enum=1;2'],
      'Each value of Enum of `x` must be a string, but `1` is an integer',
      'put it in quotes: `"1"`',
    ],
    [
      'words in the enum of an integer',
      integer,
      ['+kubebuilder:validation:Enum=1;two'],
      'Each value of Enum of `x` must be an integer, but `"two"` is a string',
    ],
    [
      'an integer as default of a string',
      text,
      ['@default 3'],
      'The default of `x` must be a string, but `3` is an integer',
      'put it in quotes: `"3"`',
    ],
    [
      'a word as default of an integer',
      integer,
      ['@default three'],
      'The default of `x` must be an integer, but `"three"` is a string',
    ],
    [
      'a fraction as default of an int-or-string',
      intOrString,
      ['+kubebuilder:default=0.5'],
      'The default of `x` must be an int-or-string, but `0.5` is a number',
      'put it in quotes: `"0.5"`',
    ],
    [
      'a list as default of an object',
      pair,
      ['@default []'],
      'The default of `x` must be an object, but `[]` is a list',
    ],
    [
      'null as default of what is not nullable',
      text,
      ['@default null'],
      'The default of `x` must be a string, but `null` is no value',
    ],
    [
      'elements of what is no list',
      text,
      ['@items.pattern a'],
      '`@items.pattern` applies to the elements of a list, but `x` is a string',
      'use it without `items`',
    ],
    [
      'elements of elements',
      list,
      ['@items.items.pattern a'],
      '`@items.items.pattern` applies to the elements of a list, but an element of `x` is a string',
      'use it without `items`',
    ],
    [
      'values of a list',
      list,
      ['@values.pattern a'],
      '`@values.pattern` applies to the values of a map, but `x` is a list',
      'use it without `values`',
    ],
    [
      'a limit that does not fit the elements',
      list,
      ['+kubebuilder:validation:items:Minimum=1'],
      'Minimum applies to a number, but an element of `x` is a string',
      'use MinLength',
    ],
    ['a list type on a map', map, ['+listType=set'], 'listType applies to a list, but `x` is a map'],
    [
      'a map key without list type',
      pairs,
      ['+listMapKey=a'],
      'listMapKey applies to a list with listType=map, but `x` has no listType',
      'add `+listType=map`',
    ],
    [
      'a map key of a set',
      pairs,
      ['+listType=set', '+listMapKey=a'],
      'listMapKey applies to a list with listType=map, but `x` has listType=set',
      'add `+listType=map`',
    ],
    [
      'a map key that does not exist',
      pairs,
      ['+listType=map', '+listMapKey=c'],
      'listMapKey names a property of the elements, but those of `x` have no `c`',
      'one of `a`, `b`, `must`, `x-y`',
    ],
    [
      'a map key of strings',
      list,
      ['+listType=map', '+listMapKey=c'],
      'listMapKey applies to a list of objects, but an element of `x` is a string',
    ],
    ['a map type on a list', list, ['+mapType=atomic'], 'mapType applies to an object or a map, but `x` is a list'],
    [
      'a string that becomes a list',
      text,
      ['@type array'],
      'Type=array needs the type of the elements, but `x` is a string',
      'declare it as a list in TypeScript, such as `string[]`',
    ],
    [
      'pruning of a string',
      text,
      ['+kubebuilder:pruning:PreserveUnknownFields'],
      'PreserveUnknownFields applies to objects, lists and any JSON, but `x` is a string',
    ],
    [
      'a string as a resource',
      text,
      ['+kubebuilder:validation:EmbeddedResource'],
      'EmbeddedResource applies to an object, but `x` is a string',
      'declare it as `EmbeddedResource` of `opgen/api`',
    ],
    [
      'one of the properties of a string',
      text,
      ['+kubebuilder:validation:AtMostOneOf=a;b'],
      'AtMostOneOf applies to an object, but `x` is a string',
    ],
    [
      'one of unknown properties',
      pair,
      ['+kubebuilder:validation:AtMostOneOf=a;mist'],
      'AtMostOneOf names properties of `x`, but it has no `mist`',
      'did you mean `must`?',
    ],
    [
      'one of nested properties',
      pair,
      ['+kubebuilder:validation:ExactlyOneOf=a;b.c'],
      'ExactlyOneOf names properties of `x` itself, but `b.c` is nested',
    ],
    [
      'a property twice',
      pair,
      ['+kubebuilder:validation:AtMostOneOf=a;b;a'],
      'AtMostOneOf of `x` names each property once, but `a` stands twice',
    ],
    [
      'a type that has no list type',
      list,
      ['@type string', '+listType=set'],
      'listType applies to a list, but `x` is a string',
    ],
    [
      'an embedded resource that is a string, wherever it stands',
      pair,
      ['+kubebuilder:validation:Type=string', '+kubebuilder:validation:EmbeddedResource'],
      'EmbeddedResource applies to an object, but `x` is a string',
      'declare it as `EmbeddedResource` of `opgen/api`',
    ],
    [
      'one of required properties',
      pair,
      ['+kubebuilder:validation:AtLeastOneOf=a;must'],
      'AtLeastOneOf names optional properties, but `must` of `x` is required',
      'declare `must?`',
    ],
    [
      'enum of a plain string',
      text,
      ['+k8s:enum'],
      'enum applies to a union of string literals or a string enum, but `x` is none',
      "declare it as `'A' | 'B'`",
    ],
  ])('%s', (_, schema, sources, message, hint) => {
    const { value, diagnostics } = applyMarkers(schema, comment(...sources), 'x');
    const line = sources.length;
    expect(diagnostics).toEqual([
      {
        code: 'OG2003',
        severity: 'error',
        message,
        at: { file: 'x.ts', line, column: 1 },
        ...(hint !== undefined && { hint }),
      },
    ]);
    expect(value).toEqual(applyMarkers(schema, comment(...sources.slice(0, -1)), 'x').value);
  });
});

describe('markers that disagree', () => {
  test.each<[string, Schema, readonly string[], string, string]>([
    [
      'two values',
      integer,
      ['@minimum 1', '+kubebuilder:validation:Minimum=2'],
      'warning',
      '`+kubebuilder:validation:Minimum` of `x` has one value, but `@minimum` in line 1 gives another',
    ],
    [
      'two defaults',
      integer,
      ['+kubebuilder:default=1', '@default 2'],
      'warning',
      '`@default` of `x` has one value, but `+kubebuilder:default` in line 1 gives another',
    ],
    [
      'two names of the map type',
      pair,
      ['+mapType=atomic', '+structType=granular'],
      'warning',
      '`+structType` of `x` has one value, but `+mapType` in line 1 gives another',
    ],
    [
      'required and optional',
      text,
      ['+required', '+optional'],
      'error',
      '`+optional` of `x` has one value, but `+required` in line 1 gives another',
    ],
    [
      'two values for the elements',
      list,
      ['@items.minLength 1', '@items.minLength 2'],
      'warning',
      '`@items.minLength` of an element of `x` has one value, but `@items.minLength` in line 1 gives another',
    ],
  ])('%s', (_, schema, sources, severity, message) => {
    const { diagnostics } = applyMarkers(schema, comment(...sources), 'x');
    expect(diagnostics).toMatchObject([{ code: 'OG2005', severity, message, at: { line: 2 } }]);
  });

  test.each<[string, Schema, readonly string[], string, string]>([
    [
      'a type and an int-or-string',
      text,
      ['+kubebuilder:validation:XIntOrString', '@type integer'],
      'warning',
      '`@type` of `x` has one value, but `+kubebuilder:validation:XIntOrString` in line 1 gives another',
    ],
    [
      'an enum that is not the one of the type',
      { ...text, enum: ['a', 'b'] },
      ['+k8s:enum', '+kubebuilder:validation:Enum=a'],
      'warning',
      '`+kubebuilder:validation:Enum` of `x` has one value, but `+k8s:enum` in line 1 gives another',
    ],
    [
      'two names of one resource',
      pair,
      ['+kubebuilder:resource:path=as', '+kubebuilder:resource:path=bs'],
      'error',
      '`+kubebuilder:resource` of `x` has one value, but `+kubebuilder:resource` in line 1 gives another',
    ],
  ])('%s', (_, schema, sources, severity, message) => {
    const { diagnostics } = applyMarkers(schema, comment(...sources), 'x');
    expect(diagnostics).toMatchObject([{ code: 'OG2005', severity, message, at: { line: 2 } }]);
  });

  test('an enum in both spellings that says what the type says is none', () => {
    const sources = comment('+k8s:enum', '+kubebuilder:validation:Enum=a;b');
    expect(applyMarkers({ ...text, enum: ['a', 'b'] }, sources, 'x').diagnostics).toEqual([]);
  });

  test('every name of a one-of list that is wrong is reported', () => {
    const sources = comment('+kubebuilder:validation:AtMostOneOf=a.b;c.d;must;a');
    const { value, diagnostics } = applyMarkers(pair, sources, 'x');
    expect(value).toEqual(pair);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'AtMostOneOf names properties of `x` itself, but `a.b` is nested',
      'AtMostOneOf names properties of `x` itself, but `c.d` is nested',
      'AtMostOneOf names optional properties, but `must` of `x` is required',
    ]);
  });

  test('any JSON that is an object, in both orders', () => {
    const expected = { kind: 'object', fields: [], preserveUnknown: true };
    expect(bare(applyMarkers(pair, comment('@json', '@type object'), 'x').value)).toEqual(expected);
    expect(bare(applyMarkers(pair, comment('@type object', '@json'), 'x').value)).toEqual(expected);
  });

  test('a rule in both spellings is one rule', () => {
    const twice = comment('@immutable', '+k8s:immutable', '@rule {a} b', '@rule {a} b');
    expect(applyMarkers(text, twice, 'x').value.rules).toHaveLength(2);
  });

  test('lists and maps in elements say how they merge', () => {
    const lists: Schema = { kind: 'map', values: pairs, at };
    const { value, diagnostics } = applyMarkers(lists, comment('@values.listMapKey a', '@values.listType map'), 'x');
    expect(diagnostics).toEqual([]);
    expect(value).toEqual({ ...lists, values: { ...pairs, listType: 'map', mapKeys: ['a'] } });
  });

  test('the last one wins, but `+kubebuilder:default` wins over `+default` wherever it stands', () => {
    expect(applyMarkers(integer, comment('@minimum 1', '@minimum 2'), 'x').value).toMatchObject({ minimum: 2 });
    const { value, diagnostics } = applyMarkers(integer, comment('+kubebuilder:default=1', '@default 2'), 'x');
    expect(value).toMatchObject({ default: 1 });
    expect(diagnostics[0]?.hint).toBe('remove one of the two; `+kubebuilder:default` counts');
  });

  test.each([
    ['+optional', '+k8s:required'],
    ['+k8s:required', '+optional'],
    ['+optional', '+required'],
  ])('%s and %s are an error, because the schema has no say in it', (...both) => {
    const { diagnostics } = applyMarkers(list, comment(...both), 'x');
    expect(diagnostics).toMatchObject([{ code: 'OG2005', severity: 'error', hint: 'remove one of the two' }]);
  });

  test('the same value twice is no mistake', () => {
    expect(
      applyMarkers(list, comment('+listType=set', '+k8s:listType=set', '+required', '+k8s:required'), 'x').diagnostics,
    ).toEqual([]);
  });
});

test('any markers on any node: nothing throws, and every message names the node', () => {
  const examples = markers.flatMap((def) => [def.example, ...(def.tag ? [def.tag.example] : [])]);
  const nodes = [text, integer, number, boolean, any, intOrString, list, map, pod, pair, pairs];
  assert(
    property(constantFrom(...nodes), array(constantFrom(...examples), { maxLength: 6 }), (schema, sources) => {
      const { value, diagnostics } = applyMarkers(schema, comment(...sources), 'x');
      expect(value.at).toEqual(at);
      for (const each of diagnostics) expect(each.message).toContain('`x`');
    }),
  );
});
