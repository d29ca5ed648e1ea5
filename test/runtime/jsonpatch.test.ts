import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyJsonPatch, JsonPatchError, type JsonPatchOp } from '../../src/runtime/jsonpatch.js';

const apply = (document: unknown, ...operations: JsonPatchOp[]) => applyJsonPatch(document, operations);

describe('applyJsonPatch', () => {
  test.each<[string, unknown, JsonPatchOp, unknown]>([
    ['adds a member', { a: 1 }, { op: 'add', path: '/b', value: 2 }, { a: 1, b: 2 }],
    ['add replaces a member', { a: 1 }, { op: 'add', path: '/a', value: 2 }, { a: 2 }],
    ['add inserts into a list', { a: [1, 3] }, { op: 'add', path: '/a/1', value: 2 }, { a: [1, 2, 3] }],
    ['add appends at the length', { a: [1] }, { op: 'add', path: '/a/1', value: 2 }, { a: [1, 2] }],
    ['add appends at -', { a: [1] }, { op: 'add', path: '/a/-', value: 2 }, { a: [1, 2] }],
    ['add at the root replaces the document', { a: 1 }, { op: 'add', path: '', value: [] }, []],
    ['removes a member', { a: 1, b: 2 }, { op: 'remove', path: '/a' }, { b: 2 }],
    ['removes an entry', { a: [1, 2, 3] }, { op: 'remove', path: '/a/1' }, { a: [1, 3] }],
    ['replaces a member', { a: 1 }, { op: 'replace', path: '/a', value: { b: 1 } }, { a: { b: 1 } }],
    ['replaces an entry', { a: [1, 2] }, { op: 'replace', path: '/a/0', value: 9 }, { a: [9, 2] }],
    ['moves', { a: { b: 1 }, c: {} }, { op: 'move', from: '/a/b', path: '/c/d' }, { a: {}, c: { d: 1 } }],
    ['moves within a list', { a: [1, 2, 3] }, { op: 'move', from: '/a/0', path: '/a/2' }, { a: [2, 3, 1] }],
    ['copies', { a: { b: [1] } }, { op: 'copy', from: '/a', path: '/c' }, { a: { b: [1] }, c: { b: [1] } }],
    ['~1 is a slash, ~0 a tilde', { 'a/b~c': 1 }, { op: 'replace', path: '/a~1b~0c', value: 2 }, { 'a/b~c': 2 }],
    ['~01 is ~1', { '~1': 1 }, { op: 'remove', path: '/~01' }, {}],
    ['an empty name is a name', { '': 1 }, { op: 'remove', path: '/' }, {}],
    [
      'test compares objects without order',
      { a: { b: 1, c: 2 } },
      { op: 'test', path: '/a', value: { c: 2, b: 1 } },
      { a: { b: 1, c: 2 } },
    ],
    ['test for null passes on a missing member', { a: 1 }, { op: 'test', path: '/b', value: null }, { a: 1 }],
    ['replace adds a missing member, as the API server does', {}, { op: 'replace', path: '/a', value: 1 }, { a: 1 }],
  ])('%s', (_claim, document, operation, result) => {
    expect(apply(document, operation)).toEqual(result);
  });

  test.each<[string, unknown, JsonPatchOp]>([
    ['add below a missing parent', {}, { op: 'add', path: '/a/b', value: 1 }],
    ['add below a scalar', { a: 1 }, { op: 'add', path: '/a/b', value: 1 }],
    ['add behind the end', { a: [1] }, { op: 'add', path: '/a/2', value: 1 }],
    ['an index with a leading zero', { a: [1, 2] }, { op: 'remove', path: '/a/01' }],
    ['a negative index', { a: [1, 2] }, { op: 'remove', path: '/a/-1' }],
    ['remove at -', { a: [1] }, { op: 'remove', path: '/a/-' }],
    ['remove a missing member', {}, { op: 'remove', path: '/a' }],
    ['remove what is only inherited', {}, { op: 'remove', path: '/constructor' }],
    ['replace a missing entry', { a: [] }, { op: 'replace', path: '/a/0', value: 1 }],
    ['test of another value', { a: 1 }, { op: 'test', path: '/a', value: 2 }],
    ['test of a number against its text', { a: 1 }, { op: 'test', path: '/a', value: '1' }],
    ['test of a missing member', {}, { op: 'test', path: '/a', value: 1 }],
    ['test for null below a missing parent', {}, { op: 'test', path: '/a/b', value: null }],
    ['copy from nowhere', {}, { op: 'copy', from: '/a', path: '/b' }],
    ['move into itself', { a: { b: 1 } }, { op: 'move', from: '/a', path: '/a/b' }],
    ['a path without a slash', { a: 1 }, { op: 'remove', path: 'a' }],
    ['no path', { a: 1 }, { op: 'remove' } as unknown as JsonPatchOp],
    ['an unknown operation', {}, { op: 'merge', path: '/a' } as unknown as JsonPatchOp],
  ])('refuses: %s', (_claim, document, operation) => {
    const text = JSON.stringify(document);
    expect(() => apply(document, operation)).toThrow(JsonPatchError);
    expect(JSON.stringify(document)).toBe(text);
  });

  test('all operations or none', () => {
    const document = { a: 1 };
    const patch: JsonPatchOp[] = [
      { op: 'replace', path: '/a', value: 2 },
      { op: 'test', path: '/a', value: 1 },
    ];
    expect(() => applyJsonPatch(document, patch)).toThrow('testing value /a failed');
    expect(document).toEqual({ a: 1 });
  });

  test('the value of an operation is copied', () => {
    const value = { list: [1] };
    const result = apply({}, { op: 'add', path: '/a', value }, { op: 'add', path: '/a/list/-', value: 2 });
    expect(result).toEqual({ a: { list: [1, 2] } });
    expect(value).toEqual({ list: [1] });
  });

  test('a member named __proto__ does not reach the prototype', () => {
    const result = apply({}, { op: 'add', path: '/__proto__', value: { polluted: true } }) as Record<string, unknown>;
    expect(result.polluted).toBeUndefined();
    expect(Object.keys(result)).toEqual(['__proto__']);
  });

  test('what was added can be tested and removed again', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), fc.jsonValue(), (raw, name, value) => {
        const document = JSON.parse(JSON.stringify(raw));
        if (Object.hasOwn(document, name)) return;
        const path = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        const added = apply(document, { op: 'add', path, value }, { op: 'test', path, value });
        expect(JSON.stringify(apply(added, { op: 'remove', path }))).toBe(JSON.stringify(document));
      }),
    );
  });
});
