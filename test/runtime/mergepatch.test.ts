import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { copyOf, freezeDeep, isEqual } from '../../src/runtime/json.js';
import { applyMergePatch, mergePatchOf } from '../../src/runtime/mergepatch.js';

/** JSON whose member names meet those of Object.prototype now and then. */
const names = fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'constructor', 'toString', 'length'), fc.string());

const json = (leaf: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
    object: fc.dictionary(names, tie('value'), { maxKeys: 4 }).map((members) => JSON.parse(JSON.stringify(members))),
  })).value;

const leaves = fc.oneof(fc.string(), fc.integer(), fc.boolean());
const withoutNull = json(leaves);
const withNull = json(fc.oneof(leaves, fc.constant(null)));

describe('mergePatchOf', () => {
  test('applying the patch gives the other object', () => {
    fc.assert(
      fc.property(withoutNull, withoutNull, (before, after) => {
        const patch = mergePatchOf(before, after);
        expect(isEqual(patch === undefined ? before : applyMergePatch(before, patch), after)).toBe(true);
      }),
    );
  });

  test('a second patch is not needed, whatever nulls there are', () => {
    fc.assert(
      fc.property(withNull, withNull, (before, after) => {
        const patch = mergePatchOf(before, after);
        if (patch === undefined || patch === null || after === null) return;
        expect(mergePatchOf(applyMergePatch(before, patch), after)).toBeUndefined();
      }),
    );
  });

  test('neither argument changes, nor do later changes of the result reach them', () => {
    fc.assert(
      fc.property(withoutNull, withoutNull, (before, after) => {
        const texts = [JSON.stringify(before), JSON.stringify(after)];
        applyMergePatch(freezeDeep(before), mergePatchOf(before, freezeDeep(after)) ?? {});
        expect([JSON.stringify(before), JSON.stringify(after)]).toEqual(texts);
      }),
    );
  });

  test('only what differs is in it', () => {
    const before = { metadata: { labels: { a: '1', b: '2' } }, spec: { list: [1, 2], same: { x: 1 } } };
    const after = { metadata: { labels: { a: '1', c: '3' } }, spec: { list: [1], same: { x: 1 } } };
    expect(mergePatchOf(before, after)).toEqual({ metadata: { labels: { b: null, c: '3' } }, spec: { list: [1] } });
  });

  test('undefined and null say that a member shall go', () => {
    expect(mergePatchOf({ a: 1, b: 2 }, { a: undefined, b: null })).toEqual({ a: null, b: null });
    expect(mergePatchOf({}, { a: undefined, b: null })).toBeUndefined();
    expect(mergePatchOf({ a: {} }, { a: { b: null } })).toBeUndefined();
    expect(mergePatchOf({ a: null }, { a: null })).toBeUndefined();
  });

  test('an empty object is a value', () => {
    expect(mergePatchOf({}, { emptyDir: {} })).toEqual({ emptyDir: {} });
  });

  test('members that every object inherits are not members', () => {
    expect(mergePatchOf({ constructor: 'x' }, {})).toEqual({ constructor: null });
    expect(mergePatchOf({}, { toString: 'x' })).toEqual({ toString: 'x' });
  });

  test('a member named __proto__ does not reach the prototype', () => {
    const patch = JSON.parse('{"__proto__": {"polluted": true}}');
    const result = applyMergePatch({}, patch) as Record<string, unknown>;
    expect(result.polluted).toBeUndefined();
    expect(Object.keys(result)).toEqual(['__proto__']);
    expect(Object.keys(mergePatchOf({}, patch) as object)).toEqual(['__proto__']);
  });
});

describe('applyMergePatch: the examples of RFC 7386', () => {
  test.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('%s with %s is %s', (target, patch, result) => {
    expect(applyMergePatch(JSON.parse(target), JSON.parse(patch))).toEqual(JSON.parse(result));
  });
});

describe('copyOf and isEqual', () => {
  test('a copy is equal, and JSON cannot tell it from the original', () => {
    fc.assert(
      fc.property(withNull, (value) => {
        expect(isEqual(copyOf(value), value)).toBe(true);
        expect(JSON.stringify(copyOf(value))).toBe(JSON.stringify(value));
      }),
    );
  });

  test('a copy shares nothing', () => {
    const value = { a: [{ b: 1 }] };
    const copy = copyOf(value);
    copy.a.push({ b: 2 });
    (copy.a[0] as { b: number }).b = 3;
    expect(value).toEqual({ a: [{ b: 1 }] });
  });

  test('equality is that of JSON with sorted members', () => {
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : typeof value === 'object' && value !== null
          ? {
              members: Object.entries(value)
                .sort(([left], [right]) => (left < right ? -1 : 1))
                .map(([key, member]) => [key, sorted(member)]),
            }
          : value;
    fc.assert(
      fc.property(withNull, withNull, (left, right) => {
        const same = JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
        expect(isEqual(left, right)).toBe(same);
        expect(isEqual(right, left)).toBe(same);
      }),
    );
  });

  test('a missing member equals undefined, but not null, nor what is inherited', () => {
    expect(isEqual({ a: undefined }, {})).toBe(true);
    expect(isEqual({ a: null }, {})).toBe(false);
    expect(isEqual({ toString: 1 }, { valueOf: 1 })).toBe(false);
    expect(isEqual([], {})).toBe(false);
  });
});
