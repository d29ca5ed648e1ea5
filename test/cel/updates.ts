import type { JsonSchema } from '../../src/crd/crd.js';
import type { Json } from '../../src/ir/schema.js';

const even = { rule: 'self % 2 == 0', message: 'must be even' };

/** A node with transition rules and with rules that old objects may break. */
export const schema: JsonSchema = {
  type: 'object',
  'x-kubernetes-validations': [
    { rule: '!has(oldSelf.kept) || has(self.kept)', message: 'kept must stay' },
    {
      rule: '!has(self.min) || !has(self.max) || self.min <= self.max',
      messageExpression: "'min is over ' + 'max'",
      fieldPath: '.min',
    },
    {
      rule: "!has(self.labels) || !('bad' in self.labels)",
      message: 'no bad label',
      fieldPath: ".labels['bad']",
      reason: 'FieldValueForbidden',
    },
    {
      rule: '!has(self.need) || has(self.kept)',
      message: 'kept is needed',
      fieldPath: '.kept',
      reason: 'FieldValueRequired',
    },
    { rule: "!has(self.twice) || self.twice != 'x'", reason: 'FieldValueDuplicate', fieldPath: '.twice' },
  ],
  properties: {
    kept: {
      type: 'string',
      maxLength: 16,
      'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'immutable' }],
    },
    min: { type: 'integer' },
    max: { type: 'integer', 'x-kubernetes-validations': [even] },
    need: { type: 'boolean' },
    twice: { type: 'string', maxLength: 16 },
    mode: { type: 'string', enum: ['a', 'b'] },
    once: {
      type: 'string',
      maxLength: 16,
      'x-kubernetes-validations': [
        { rule: "oldSelf.hasValue() || self == 'start'", optionalOldSelf: true, message: 'must begin with start' },
      ],
    },
    labels: {
      type: 'object',
      maxProperties: 8,
      additionalProperties: {
        type: 'string',
        maxLength: 8,
        'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'label is immutable' }],
      },
    },
    ports: {
      type: 'array',
      maxItems: 8,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', maxLength: 8 },
          number: {
            type: 'integer',
            maximum: 100,
            'x-kubernetes-validations': [{ rule: 'self >= oldSelf', message: 'must grow' }],
          },
          even: { type: 'integer', 'x-kubernetes-validations': [even] },
        },
      },
    },
    numbers: {
      type: 'array',
      maxItems: 8,
      items: { type: 'integer', maximum: 100, 'x-kubernetes-validations': [even] },
    },
    set: { type: 'array', maxItems: 8, 'x-kubernetes-list-type': 'set', items: { type: 'integer' } },
  },
};

interface Update {
  readonly claim: string;
  readonly old?: Json;
  readonly object: Json;
  readonly expected: readonly string[];
}

const evenFact = (value: number): string => `Invalid value: ${value}: must be even`;
const enumFact = 'spec.mode: Unsupported value: "c": supported values: "a", "b"';
const notChecked =
  '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

/** Creations and updates with what the API server has against them. */
export const updates: readonly Update[] = [
  { claim: 'transition rules do not count for a creation', object: { kept: 'a', labels: { x: 'a' } }, expected: [] },
  {
    claim: 'a field may not change',
    old: { kept: 'a' },
    object: { kept: 'b' },
    expected: ['spec.kept: Invalid value: "b": immutable'],
  },
  { claim: 'a field may not go', old: { kept: 'a' }, object: {}, expected: ['spec: Invalid value: kept must stay'] },
  { claim: 'a field may come', old: {}, object: { kept: 'b' }, expected: [] },
  {
    claim: 'a message is computed, at another field',
    object: { min: 3, max: 2 },
    expected: ['spec.min: Invalid value: min is over max'],
  },
  {
    claim: 'a rule forbids',
    object: { labels: { bad: 'x' } },
    expected: ['spec.labels[bad]: Forbidden: no bad label'],
  },
  { claim: 'a rule requires', object: { need: true }, expected: ['spec.kept: Required value: kept is needed'] },
  { claim: 'a rule finds duplicates', object: { twice: 'x' }, expected: ['spec.twice: Duplicate value'] },
  {
    claim: 'an optional old value is absent in a creation',
    object: { once: 'x' },
    expected: ['spec.once: Invalid value: "x": must begin with start'],
  },
  { claim: 'an optional old value is there in an update', old: { once: 'start' }, object: { once: 'x' }, expected: [] },
  {
    claim: 'values of maps have old ones',
    old: { labels: { x: 'a', y: 'b' } },
    object: { labels: { x: 'z', y: 'b', n: 'n' } },
    expected: ['spec.labels[x]: Invalid value: "z": label is immutable'],
  },
  {
    claim: 'items of map lists have old ones by their keys',
    old: {
      ports: [
        { name: 'a', number: 5 },
        { name: 'b', number: 1 },
      ],
    },
    object: {
      ports: [
        { name: 'b', number: 2 },
        { name: 'a', number: 4 },
        { name: 'c', number: 0 },
      ],
    },
    expected: ['spec.ports[1].number: Invalid value: 4: must grow'],
  },
  {
    claim: 'a broken rule is tolerated where nothing changed',
    old: { max: 3 },
    object: { max: 3, min: 1 },
    expected: [],
  },
  {
    claim: 'a broken rule is not tolerated where something changed',
    old: { max: 3 },
    object: { max: 5 },
    expected: [`spec.max: ${evenFact(5)}`],
  },
  {
    claim: 'a bad value is tolerated where nothing changed',
    old: { mode: 'c' },
    object: { mode: 'c', min: 1 },
    expected: [],
  },
  {
    claim: 'a bad value is not tolerated where something changed, and stops rules',
    old: { mode: 'd' },
    object: { mode: 'c', max: 3 },
    expected: [enumFact, notChecked],
  },
  {
    claim: 'unchanged items of map lists are tolerated in another order',
    old: { ports: [{ name: 'a', number: 500, even: 3 }, { name: 'b' }] },
    object: {
      ports: [
        { name: 'b', even: 1 },
        { name: 'a', number: 500, even: 3 },
      ],
    },
    expected: [`spec.ports[0].even: ${evenFact(1)}`],
  },
  {
    claim: 'unchanged atomic lists are tolerated',
    old: { numbers: [1, 500] },
    object: { numbers: [1, 500], min: 1 },
    expected: [],
  },
  {
    claim: 'items of changed atomic lists are not tolerated',
    old: { numbers: [1, 500] },
    object: { numbers: [1, 500, 2] },
    expected: [
      `spec.numbers[0]: ${evenFact(1)}`,
      'spec.numbers[1]: Invalid value: 500: spec.numbers[1] in body should be less than or equal to 100',
    ],
  },
  {
    claim: 'duplicates are tolerated when there were some before',
    old: { set: [1, 1] },
    object: { set: [2, 2] },
    expected: [],
  },
  {
    claim: 'duplicates are not tolerated when there were none before',
    old: { set: [1] },
    object: { set: [2, 2] },
    expected: ['spec.set[1]: Duplicate value: 2'],
  },
  {
    claim: 'the node of a rule with a fieldPath counts as a whole',
    old: { min: 3, max: 2 },
    object: { min: 3, max: 2, mode: 'a' },
    expected: ['spec.min: Invalid value: min is over max'],
  },
  {
    claim: 'an unchanged node is tolerated as a whole',
    old: { min: 3, max: 2 },
    object: { min: 3, max: 2 },
    expected: [],
  },
];
