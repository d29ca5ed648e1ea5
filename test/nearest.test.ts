import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nearest } from '../src/nearest.js';

describe('nearest', () => {
  const markers = ['Minimum', 'Maximum', 'MinLength', 'MaxLength', 'MinItems', 'Enum', 'Pattern', 'Format'];

  test.each([
    ['a missing letter', 'Minmum', 'Minimum'],
    ['a letter too many', 'Patternn', 'Pattern'],
    ['a wrong letter', 'Maxinum', 'Maximum'],
    ['two swapped letters', 'MinLenght', 'MinLength'],
    ['another case', 'MINITEMS', 'MinItems'],
    ['a short name with one wrong letter', 'Enun', 'Enum'],
    ['the name itself', 'Format', 'Format'],
  ])('finds %s: %s → %s', (_, name, found) => {
    expect(nearest(name, markers)).toBe(found);
  });

  test.each(['Description', 'Optional', 'x', 'Zzzzzzz'])('finds nothing for %s, which resembles none', (name) => {
    expect(nearest(name, markers)).toBeUndefined();
  });

  test('finds nothing among no candidates', () => {
    expect(nearest('Minimum', [])).toBeUndefined();
  });

  test('prefers the nearest, and of equally near ones the first', () => {
    expect(nearest('MaxLengt', ['MinLength', 'MaxLength'])).toBe('MaxLength');
    expect(nearest('bat', ['cat', 'hat'])).toBe('cat');
    expect(nearest('bat', ['hat', 'cat'])).toBe('hat');
  });

  test('finds every name from which a single letter was lost', () => {
    fc.assert(
      fc.property(fc.constantFrom(...markers), fc.nat(), (name, seed) => {
        const index = seed % name.length;
        expect(nearest(name.slice(0, index) + name.slice(index + 1), markers)).toBe(name);
      }),
    );
  });
});
