import fc from 'fast-check';
import { load } from 'js-yaml';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { InternalError } from '../../src/diagnostics.js';
import * as encode from '../../src/template/encode.js';

const nasty = fc.constantFrom(
  ...[
    '*/',
    '/',
    '*',
    '\\',
    '\\u',
    '\\u002a/',
    '</script>',
    '`',
    '${',
    '}',
    "'",
    '"',
    '\n',
    '\r',
    '\t',
    '#',
    '$',
    '|',
    '<',
    '&',
    ': ',
    '- ',
  ],
  ...[
    '\u2028',
    '\u2029',
    '\u0085',
    '\ufeff',
    '\u007f',
    '\ud800',
    '\u202e',
    '😀',
    'yes',
    'No',
    'null',
    '~',
    '0x1f',
    '1e3',
    '1_000',
    '1:30',
    '.5',
    '2001-01-01',
  ],
);
const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(nasty, { maxLength: 6 }).map((parts) => parts.join('')),
);
function holds(property: (value: string) => void): void {
  fc.assert(
    fc.property(anything, (value) => {
      property(value);
    }),
    { numRuns: 1000 },
  );
}

describe('tsString', () => {
  test('is one string literal with the same value', () => {
    holds((value) => {
      const source = ts.createSourceFile('x.ts', `${encode.tsString(value)};`, ts.ScriptTarget.ESNext);
      expect(source.statements).toHaveLength(1);
      const [statement] = source.statements as unknown as [ts.ExpressionStatement];
      expect(ts.isStringLiteral(statement.expression) && statement.expression.text).toBe(value);
      expect(source).toHaveProperty('parseDiagnostics', []);
    });
  });

  test('does not end a script element', () => {
    holds((value) => expect(encode.tsString(value)).not.toContain('</'));
  });
});

test('json is the same string to a JSON parser', () => {
  holds((value) => expect(JSON.parse(encode.json(value))).toBe(value));
});

describe('quoted', () => {
  test('reads back as the same string', () => {
    holds((value) => {
      const source = ts.createSourceFile('x.ts', `${encode.quoted(value)};`, ts.ScriptTarget.ESNext);
      const statement = source.statements[0] as ts.ExpressionStatement;
      expect(source.statements).toHaveLength(1);
      expect((statement.expression as ts.StringLiteral).text).toBe(value);
    });
  });

  test.each([
    ['plain', "'plain'"],
    ['say "hi"', `'say "hi"'`],
    ["it's", `"it's"`],
    [`it's "so"`, `'it\\'s "so"'`],
    ['a\\b', "'a\\\\b'"],
    ['\\"', `'\\\\"'`],
  ])('%s is %s, as the formatter wants it', (value, literal) => {
    expect(encode.quoted(value)).toBe(literal);
  });
});

describe('yaml', () => {
  const readers = [
    ['YAML 1.2', (text: string) => parse(text)],
    ['YAML 1.1', (text: string) => parse(text, { version: '1.1' })],
    ['js-yaml', (text: string) => load(text)],
  ] as const;

  test.each(readers)('is the same string to %s', (_, read) => {
    holds((value) => {
      expect(read(`- ${encode.yaml(value)}\n- end`)).toEqual([value, 'end']);
      expect(read(`key: ${encode.yaml(value)} # comment\nend: 1`)).toEqual({ key: value, end: 1 });
    });
  });

  test.each(['cache-operator', 'bases/a.yaml', 'v1alpha1'])('leaves %s plain', (value) => {
    expect(encode.yaml(value)).toBe(value);
  });
});

test('comment neither ends a comment nor breaks its line', () => {
  holds((value) => {
    const text = encode.comment(value);
    const block = `/**${text}*/after;`;
    expect(block.indexOf('*/', 2)).toBe(block.length - '*/after;'.length);
    const source = ts.createSourceFile('x.ts', `// ${text}\nafter;`, ts.ScriptTarget.ESNext);
    expect(source.statements.map((each) => each.getText(source))).toEqual(['after;']);
    expect(text).not.toMatch(/\\u|[\r\n\u2028\u2029]/);
  });
});

test('comment leaves ordinary text alone', () => {
  expect(encode.comment('Size of the cache, 1/2 * of "it"')).toBe('Size of the cache, 1/2 * of "it"');
});

test.each(['Memcached', 'a1', '_x', '$y'])('%s is an identifier', (name) => {
  expect(encode.identifier(name)).toBe(name);
});

test.each(['', '1a', 'a-b', 'a b', 'class', 'a;b', 'ä', 'a\n'])('%j is no identifier', (name) => {
  expect(() => encode.identifier(name)).toThrow(InternalError);
});

test.each(['a', 'src/main.ts', '.github/workflows/test.yml', 'a b/c'])('%s is a path', (value) => {
  expect(encode.path(value)).toBe(value);
});

test.each([
  ...[
    '',
    '/etc',
    'a//b',
    '../a',
    'a/..',
    './a',
    'a/',
    'a\\b',
    'C:/x',
    'a\0',
    'a\nb',
    'con',
    'x/aux.ts',
    'LPT1',
    'a.',
    'a ',
    'a*',
  ],
  'x'.repeat(256),
])('%j is no path', (value) => {
  expect(() => encode.path(value)).toThrow(InternalError);
});

test.each([
  ['a$(b)', 'a$$(b)'],
  ['a#b', 'a\\#b'],
  ['a\\#b', 'a\\\\\\#b'],
  ['a-b_c/d', 'a-b_c/d'],
])('make: %s → %s', (value, expected) => {
  expect(encode.make(value)).toBe(expected);
});

test.each(['a\nb', 'a\\', 'a\r'])('make refuses %j', (value) => {
  expect(() => encode.make(value)).toThrow(InternalError);
});

test.each([
  ['cache-operator', 'cache-operator'],
  ['v1.2.3', 'v1.2.3'],
  ['1.31', '1.31'],
  ['a`b`|c', 'a\\`b\\`\\|c'],
  ['<b>&', '&lt;b&gt;&amp;'],
  ['[x](y)', '\\[x\\](y)'],
  ['# title', '\\# title'],
  ['1. x', '1\\. x'],
  ['a\nb', 'a b'],
])('text: %s → %s', (value, expected) => {
  expect(encode.text(value)).toBe(expected);
});
