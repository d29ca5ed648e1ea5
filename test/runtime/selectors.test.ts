import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fieldAt,
  formatFields,
  formatLabels,
  type LabelSelector,
  matchesFields,
  matchesLabels,
  parseFields,
  parseLabels,
} from '../../src/runtime/selectors.js';

const name = fc.stringMatching(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,8}[A-Za-z0-9])?$/);
const key = fc.oneof(
  name,
  fc.tuple(fc.constantFrom('a.io', 'b-c.example.com'), name).map((parts) => parts.join('/')),
);
const values = fc.array(fc.oneof(name, fc.constant('')), { minLength: 1, maxLength: 3 });
const expression = fc.oneof(
  fc.record({ key, operator: fc.constantFrom('In' as const, 'NotIn' as const), values }),
  fc.record({ key, operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const) }),
);
const selector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: fc.dictionary(key, name, { maxKeys: 2 }),
  matchExpressions: fc.array(expression, { maxLength: 3 }),
});

const matches = (text: LabelSelector | string, labels?: Record<string, string>) =>
  matchesLabels(parseLabels(text), labels);

describe('label selectors', () => {
  test('the text of a selector means the same', () => {
    fc.assert(
      fc.property(selector, (each) => {
        expect(parseLabels(formatLabels(each))).toEqual(parseLabels(each));
      }),
    );
  });

  test.each([
    ['', [], true],
    ['app=web', { app: 'web' }, true],
    ['app==web', { app: 'db' }, false],
    ['app!=web', {}, true],
    ['app!=web', { app: 'web' }, false],
    ['app!=', { app: '' }, false],
    ['app=', { app: '' }, true],
    ['app=', {}, false],
    ['app in (web, db)', { app: 'db' }, true],
    ['app in(web)', { app: 'web' }, true],
    ['app in ()', { app: '' }, true],
    ['app notin (web,db)', {}, true],
    ['app notin (web,db)', { app: 'db' }, false],
    ['app', { app: '' }, true],
    ['!app', { app: '' }, false],
    ['! app', {}, true],
    [' app , tier in (a,b) ', { app: 'x', tier: 'b' }, true],
    ['app,tier in (a,b)', { app: 'x', tier: 'c' }, false],
    ['in in (in)', { in: 'in' }, true],
    ['constructor', {}, false],
    ['!toString', {}, true],
  ] as [string, Record<string, string>, boolean][])('%s on %j is %s', (text, labels, result) => {
    expect(matches(text, labels)).toBe(result);
  });

  test.each([
    'a,,b',
    'a,',
    ',a',
    'a=b=c',
    '-a=b',
    'a=-b',
    'a b',
    'A.b/c=d',
    'x/y/z=a',
    'a IN (b)',
    'a in (b',
    'a in b',
    'a>5',
    '=b',
    `${'a'.repeat(64)}=b`,
    `a=${'b'.repeat(64)}`,
    '()',
  ])('the API server refuses `%s`, so it throws', (text) => {
    expect(() => parseLabels(text)).toThrow(TypeError);
  });

  test.each([
    { matchExpressions: [{ key: 'a', operator: 'In' }] },
    { matchExpressions: [{ key: 'a', operator: 'NotIn', values: [] }] },
    { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['x'] }] },
    { matchExpressions: [{ key: 'a', operator: 'Equals', values: ['x'] }] },
    { matchLabels: { 'a b': 'x' } },
    { matchLabels: { a: 1 } },
  ])('the API server refuses %j, so it throws', (each) => {
    expect(() => parseLabels(each as LabelSelector)).toThrow(TypeError);
  });

  test('without labels nothing is set', () => {
    expect(matches('!a')).toBe(true);
    expect(matches({ matchLabels: { a: 'b' } })).toBe(false);
  });
});

describe('field selectors', () => {
  test('the text of a selector means the same', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('metadata.name', 'status.phase'),
        fc.stringMatching(/^[a-z\\,=]*$/),
        (path, value) => {
          expect(parseFields(formatFields({ [path]: value }))).toEqual([{ path, value, negated: false }]);
        },
      ),
    );
  });

  test('takes =, == and !=, and no term at all', () => {
    expect(parseFields('a=1,b==2,c!=3,')).toEqual([
      { path: 'a', value: '1', negated: false },
      { path: 'b', value: '2', negated: false },
      { path: 'c', value: '3', negated: true },
    ]);
    expect(parseFields('')).toEqual([]);
  });

  test.each(['metadata.name', '=x', 'a=b=c', 'a=\\n'])('refuses `%s`', (text) => {
    expect(() => parseFields(text)).toThrow(TypeError);
  });

  test('matches the text of the value; a missing one is empty', () => {
    const pod = { metadata: { name: 'a' }, spec: { replicas: 0 } };
    expect(matchesFields(parseFields('metadata.name=a,spec.replicas=0'), pod)).toBe(true);
    expect(matchesFields(parseFields('metadata.name!=a'), pod)).toBe(false);
    expect(matchesFields(parseFields('status.phase!=Running'), pod)).toBe(true);
    expect(matchesFields(parseFields('status.phase='), pod)).toBe(true);
    expect(fieldAt(pod, 'metadata.constructor.name')).toBe('');
  });
});
