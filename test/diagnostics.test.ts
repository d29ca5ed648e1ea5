import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codes, type Diagnostic, hasErrors, Refusal, sortDiagnostics } from '../src/diagnostics.js';

const diagnostic = (
  message: string,
  at?: Diagnostic['at'],
  severity: Diagnostic['severity'] = 'error',
): Diagnostic => ({
  code: 'OG1001',
  severity,
  message,
  ...(at && { at }),
});

const anyDiagnostic = fc
  .record({
    message: fc.string(),
    at: fc.option(
      fc.record({
        file: fc.constantFrom('b.ts', 'a.ts', 'a/b.ts', 'B.ts', 'ä.ts', 'a10.ts', 'a9.ts'),
        line: fc.integer({ min: 1, max: 12 }),
        column: fc.integer({ min: 1, max: 12 }),
      }),
      { nil: undefined },
    ),
  })
  .map(({ message, at }) => diagnostic(message, at));

describe('sortDiagnostics', () => {
  test('orders by file, line and column as numbers, files by code unit', () => {
    const places = ['a.ts:10:1', 'a.ts:9:1', 'a.ts:9:10', 'a.ts:9:9', 'ä.ts:1:1', 'b.ts:1:1', 'B.ts:2:1', 'a/b.ts:1:1'];
    const sorted = sortDiagnostics(
      places.map((place) => {
        const [file, line, column] = place.split(':') as [string, string, string];
        return diagnostic(place, { file, line: Number(line), column: Number(column) });
      }),
    );
    expect(sorted.map(({ message }) => message)).toEqual([
      'B.ts:2:1',
      'a.ts:9:1',
      'a.ts:9:9',
      'a.ts:9:10',
      'a.ts:10:1',
      'a/b.ts:1:1',
      'b.ts:1:1',
      'ä.ts:1:1',
    ]);
  });

  test('keeps the order of those without a position, in front, and of those at the same position', () => {
    const at = { file: 'a.ts', line: 1, column: 1 };
    const found = [diagnostic('z', at), diagnostic('y'), diagnostic('a', at), diagnostic('b')];
    expect(sortDiagnostics(found).map(({ message }) => message)).toEqual(['y', 'b', 'z', 'a']);
  });

  test('loses nothing, changes nothing in place and is idempotent', () => {
    fc.assert(
      fc.property(fc.array(anyDiagnostic), (found) => {
        const before = [...found];
        const sorted = sortDiagnostics(found);
        expect(found).toEqual(before);
        expect(new Set(sorted)).toEqual(new Set(found));
        expect(sorted).toHaveLength(found.length);
        expect(sortDiagnostics(sorted)).toEqual(sorted);
      }),
    );
  });

  test('puts diagnostics of different positions in one order, however they came', () => {
    const distinct = fc.uniqueArray(
      anyDiagnostic.filter(({ at }) => at !== undefined),
      { selector: ({ at }) => JSON.stringify(at) },
    );
    const withShuffle = distinct.chain((found) =>
      fc.tuple(fc.constant(found), fc.shuffledSubarray(found, { minLength: found.length })),
    );
    fc.assert(
      fc.property(withShuffle, ([found, shuffled]) => {
        expect(sortDiagnostics(shuffled)).toEqual(sortDiagnostics(found));
      }),
    );
  });
});

test('only errors count as errors', () => {
  expect(hasErrors([])).toBe(false);
  expect(hasErrors([diagnostic('w', undefined, 'warning')])).toBe(false);
  expect(hasErrors([diagnostic('w', undefined, 'warning'), diagnostic('e')])).toBe(true);
});

test('a refusal carries its diagnostics and their messages', () => {
  const refusal = new Refusal(diagnostic('first'), diagnostic('second'));
  expect(refusal.message).toBe('first\nsecond');
  expect(refusal.diagnostics.map(({ message }) => message)).toEqual(['first', 'second']);
});

describe('the codes', () => {
  test('are listed in ascending order, with four digits', () => {
    const names = Object.keys(codes);
    expect(names).toEqual([...names].sort());
    expect(names.filter((name) => !/^OG\d{4}$/.test(name))).toEqual([]);
  });

  test('have a title each, unlike all others, without a full stop', () => {
    const titles = Object.values(codes).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles.filter((title) => !/^[A-Z].*[^.]$/.test(title))).toEqual([]);
  });

  test('end a run with 1 for findings in sources, with 2 for the command line', () => {
    const exits = (range: string) =>
      new Set(
        Object.entries(codes)
          .filter(([code]) => code.startsWith(range))
          .map(([, { exit }]) => exit),
      );
    expect(exits('OG1')).toEqual(new Set([1]));
    expect(exits('OG2')).toEqual(new Set([1]));
    expect(exits('OG3')).toEqual(new Set([1]));
    expect(exits('OG5')).toEqual(new Set([2]));
  });
});
