import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeName, unescapeName } from '../../src/cel/escape.js';
import { celFunctions } from '../../src/cel/library/index.js';
import { compileRule } from '../../src/cel/rule.js';
import { matches } from '../../src/text/pattern/match.js';
import { examineObject } from '../../src/validate/object.js';
import { object, schema } from './expressions.js';

const ask = (rule: string) => compileRule(schema, { rule }).evaluate(object);

describe('what opgen cannot tell is no verdict', () => {
  test.each([
    ['a function that it does not know', 'self.name.nope() == 1', /function `nope`/],
    ['a namespace that it does not know', "authorizer.group('').resource('pods').check('get').allowed()", /not known/],
    ['a field that the schema does not have', "self.nme == 'x'", /no field `nme`/],
    ['text that is no expression', 'self.size >', /./],
    ['a named time zone', "self.when.getHours('Europe/Berlin') == 1", /time zone/],
    [
      'more steps than there may be',
      'lists.range(400).all(a, lists.range(400).all(b, lists.range(400).all(c, a + b + c >= 0)))',
      /steps/,
    ],
    ['a list that is too long', 'lists.range(9223372036854775807).size() > 0', /steps/],
    [
      'a text that grows',
      "['aaaaaaaaaaaaaaaa'].all(a, [a + a + a + a].all(b, [b + b + b + b].all(c, c.replace('', c).replace('', c).replace('', c) != '')))",
      /steps/,
    ],
  ])('%s', (_, rule, why) => {
    const verdict = ask(rule);
    expect(verdict).toHaveProperty('notEvaluated');
    expect((verdict as { notEvaluated: string }).notEvaluated).toMatch(why);
  });

  test('where it does not matter, there is a verdict', () => {
    expect(ask('true || self.name.nope()')).toEqual({ ok: true });
    expect(ask('self.name.nope() && false')).toMatchObject({ ok: false, cause: 'rule' });
  });

  test('an object is not refused for it', () => {
    const root = { type: 'object', 'x-kubernetes-validations': [{ rule: 'nope(self.metadata.name)' }] };
    const { findings, notEvaluated } = examineObject(root, { metadata: { name: 'x' } });
    expect(findings).toEqual([]);
    expect(notEvaluated).toEqual([
      { path: '', message: 'rule not evaluated: nope(self.metadata.name): the function `nope` is not known' },
    ]);
  });
});

test('a pattern that makes others back-track is answered', () => {
  expect(matches('^(a|aa)+$', `${'a'.repeat(5000)}b`)).toBe(false);
  expect(matches('(.*)*x(.*)*y', 'x'.repeat(2000))).toBe(false);
});

test('patterns match as in JavaScript where both have the same meaning', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    '[ab]',
    '[^a]',
    '.',
    'a*',
    'b+?',
    '(?:ab)?',
    'a|b',
    '(a|ab)(c|bcd)',
    '\\d',
    '\\b',
    '^',
    '$',
    'x{2,3}',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.stringMatching(/^[abcx1 ]{0,8}$/), (pieces, text) => {
      const pattern = pieces.map((each) => (each.includes('|') ? `(?:${each})` : each)).join('');
      expect(matches(pattern, text)).toBe(new RegExp(pattern, 'v').test(text));
    }),
    { numRuns: 500 },
  );
});

test('names come back from their escapes', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z_][\w./-]*$/), (name) => {
      const escaped = escapeName(name);
      expect(escaped).toMatch(/^\w+$/);
      if (!/__\w*__/.test(name)) expect(unescapeName(escaped!)).toBe(name);
    }),
  );
});

test('every function has its release and a rule in the tests', () => {
  const rules = readFileSync('test/cel/expressions.ts', 'utf8');
  for (const { name, since, overloads } of celFunctions) {
    expect(since).toMatch(/^1\.\d\d$/);
    expect(overloads.length).toBeGreaterThan(0);
    const used = rules.includes(`${name}(`) || (name.startsWith('format.') && rules.includes('format.'));
    expect(used, name).toBe(true);
  }
});

test('the library of CEL is named in one file', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const users = files.filter((path) => readFileSync(join('src', path), 'utf8').includes('@marcbachmann/cel-js'));
  expect(users).toEqual([join('cel', 'parse.ts')]);
});
