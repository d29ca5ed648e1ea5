import { expect, test } from 'vitest';
import { checkSamples } from '../../src/cli/consistency/samples.js';
import type { Crd, CrdObject } from '../../src/crd/crd.js';
import { memoryTree } from '../../src/emit/tree.js';
import type { Json } from '../../src/ir/schema.js';
import { probeCrd } from '../cel/server.js';

const crdWith = (rule: Json): Crd => ({
  object: probeCrd('Probe', {
    type: 'object',
    properties: { min: { type: 'integer' } },
    'x-kubernetes-validations': [rule],
  }) as unknown as CrdObject,
  positions: new Map(),
  at: { file: 'src/api/v1/probe.ts', line: 1, column: 1 },
});

const sample = 'apiVersion: probe.example.com/v1\nkind: Probe\nmetadata:\n  name: x\nspec:\n  min: 3\n';
const check = (rule: Json) =>
  checkSamples(memoryTree({ 'config/samples/probe.yaml': sample }), undefined, [], [crdWith(rule)], 'error');

test('a sample that keeps the rules is fine', () => {
  expect(check({ rule: 'self.min < 5' })).toEqual([]);
});

test('a sample that breaks a rule is reported with the message of the rule', () => {
  expect(check({ rule: 'self.min > 5', message: 'min must be over 5' })).toMatchObject([
    { severity: 'error', message: 'A sample must match its schema, but: spec: Invalid value: min must be over 5' },
  ]);
});

test('a rule that opgen cannot evaluate is never an error', () => {
  expect(check({ rule: 'nope(self.min)' })).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('rule not evaluated: nope(self.min)') },
  ]);
});
