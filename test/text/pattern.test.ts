import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matches } from '../../src/text/pattern/match.js';
import { patternProblem } from '../../src/text/pattern/problem.js';

describe('patternProblem', () => {
  test.each([
    ['(?=a)', '`(?=` is not supported'],
    ['(?!a)', '`(?!` is not supported'],
    ['(?<=a)b', '`(?<=` is not supported'],
    ['(?<!a)b', '`(?<!` is not supported'],
    ['(?>a)', '`(?>` is not supported'],
    ['(?#note)', '`(?#` is not supported'],
    ['(?x)a', '`(?` opens no known group'],
    ['(a)\\1', '`\\1` is a backreference'],
    ['(?<n>a)\\k<n>', '`\\k` is a backreference'],
    ['a++', '`+` follows another quantifier'],
    ['a**', '`*` follows another quantifier'],
    ['a{2}{3}', '`{3}` follows another quantifier'],
    ['a*???', '`?` follows another quantifier'],
    ['*a', '`*` has nothing to repeat'],
    ['a|+', '`+` has nothing to repeat'],
    ['(?i)?', '`?` has nothing to repeat'],
    ['a{1001}', '`{1001}` is not possible'],
    ['a{3,1}', '`{3,1}` is not possible'],
    ['(a{100}){11}', 'more than 1000 times'],
    ['(a', 'a parenthesis is not closed'],
    ['a)', 'a parenthesis is closed that was not opened'],
    ['[a', 'a bracket is not closed'],
    ['[]', 'a bracket is not closed'],
    ['[z-a]', 'the range `z-a` runs backwards'],
    ['[a-\\d]', '`\\d` is'],
    ['[[:letters:]]', '`[:letters:]` is no known class'],
    ['\\p{Klingon}', '`\\p{Klingon}` is no class of Unicode'],
    ['\\x{110000}', 'beyond Unicode'],
    ['\\Z', '`\\Z` is no known escape'],
    ['\\u0041', '`\\u` is no known escape'],
    ['\\C', '`\\C` is no known escape'],
    ['a\\', 'it ends in a backslash'],
  ])('refuses %s', (pattern, problem) => {
    expect(patternProblem(pattern)).toContain(problem);
    expect(matches(pattern, '')).toBeUndefined();
  });

  test.each([
    '',
    'a{',
    'a{,3}',
    'a{1000}',
    '[]a]',
    '[a-]',
    '[^-a]',
    '^*',
    '(?)',
    '\\_',
    '\\-',
    '(?i-s:a)',
    '(a|)',
    'a}]',
  ])('accepts %s', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });
});

describe('matches', () => {
  test.each([
    ['(?i)^abc$', 'aBC', true],
    ['a.c', 'a\nc', false],
    ['(?s)a.c', 'a\nc', true],
    ['(?m)^b$', 'a\nb', true],
    ['^b$', 'a\nb', false],
    ['\\Aab\\z', 'ab', true],
    ['\\Aab\\z', 'ab\n', false],
    ['(?P<year>\\d{4})-(?<month>\\d\\d)', '2024-05', true],
    ['^[[:alpha:]_]+$', 'ab_', true],
    ['^[[:^alpha:]]+$', '12', true],
    ['^[^[:space:]\\d]+$', 'a1', false],
    ['^\\s$', '\u00a0', false],
    ['^[\\S]$', '\v', true],
    ['^\\p{Greek}+$', 'αβγ', true],
    ['^\\pL\\PL$', 'é1', true],
    ['^\\Qa.b*\\E+$', 'a.b**', true],
    ['^\\x{1F600}\\x41\\101$', '😀AA', true],
    ['^.$', '😀', true],
    ['(?U)^a+$', 'aaa', true],
    ['^a{2,}b{,2}$', 'aab{,2}', true],
    ['^[]\\-a-c&&]+$', ']-b&', true],
    ['^/"$', '/"', true],
    ['a(?i)b', 'aB', true],
    ['a(?i)b', 'Ab', false],
    ['^(?i:a)b$', 'Ab', true],
    ['^(?i:a)b$', 'AB', false],
  ])('%s on %j: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });
});

const pieces = [
  'a',
  '(',
  ')',
  '[',
  ']',
  '{2}',
  '*',
  '?',
  '\\',
  '^',
  '-',
  '|',
  '(?i)',
  '(?',
  '[:alpha:]',
  '\\p{',
  '\\x',
  '😀',
  '\\Q',
  '0',
];

test('any text is answered, and what is refused matches nothing', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(fc.constantFrom(...pieces)).map((all) => all.join('')),
      ),
      (pattern) => {
        expect(matches(pattern, 'a0') === undefined).toBe(patternProblem(pattern) !== undefined);
      },
    ),
    { numRuns: 2000 },
  );
});
