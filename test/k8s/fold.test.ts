import fc from 'fast-check';
import { expect, test } from 'vitest';
import { overlayBetween, withFacts } from '../../scripts/k8s/facts.js';
import { folded, type Node, unfolded } from '../../scripts/k8s/fold.js';

const text: Node = { type: 'string' };
const pod: Node = { type: 'object', properties: { image: text }, required: ['image'] };
const template: Node = { type: 'object', properties: { pod, pods: { type: 'array', items: pod } } };

test('a type stands for every schema that equals its own', () => {
  expect(folded({ A: template, B: { required: ['image'], ...pod }, C: pod })).toEqual({
    A: { type: 'object', properties: { pod: { $ref: 'B' }, pods: { type: 'array', items: { $ref: 'B' } } } },
    B: pod,
    C: { $ref: 'B' },
  });
});

const { schema } = fc.letrec<{ schema: Node }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Node>(text, pod, { type: 'integer', default: 1 }),
    fc.record({ type: fc.constant('array'), items: tie('schema') }),
    fc.record({
      type: fc.constant('object'),
      properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema'), { noNullPrototype: true }),
    }),
  ),
}));

test('schemas unfold to what was folded', () => {
  const all = fc.dictionary(fc.constantFrom('V1A', 'V1B', 'V1C', 'V2A'), schema, { noNullPrototype: true });
  fc.assert(
    fc.property(all, (types) => {
      const small = folded(types);
      for (const [type, each] of Object.entries(types)) expect(unfolded(small, type)).toEqual(each);
    }),
  );
});

test('an overlay names the versions only where they differ, and takes keywords away, too', () => {
  const field = (...facts: Node[]): Node => ({
    type: 'object',
    properties: { port: Object.assign({}, text, ...facts) },
  });
  const types = {
    V1A: field({ format: 'byte' }),
    V1beta1A: field({ format: 'byte' }),
    V1B: field(),
    V1beta1B: field(),
  };
  const expected = {
    V1A: field({ default: '' }),
    V1beta1A: field({ default: '' }),
    V1B: { ...field(), 'x-kubernetes-map-type': 'atomic' },
    V1beta1B: field(),
  };
  const overlay = overlayBetween(types, expected);
  expect(overlay).toEqual([
    { facts: { default: '', format: null }, of: ['A.port'] },
    { facts: { 'x-kubernetes-map-type': 'atomic' }, of: ['V1B'] },
  ]);
  expect(withFacts(types, overlay)).toEqual(expected);
});

test.each<[what: string, own: Node, expected: Node]>([
  ['a field', pod, { type: 'object', properties: {} }],
  [
    'elements',
    { type: 'object', properties: { a: { type: 'array', items: text } } },
    { type: 'object', properties: { a: text } },
  ],
])('an overlay cannot give or take %s', (_, own, expected) => {
  expect(() => overlayBetween({ V1A: own }, { V1A: expected })).toThrow(/^V1A\.\w+ must /);
});
