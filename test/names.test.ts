import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pluralize } from '../src/names.js';

const plurals: Record<string, string> = JSON.parse(readFileSync('fixtures/names/plurals.json', 'utf8'));

test('plurals are those of flect 1.0.3 for every word of the fixture', () => {
  const words = Object.keys(plurals);
  expect(words.length).toBeGreaterThan(1500);
  expect(Object.fromEntries(words.map((word) => [word, pluralize(word)]))).toEqual(plurals);
});

test.each([
  ['Memcached', 'memcacheds'],
  ['Proxy', 'proxies'],
  ['IngressRouteTCP', 'ingressroutetcps'],
  ['Redis', 'redis'],
  ['NetworkPolicy', 'networkpolicies'],
])('%s → %s', (kind, plural) => {
  expect(pluralize(kind)).toBe(plural);
});
