import fc from 'fast-check';
import { dump, load, YAML11_SCHEMA } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { dumped } from '../../src/emit/yaml/scalar.js';
import { fromYaml, toYaml, toYamlDocuments } from '../../src/emit/yaml.js';
import type { Json } from '../../src/ir/schema.js';

/** Every reader of YAML that a manifest may meet, as far as JavaScript has one. */
const readers: readonly (readonly [name: string, read: (text: string) => unknown])[] = [
  ['opgen', (text) => fromYaml(text, 'f.yaml').value[0] ?? null],
  ['js-yaml, YAML 1.2', (text) => load(text)],
  ['js-yaml, YAML 1.1', (text) => load(text, { schema: YAML11_SCHEMA })],
  ['yaml, YAML 1.2', (text) => parse(text, { version: '1.2' })],
  ['yaml, YAML 1.1', (text) => parse(text, { version: '1.1' })],
];

/** Tells apart what `toEqual` does not: own keys named `__proto__`, -0 and the types of scalars. */
function exact(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : `${typeof value} ${value}`;
  if (Array.isArray(value)) return value.map(exact);
  const entries = Object.entries(value).map(([key, each]) => [key, exact(each)]);
  return { entries: entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)) };
}

function expectReadBack(value: Json): void {
  const text = toYaml(value);
  for (const [name, read] of readers) expect([name, text, exact(read(text))]).toEqual([name, text, exact(value)]);
}

const scalarsThatMislead = [
  ...['', ' ', '~', 'null', 'Null', 'NULL', 'true', 'TRUE', 'y', 'Y', 'n', 'N', 'yes', 'Yes', 'no', 'on', 'off', 'Off'],
  ...[
    '0',
    '1',
    '-1',
    '+1',
    '012',
    '0o7',
    '0x1F',
    '0b1',
    '1_000',
    '1,000',
    '089',
    '0_7',
    '0_X1e',
    'e1',
    'E-5',
    '-0x1',
    '0b',
    '0x',
  ],
  ...[
    '1.5',
    '.5',
    '5.',
    '.',
    '-',
    '+',
    '-.',
    '1e3',
    '1E-3',
    '1.e+21',
    '1e400',
    '.inf',
    '-.INF',
    '.nan',
    '.NaN',
    '_',
    '._1',
  ],
  ...['1:30', '190:20:30.15', '22:22', '2001-01-01', '2001-12-14t21:59:43.10-05:00', '2001-1-1 1:1:1 Z'],
  ...[
    '=',
    '<<',
    '---',
    '...',
    '--- x',
    '?',
    '? a',
    ': a',
    'a: b',
    'a #b',
    '#a',
    '- a',
    '-a',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '%a',
    '@a',
    '`a',
  ],
  ...["'", '"', 'it\'s "so"', '[a', ']', '{a', '}', ',', 'a,b', 'a\\nb', '\\', 'v1', '1.2.3', '100m', '^[a-z]+$'],
  ...[
    '\t',
    'a\tb',
    '\ta',
    'a\t',
    '\u0000',
    '\u0007',
    '\u001b',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\ufffe',
    '😀',
    'é',
  ],
  ...[
    '\n',
    '\n\n',
    'a\n',
    'a\n\n',
    '\na',
    'a\nb',
    ' a\nb',
    'a\n b\n',
    'a\n\tb',
    '\ta\nb',
    'a \nb',
    'a\n \nb',
    'a\n  ',
    '  \na',
    '\n  a',
    'a\r\nb',
    'a\rb',
  ],
  ...[
    '---\na',
    'a\n---',
    'a\n...\nb',
    '# a\nb',
    'a: b\nc: d',
    '- a\n- b',
    'a\u2028b\nc',
    'a\u0085b\nc',
    'toString',
    '__proto__',
    'constructor',
  ],
];

describe('a text stays a text to every reader', () => {
  test.each(scalarsThatMislead)('%j', (text) => {
    expectReadBack({ value: text, list: [text, { [text]: text }], [text]: { deep: [[text]] } });
    expectReadBack(text);
  });
});

const text = fc.oneof(
  fc.constantFrom(...scalarsThatMislead),
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom(...' \n\t-:#?.,\'"[]{}&*!|>%@`01_exo~yn=<+aZ\\'), { maxLength: 12 })
    .map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...'0123456789.:_-+eExXoOtTzZ '), { maxLength: 10 }).map((parts) => parts.join('')),
);

const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.oneof(fc.boolean(), fc.constant(null), fc.integer(), fc.double({ noDefaultInfinity: true, noNaN: true })),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(text, tie('json'), { maxKeys: 4 }),
  ),
}));

test('any JSON reads back equal under YAML 1.1 and 1.2', () => {
  fc.assert(
    fc.property(json, (value) => expectReadBack(value)),
    { numRuns: 1000 },
  );
});

test.each(['\ud800', 'a\udc00b', 'a\n\udfff\n'])('half a surrogate pair cannot be written: %j', (half) => {
  expect(() => toYaml({ description: half })).toThrow(/half a surrogate pair/);
});

describe('the form', () => {
  test('keys are sorted by code unit, values keep their order, objects that are shared are written out', () => {
    const shared = { z: 1, a: undefined };
    const made = toYaml({ b: [shared, shared], B: 'x', ä: 1, a10: 2, a9: 3, '10': 4, '9': 5 });
    expect(made).toBe("'10': 4\n'9': 5\nB: x\na10: 2\na9: 3\nb:\n  - z: 1\n  - z: 1\nä: 1\n");
  });

  test('lines are not folded, several lines are a literal block, tabs included', () => {
    const long = 'word '.repeat(100).trim();
    expect(toYaml({ long, text: 'First.\n\n\tcode: 1\nLast.' })).toBe(
      `long: ${long}\ntext: |-\n  First.\n\n  \tcode: 1\n  Last.\n`,
    );
  });

  test('a header becomes comments, and nothing in it becomes anything else', () => {
    expect(toYaml({ a: 1 }, 'One.\n\nTwo.\n')).toBe('# One.\n#\n# Two.\na: 1\n');
    for (const end of ['\n', '\r', '\r\n', '\u0085', '\u2028', '\u2029']) {
      expect(toYaml({ a: 1 }, `x${end}b: 2`)).toBe('# x\n# b: 2\na: 1\n');
    }
  });

  test('each document begins with ---', () => {
    const made = toYamlDocuments([{ a: 1 }, 'text\n\n', { b: [] }], 'Header.');
    expect(made.startsWith('# Header.\n---\na: 1\n---\n')).toBe(true);
    expect(fromYaml(made, 'f.yaml')).toEqual({ value: [{ a: 1 }, 'text\n\n', { b: [] }], diagnostics: [] });
  });
});

test('a large CRD takes little more time than js-yaml alone', () => {
  const properties = Object.fromEntries(
    Array.from({ length: 4000 }, (_, index) => [
      `field${index}`,
      { type: 'string', description: `Field number ${index}.\nIt has two lines.` },
    ]),
  );
  const timed = (run: () => string) => {
    run();
    const start = performance.now();
    run();
    return performance.now() - start;
  };
  const library = timed(() => dump({ properties }, { noRefs: true, lineWidth: -1, sortKeys: true }));
  expect(timed(() => toYaml({ properties }))).toBeLessThan(library * 2 + 50);
  expect(toYaml({ properties }).split('\n').length).toBeGreaterThan(20_000);
});

describe('reading', () => {
  test('scalars are what kubectl makes of them', () => {
    const read = fromYaml(
      'a: yes\nb: 0644\nc: 1_000\nd: 22:22\ne: 2001-01-01\nf: 0o17\ng: -0x1f\nh: "yes"\ni: 089\nj: 1e3\n',
      'f',
    );
    expect(read.value).toEqual([
      { a: true, b: 420, c: 1000, d: '22:22', e: '2001-01-01', f: 15, g: -31, h: 'yes', i: 89, j: 1000 },
    ]);
  });

  test('empty documents are left out, a byte order mark and CRLF are accepted', () => {
    expect(fromYaml('\ufeff---\r\na: 1\r\n---\r\n# nothing\r\n---\r\nb: 2\r\n', 'f').value).toEqual([
      { a: 1 },
      { b: 2 },
    ]);
    expect(fromYaml('', 'f')).toEqual({ value: [], diagnostics: [] });
  });

  test('aliases are written out, own keys named __proto__ stay data', () => {
    expect(fromYaml('a: &x [1]\nb: *x\n', 'f').value).toEqual([{ a: [1], b: [1] }]);
    const [value] = fromYaml('__proto__: {polluted: true}\n', 'f').value as [object];
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  const laughs = Array.from(
    { length: 9 },
    (_, index) => `l${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`).join(', ')}]`,
  );
  const deep = Array.from({ length: 90 }, (_, index) => `d${index + 1}: &d${index + 1} [[*d${index}]]`);

  test.each([
    ['a key twice', 'a: 1\nb:\n  a: 1\n  a: 2\n', /twice/, { line: 4, column: 3 }],
    ['a merge key', 'a: &a {x: 1}\nb:\n  <<: *a\n', /merge key/, { line: 3, column: 3 }],
    ['bad syntax', 'x: 1\na: b: c\n', /mapping/, { line: 2 }],
    ['an unknown tag', 'a: !!js/function x\n', /tag/, { line: 1, column: 4 }],
    ['an unknown alias', 'a: *b\n', /alias/, { line: 1, column: 5 }],
    ['101 aliases', `a: &a 1\nb: [${Array(101).fill('*a').join(', ')}]\n`, /more than 100 aliases/, { line: 2 }],
    ['129 levels', `${'['.repeat(129)}${']'.repeat(129)}`, /128 levels/, { line: 1 }],
    ['a million levels', '['.repeat(1_000_000), /128 levels/, { line: 1 }],
    ['levels through aliases', `d0: &d0 x\n${deep.join('\n')}\n`, /128 levels/, undefined],
    ['values that multiply through aliases', `l0: &l0 x\n${laughs.join('\n')}\n`, /2000000 values/, undefined],
    ['a value that contains itself', 'a: &a\n  b: *a\n', /contains itself/, undefined],
    ['a number that JSON lacks', 'a: .inf\n', /finite/, undefined],
    ['16 MiB and more', `a: ${'x'.repeat(16 * 1024 * 1024)}\n`, /16 MiB/, undefined],
  ])('%s is refused', (_, source, problem, at) => {
    const { value, diagnostics } = fromYaml(source, 'dir/f.yaml');
    expect(value).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: 'OG4006', severity: 'error', message: expect.stringMatching(problem) }]);
    if (at) expect(diagnostics[0]?.at).toMatchObject({ file: 'dir/f.yaml', ...at });
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          fc.array(text).map((lines) => lines.join('\n')),
        ),
        (source) => {
          expect(() => fromYaml(source, 'f')).not.toThrow();
        },
      ),
    );
  });
});

test('the text is that of js-yaml, whatever lays it out', () => {
  const crumbs = [
    'a',
    'Z',
    ' ',
    '\n',
    '-',
    '- ',
    ':',
    ': ',
    '#',
    ' #',
    '\t',
    "'",
    '"',
    'é',
    '---',
    '|',
    '1',
    '.',
    ',',
    '[',
    '{',
    '\\',
    'null',
    'on',
  ];
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...crumbs), { maxLength: 8 }).map((parts) => parts.join('')),
    fc.constantFrom(...scalarsThatMislead),
  );
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text, tie('value'), { maxKeys: 5, noNullPrototype: true }),
    ),
  }));
  const orRefusal = (write: () => string): string => {
    try {
      return write();
    } catch {
      return 'refused';
    }
  };
  fc.assert(
    fc.property(value, (each) => {
      expect(orRefusal(() => toYaml(each))).toBe(orRefusal(() => dumped(each)));
    }),
    { numRuns: 2000 },
  );
});
