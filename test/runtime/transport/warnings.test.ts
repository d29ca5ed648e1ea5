import { expect, test } from 'vitest';
import { onceEach } from '../../../src/runtime/transport/index.js';

test('each warning is told once', () => {
  const told: string[] = [];
  const tell = onceEach((text) => void told.push(text));
  for (const text of ['a', 'b', 'a', 'b', 'c']) tell(text);
  expect(told).toEqual(['a', 'b', 'c']);
});

test('no more than 1000 are remembered', () => {
  const told: string[] = [];
  const tell = onceEach((text) => void told.push(text));
  for (let count = 0; count <= 1000; count++) tell(String(count));
  tell('1000');
  tell('0');
  expect(told).toHaveLength(1002);
});
