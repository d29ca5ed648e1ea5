import { expect, test } from 'vitest';
import { createSettled } from '../../../src/runtime/client/settled.js';

const sent = { list: [{ a: 1 }] };
const stored = { list: [{ a: 1, b: 2 }] };

test('holds 10 000 objects, and forgets the one that was not used for longest', () => {
  const settled = createSettled();
  for (let index = 0; index < 10_000; index++) settled.remember(String(index), sent, stored);
  expect(settled.isSettled('0', sent, stored)).toBe(true);
  settled.remember('10000', sent, stored);
  expect(settled.isSettled('0', sent, stored)).toBe(true);
  expect(settled.isSettled('1', sent, stored)).toBe(false);
  expect(settled.isSettled('10000', sent, stored)).toBe(true);
});

test('an object that the API server stores as it is sent takes no room', () => {
  const settled = createSettled();
  settled.remember('kept', sent, stored);
  for (let index = 0; index < 20_000; index++) settled.remember(String(index), sent, sent);
  expect(settled.isSettled('kept', sent, stored)).toBe(true);
});

test('a patch is settled only as a whole', () => {
  const settled = createSettled();
  settled.remember('x', sent, stored);
  expect(settled.isSettled('x', { ...sent, size: 1 }, stored)).toBe(false);
  expect(settled.isSettled('x', { list: [{ a: 2 }] }, stored)).toBe(false);
  expect(settled.isSettled('x', sent, { list: [{ a: 1, b: 3 }] })).toBe(false);
  expect(settled.isSettled('y', sent, stored)).toBe(false);
});

test('names of members do not run together', () => {
  const settled = createSettled();
  settled.remember('x', { 'a/b': [1] }, { 'a/b': [2] });
  expect(settled.isSettled('x', { a: { b: [1] } }, { a: { b: [2] } })).toBe(false);
});
