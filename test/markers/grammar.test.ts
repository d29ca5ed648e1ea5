import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Arg } from '../../src/ir/marker.js';
import type { Json } from '../../src/ir/schema.js';
import { arg } from '../../src/markers/define.js';

const read = (of: Arg<unknown>, text: string): unknown => {
  const result = of.parse(text);
  if ('value' in result) return result.value;
  const { expected, offset } = result;
  return { expected, offset };
};

const valid: readonly (readonly [string, Arg<unknown>, string, unknown])[] = [
  ['string', arg.string(), '"a \\"b\\" \\t\\x41\\101\\u00e9\\U0001F600"', 'a "b" \tAAé😀'],
  ['string', arg.string(), '`^\\d+{2}"$`', '^\\d+{2}"$'],
  ['string', arg.string(), ' bare text ', 'bare text'],
  ['string', arg.string(), "'single'", "'single'"],
  ['string', arg.string(), '.items[?(@.type=="a,b")].x', '.items[?(@.type=="a,b")].x'],
  ['string', arg.string(), 'a:b', 'a:b'],
  ['string', arg.string(), '', ''],
  ['integer', arg.integer(), '-12', -12],
  ['integer', arg.integer(), '007', 7],
  ['number', arg.number(), '-0.5', -0.5],
  ['number', arg.number(), '.5', 0.5],
  ['number', arg.number(), '1e3', 1000],
  ['boolean', arg.boolean(), 'true', true],
  ['list', arg.list(arg.string()), '{a,"b c",d,}', ['a', 'b c', 'd']],
  ['list', arg.list(arg.string()), 'a;"";b', ['a', '', 'b']],
  ['list with white space', arg.list(arg.string()), '{ a , b }', ['a', 'b']],
  ['empty list', arg.list(arg.string()), '{}', []],
  ['core group', arg.list(arg.string()), '""', ['']],
  ['separator at the end', arg.list(arg.string()), 'a;b;', ['a', 'b']],
  [
    'lists in both spellings',
    arg.list(arg.list(arg.integer())),
    '{4;5,6;7}',
    [
      [4, 5],
      [6, 7],
    ],
  ],
  ['plus sign', arg.integer(), '+3', 3],
  [
    'nested list',
    arg.list(arg.list(arg.integer())),
    '{{4,5},{6,7}}',
    [
      [4, 5],
      [6, 7],
    ],
  ],
  ['raw', arg.raw(), ' a;b{2} ', 'a;b{2}'],
  ['json', arg.json(), '{"a": [1, null]}', { a: [1, null] }],
];

test.each(valid)('%s: %s reads %s', (_, of, text, value) => {
  expect(read(of, text)).toEqual(value);
});

const invalid: readonly (readonly [string, Arg<unknown>, string, string, number])[] = [
  ['unpaired quote', arg.string(), 'a"b', 'a closing `"`, but the text ends', 1],
  ['unpaired backquote', arg.string(), 'don`t', 'a closing backquote, but the text ends', 3],
  ['unknown escape', arg.string(), '"\\d"', 'an escape of Go in a quoted string, but got `\\d`', 1],
  ['byte beyond ASCII', arg.string(), '"\\xe9"', 'an escape of Go in a quoted string, but got `\\x`', 1],
  ['brace in a bare pattern', arg.string(), '^a{3}$', 'nothing behind the value, but got `}$`', 4],
  ['comma in a bare string', arg.string(), 'a,b', 'nothing behind the value, but got `,b`', 1],
  ['hexadecimal', arg.integer(), '0x1F', 'an integer, but got `0x1F`', 0],
  ['fraction', arg.integer(), ' 1.5', 'an integer, but got `1.5`', 1],
  [
    'beyond 53 bits',
    arg.integer(),
    '9007199254740993',
    'an integer, but got `9007199254740993`, which has more digits than a number keeps',
    0,
  ],
  ['below the least', arg.integer(1), '0', 'an integer that is at least 1, but got `0`', 0],
  ['nothing', arg.number(), '', 'a number, but there is none', 0],
  ['capital', arg.boolean(), 'True', '`true` or `false`, but got `True`', 0],
  ['open list', arg.list(arg.string()), '{a,b', 'a comma or a closing brace in the list, but the text ends', 4],
  ['no element', arg.list(arg.string()), '', 'an element, `""` if it is empty, but the text ends', 0],
  ['empty element', arg.list(arg.string()), 'a;;b', 'an element, `""` if it is empty, but got `;b`', 2],
  ['empty element in braces', arg.list(arg.string()), '{a,,b}', 'an element, `""` if it is empty, but got `,b}`', 3],
  ['escaped single quote', arg.string(), '"\\\'"', "an escape of Go in a quoted string, but got `\\'`", 1],
  ['both list spellings', arg.list(arg.integer()), '{1;2}', 'a comma or a closing brace in the list, but got `;2}`', 2],
  ['element', arg.list(arg.integer()), '1;x', 'an integer, but got `x`', 2],
  ['word', arg.oneOf('map', 'set'), 'mapp', 'one of `map`, `set`, but got `mapp`', 0],
];

test.each(invalid)('%s is refused with its place', (_, of, text, expected, offset) => {
  expect(read(of, text)).toEqual({ expected, offset });
});

describe('any', () => {
  const guesses: readonly (readonly [string, unknown])[] = [
    ['1;2;3', [1, 2, 3]],
    ['a;b', ['a', 'b']],
    ['"a;b"', 'a;b'],
    ["'a'", "'a'"],
    ['{}', {}],
    ['{a: 1, "k 2": {x: true}}', { a: 1, 'k 2': { x: true } }],
    ['{"a","b"}', ['a', 'b']],
    ['{4.5,3}', [4.5, 3]],
    ['{{1,2},{3}}', [[1, 2], [3]]],
    ['{1;2,3}', [[1, 2], [3]]],
    ['{{1;2},{3}}', [[[1, 2]], [[3]]]],
    ['a;', ['a']],
    ['{{name: a},{name: b}}', [{ name: 'a' }, { name: 'b' }]],
    ['{"__proto__": 1}', JSON.parse('{"__proto__": 1}')],
    ['false', false],
    ['-3', -3],
    ['64Ki', '64Ki'],
    ['2031-07-09', '2031-07-09'],
    ['42/data', '42/data'],
    ['0891', '0891'],
    ['md5:0f', 'md5:0f'],
    ['1.2.3', '1.2.3'],
    ['trueish', 'trueish'],
    ['1.50', 1.5],
    ['', ''],
  ];
  test.each(guesses)('guesses %s', (text, value) => {
    expect(read(arg.any(), text)).toEqual(value);
  });

  test('a list has the type of its first element', () => {
    expect(read(arg.any(), '{3, 4.5}')).toEqual({ expected: 'an integer, but got `4.5`', offset: 4 });
    expect(read(arg.any(), '{a, 1}')).toEqual(['a', '1']);
  });

  test('braces without end are refused', () => {
    expect(read(arg.any(), '{'.repeat(100_000))).toMatchObject({
      expected: expect.stringContaining('at most 40 levels'),
    });
  });
});

describe('record', () => {
  const record = arg.record({
    name: arg.string(),
    verbs: arg.optional(arg.list(arg.string())),
    priority: arg.optional(arg.integer()),
  });

  test.each([
    ['name=a', { name: 'a' }],
    ['priority=1,name="x, y"', { name: 'x, y', priority: 1 }],
    ['name = a , verbs = get;list , priority = 2', { name: 'a', verbs: ['get', 'list'], priority: 2 }],
    ['name=a,verbs={get,list},priority=1', { name: 'a', verbs: ['get', 'list'], priority: 1 }],
    ['name=a,name=b', { name: 'b' }],
  ])('reads %s', (text, value) => {
    expect(read(record, text)).toEqual(value);
  });

  test.each([
    ['priority=1', 'the argument `name`, but it is missing', 0],
    ['nam=1', 'one of the arguments `name`, `verbs`, `priority`, but got `nam=1`', 0],
    ['toString=1', 'one of the arguments `name`, `verbs`, `priority`, but got `toString=1`', 0],
    ['name:a', '`=` behind `name`, but got `:a`', 4],
    ['name=a;priority=1', 'a comma before the next argument, but got `;priority=1`', 6],
    ['name=a,priority=x', 'an integer as `priority`, but got `x`', 16],
  ])('refuses %s', (text, expected, offset) => {
    expect(read(record, text)).toEqual({ expected, offset });
  });

  test('an argument that stands twice is doubtful', () => {
    expect(record.parse('name=a, name=b')).toEqual({
      value: { name: 'b' },
      doubts: [{ expected: 'each argument once, but `name` stands twice, and the last one counts', offset: 8 }],
    });
    expect(record.parse('name=a')).toEqual({ value: { name: 'a' } });
  });

  test.each([
    [record, 'nam=1', 'name'],
    [record, 'whatever=1', undefined],
    [arg.oneOf('atomic', 'set', 'map'), 'maps', 'map'],
    [arg.oneOf('atomic', 'set', 'map'), 'list', undefined],
  ])('the word that is near is named', (of: Arg<unknown>, text, meant) => {
    expect((of.parse(text) as { meant?: string }).meant).toBe(meant);
  });
});

describe('a value that is written in the grammar is read as it was', () => {
  /** A value and one of its spellings. */
  interface Written {
    readonly value: Json;
    readonly text: string;
  }

  const space = fc.constantFrom('', ' ', '  ', '\t');
  const go = (text: string): string =>
    `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;
  const escaped = (text: string): string =>
    `"${[...text].map((char) => `\\U${char.codePointAt(0)!.toString(16).padStart(8, '0')}`).join('')}"`;

  const quoted = fc.string({ unit: 'grapheme' }).chain((value) => {
    const spellings = [go(value), escaped(value), ...(value.includes('`') ? [] : [`\`${value}\``])];
    return fc.constantFrom(...spellings).map((text): Written => ({ value, text }));
  });
  const bareWord = fc
    .stringMatching(/^[a-zA-Z][\w./-]*( [\w./-]+)?$/)
    .filter((value) => !/^(true|false)/.test(value))
    .map((value): Written => ({ value, text: value }));
  const string = fc.oneof(quoted, bareWord);
  const integer = fc.maxSafeInteger().map((value): Written => ({ value, text: String(value) }));
  const fraction = fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => !Object.is(value, -0))
    .map((value): Written => ({ value, text: Number.isInteger(value) ? value.toExponential() : String(value) }));
  const boolean = fc.boolean().map((value): Written => ({ value, text: String(value) }));

  const between = (parts: readonly string[], [open, separator, close]: readonly [string, string, string]) =>
    fc.array(space, { minLength: 2 * parts.length + 2, maxLength: 2 * parts.length + 2 }).map((spaces) => {
      const padded = parts.map((part, index) => spaces[2 * index] + part + spaces[2 * index + 1]);
      return open + padded.join(separator) + close;
    });

  const written = (elements: readonly Written[], marks: readonly [string, string, string]) =>
    between(
      elements.map(({ text }) => text),
      marks,
    ).map((text): Written => ({ value: elements.map(({ value }) => value), text }));

  const braced = (element: fc.Arbitrary<Written>) =>
    fc.array(element, { minLength: 1, maxLength: 4 }).chain((elements) => written(elements, ['{', ',', '}']));
  const legacy = (element: fc.Arbitrary<Written>) =>
    fc.array(element, { minLength: 2, maxLength: 4 }).chain((elements) => written(elements, ['', ';', '']));

  const map = (element: fc.Arbitrary<Written>) =>
    fc.uniqueArray(fc.tuple(quoted, element), { maxLength: 4, selector: ([key]) => key.value }).chain((entries) =>
      between(
        entries.map(([key, { text }]) => `${key.text}: ${text}`),
        ['{', ',', '}'],
      ).map(
        (text): Written => ({ value: Object.fromEntries(entries.map(([key, { value }]) => [key.value, value])), text }),
      ),
    );

  const leaves = [string, integer, fraction, boolean];
  const lists = leaves.flatMap((leaf) => [braced(leaf), braced(braced(leaf))]);
  const inner = fc.oneof(...leaves, ...lists, map(fc.oneof(...leaves)));
  const any = fc.oneof(inner, ...leaves.map(legacy), map(inner), braced(map(inner)), braced(legacy(integer)));

  const expectSame = (of: Arg<unknown>) => (each: Written) => {
    expect(read(of, each.text), each.text).toEqual(each.value);
  };

  test('any', () => fc.assert(fc.property(any, expectSame(arg.any())), { numRuns: 400 }));
  test('strings', () => fc.assert(fc.property(string, expectSame(arg.string()))));
  test('integers and numbers', () => {
    fc.assert(fc.property(integer, expectSame(arg.integer())));
    fc.assert(fc.property(fc.oneof(integer, fraction), expectSame(arg.number())));
  });
  test('lists of strings, in both spellings', () => {
    fc.assert(fc.property(fc.oneof(braced(string), legacy(string)), expectSame(arg.list(arg.string()))));
  });
  test('arguments, in any order', () => {
    const grammars = { s: arg.string(), l: arg.list(arg.string()), n: arg.number(), a: arg.any() };
    const values = { s: string, l: fc.oneof(braced(string), legacy(string)), n: fraction, a: any };
    const record = arg.record(grammars);
    const order = fc.shuffledSubarray(['s', 'l', 'n', 'a'] as const, { minLength: 4 });
    fc.assert(
      fc.property(fc.record(values), order, (each, names) => {
        const text = names.map((name) => `${name}=${each[name].text}`).join(',');
        const value = Object.fromEntries(names.map((name) => [name, each[name].value]));
        expect(read(record, text), text).toEqual(value);
      }),
    );
  });
});
