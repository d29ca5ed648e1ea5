import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shortDiff, unifiedDiff } from '../../src/emit/diff.js';
import { tempFolder } from '../support/temp.js';

const lines = (...names: string[]) => names.map((name) => `${name}\n`).join('');

test('equal texts have no difference', () => {
  expect(unifiedDiff('a.yaml', 'x\n', 'x\n')).toBe('');
});

test.each([
  [
    'a changed line with its context',
    lines('1', '2', '3', '4', '5', '6', '7', '8', '9'),
    lines('1', '2', '3', '4', 'X', '6', '7', '8', '9'),
    '@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+X\n 6\n 7\n 8\n',
  ],
  ['a new file', '', lines('1', '2'), '@@ -0,0 +1,2 @@\n+1\n+2\n'],
  ['a deleted file', lines('1'), '', '@@ -1 +0,0 @@\n-1\n'],
  ['a missing line end', '1\n2', '1\n2\n', '@@ -1,2 +1,2 @@\n 1\n-2\n\\ No newline at end of file\n+2\n'],
  [
    'an insertion, not a rewrite',
    lines('a', 'b', 'c', 'a', 'b'),
    lines('a', 'b', 'x', 'c', 'a', 'b'),
    '@@ -1,5 +1,6 @@\n a\n b\n+x\n c\n a\n b\n',
  ],
])('%s', (_, before, after, hunk) => {
  expect(unifiedDiff('a.yaml', before, after)).toBe(`--- a/a.yaml\n+++ b/a.yaml\n${hunk}`);
});

test('differences far apart are separate hunks', () => {
  const before = Array.from({ length: 40 }, (_, index) => String(index));
  const after = before.with(5, 'x').with(30, 'y');
  expect(unifiedDiff('a', lines(...before), lines(...after)).match(/^@@.*@@$/gm)).toEqual([
    '@@ -3,7 +3,7 @@',
    '@@ -28,7 +28,7 @@',
  ]);
});

test('context 0 gives hunks that patch understands', () => {
  expect(unifiedDiff('a', lines('1', '2'), lines('1', 'x', '2'), 0)).toContain('@@ -1,0 +2 @@\n+x\n');
});

/** Applies the hunks by their line numbers; fails where their old side does not match. */
function patch(before: string, diff: string): string {
  const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let position = 0;
  for (const hunk of diff.split(/^(?=@@ )/m).slice(1)) {
    const [, from, count] = /^@@ -(\d+)(?:,(\d+))? /.exec(hunk)!;
    const start = count === '0' ? Number(from) : Number(from) - 1;
    result.push(...old.slice(position, start));
    position = start;
    const body = hunk.slice(hunk.indexOf('\n') + 1).replace(/\n\\ No newline at end of file\n/g, '\0');
    for (const line of body.match(/[^\n\0]*[\n\0]/g) ?? []) {
      const text = line.slice(1).replace('\0', '');
      if (line[0] !== '+') expect(old[position++]).toBe(text);
      if (line[0] !== '-') result.push(text);
    }
  }
  return [...result, ...old.slice(position)].join('');
}

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 })
  .chain((parts) => fc.boolean().map((ended) => parts.join('\n') + (ended ? '\n' : '')));

test('the difference, applied to the old text, gives the new one', () => {
  fc.assert(
    fc.property(text, text, fc.nat(4), (before, after, context) => {
      expect(patch(before, unifiedDiff('a', before, after, context))).toBe(after);
    }),
    { numRuns: 500 },
  );
});

test('git applies it', () => {
  const folder = tempFolder();
  const before = lines('1', '2', '3', 'same', 'same', '6');
  const after = `${lines('0', '1', '3', 'same', 'new', 'same')}6`;
  writeFileSync(join(folder, 'f.txt'), before);
  execFileSync('git', ['apply', '-'], { cwd: folder, input: unifiedDiff('f.txt', before, after) });
  expect(readFileSync(join(folder, 'f.txt'), 'utf8')).toBe(after);
});

test('files of 20,000 lines that share nothing, and ones that share every second line, take seconds at most', () => {
  const make = (line: (index: number) => string) =>
    Array.from({ length: 20_000 }, (_, index) => `${line(index)}\n`).join('');
  const before = make((index) => `old ${index}`);
  const start = performance.now();
  const other = make((index) => `new ${index}`);
  const half = make((index) => (index % 2 ? `old ${index}` : `new ${index}`));
  expect(patch(before, unifiedDiff('a', before, other))).toBe(other);
  expect(patch(before, unifiedDiff('a', before, half))).toBe(half);
  expect(performance.now() - start).toBeLessThan(10_000);
});

test('for people, a long difference ends with how much is left out', () => {
  const detail = shortDiff('a', '', lines(...Array.from({ length: 500 }, (_, index) => String(index))));
  expect(detail.split('\n').length).toBe(202);
  expect(detail).toMatch(/\n… 303 more lines\n$/);
});
