import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchingText } from '../../../src/generators/samples/pattern.js';

test.each([
  ['^\\d+\\.\\d+\\.\\d+$', '1.1.1'],
  ['^v[0-9]+(alpha|beta)?$', 'v1'],
  ['^(cpu|memory)$', 'cpu'],
  ['^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', 'a'],
  ['^(?:[^/]+/)?[^:]+:[\\w.-]{3,}$', 'a:aaa'],
  ['^https?://', 'http://'],
  ['^[A-Z][a-z]{2}$', 'Aaa'],
  ['^[\\w\\-]+\\-x$', 'a-x'],
  ['^(\\+|-)?1[\\]\\[]$', '1['],
  ['(?P<x>a)', 'a'],
  ['^[[:alpha:]]+$', 'a'],
  ['^[[:upper:]]\\PL$', 'A1'],
  ['^\\pL+$', 'a'],
  ['^\\p{Greek}$', 'Ͱ'],
  ['^\\Aa\\z$', 'a'],
  ['^(?i:b)[é]\\n$', 'bé\n'],
  ['^(a+)+$', 'a'],
  ['', ''],
])('%s is matched by %s', (pattern, text) => {
  expect(matchingText(pattern)).toBe(text);
});

test.each([
  ['^[a-z]+$', 10, 12],
  ['^[a-z]{2,}-[0-9]*$', 7, 7],
  ['^([a-z]+\\.)+[a-z]+$', 21, 63],
  ['^arn:aws:iam::\\d{12}:role/.+$', 40, 2048],
])('%s with %i to %i characters', (pattern, min, max) => {
  const text = matchingText(pattern, min, max);
  expect(text).toMatch(new RegExp(pattern));
  expect(text!.length).toBeGreaterThanOrEqual(min);
  expect(text!.length).toBeLessThanOrEqual(max);
});

test.each([
  '^(?=b)a$',
  '^(a)\\1$',
  '(',
  '[',
  '^[^\\s\\S]$',
  '^(?!kube-)[a-z-]+$',
  '^(a+)+\\b\\B$',
  '((((((a{1000}){1000}){1000}){1000}){1000}){1000})b',
])('%s: no text rather than a wrong one', (pattern) => {
  expect(matchingText(pattern)).toBeUndefined();
});

test('any text as pattern gives a match or nothing', () => {
  const piece = fc.constantFrom(...'ab1^$.|()[]{}*+?\\-,d:!=', '\\d', '\\w', '[a-z]', '(?:', '{2}', '{1,3}', '[^');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const pattern = pieces.join('');
      const text = matchingText(pattern);
      const other = readLikeGo(pattern);
      if (text !== undefined && other) expect(text).toMatch(other);
    }),
    { numRuns: 500 },
  );
});

/** Absent where JavaScript reads the pattern otherwise than Go, or not at all. */
function readLikeGo(pattern: string): RegExp | undefined {
  try {
    return /\[\^?\]/.test(pattern) ? undefined : new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
}
