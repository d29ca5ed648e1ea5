import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasErrors } from '../../src/diagnostics.js';
import { allCases, file, group, header, read } from './sources.js';
import { expectPlaces, expectTotal } from './total.js';

const words = [
  ...[
    'interface S',
    'type T',
    'class C',
    'enum E',
    'export',
    'extends',
    'CustomResource',
    '{',
    '}',
    '<',
    '>',
    '(',
    ')',
  ],
  ...[
    '[',
    ']',
    ':',
    ';',
    ',',
    '|',
    '&',
    '=',
    '?',
    '=>',
    '...',
    '-',
    'a',
    'b',
    '#p',
    '"s"',
    "'x'",
    '`t$' + '{a}`',
    '1',
    '1e400',
  ],
  ...[
    '0x10',
    '1n',
    'null',
    'undefined',
    'never',
    'unknown',
    'any',
    'string',
    'number',
    'this',
    'keyof',
    'typeof',
    'readonly',
  ],
  ...[
    'infer U',
    'as const',
    'import("./x.js").Y',
    'unique symbol',
    'static',
    'private',
    'get',
    'declare module "x"',
    'namespace N',
  ],
  ...[
    'S',
    'T',
    'T[]',
    'Partial<S>',
    'Pick<S, "a">',
    'Record<string, T>',
    'S["a"]',
    'Date',
    'Map<S, T>',
    'Int32',
    'Json',
  ],
  ...[
    '/** @minimum 1 */',
    '/** @default {"a": */',
    '// +kubebuilder:validation:Enum=a;b',
    '/** @rule {self.a } x */',
    '/**',
    '*/',
  ],
  ...[
    '// +kubebuilder:object:root=true',
    '/** @kind */',
    '+groupName=x',
    '@json',
    '\n',
    '\r\n',
    '\ufeff',
    '\u2028',
    '\\',
    '"',
    '`',
    '${',
  ],
];

interface Edit {
  readonly at: number;
  readonly length: number;
  readonly insert: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.constant(0), fc.nat(12)),
  insert: fc.oneof(fc.constant(''), fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 5 })),
});

const edited = (text: string, edits: readonly Edit[]): string =>
  edits.reduce((before, { at, length, insert }) => {
    const start = Math.floor(at * before.length);
    return before.slice(0, start) + insert + before.slice(start + length);
  }, text);

describe('any text is read to its end', () => {
  test('characters', async () => {
    const texts = fc.string({ unit: 'binary', maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(texts, fc.boolean(), (text, first) =>
        expectTotal({ ...group, [file]: first ? text + header : header + text }),
      ),
      { numRuns: 40 },
    );
  });

  test('words of the language', async () => {
    const texts = fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((each) => each.join(' '));
    await fc.assert(
      fc.asyncProperty(texts, (text) => expectTotal({ ...group, [file]: `${header}interface S { ${text}` })),
      { numRuns: 40 },
    );
  });

  test('types of a property', async () => {
    const texts = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }).map((each) => each.join(' '));
    const declarations = "type T = 'x' | S; enum E { A = 1, B = 'b' } class C<U> { a!: U }";
    await fc.assert(
      fc.asyncProperty(texts, (text) =>
        expectTotal({ ...group, [file]: `${header}${declarations}\ninterface S { a: string; b?: ${text} }\n` }),
      ),
      { numRuns: 100 },
    );
  });

  test('fixtures with edits', async () => {
    const edits = fc.array(edit, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...allCases), fc.nat(), edits, ([, sources], index, changes) => {
        const paths = Object.keys(sources);
        const path = paths[index % paths.length]!;
        return expectTotal({ ...sources, [path]: edited(sources[path]!, changes) });
      }),
      { numRuns: 120 },
    );
  });
});

const nested = (open: string, inner: string, close: string, depth: number): string =>
  `${header}type S = ${open.repeat(depth)}${inner}${close.repeat(depth)};\n`;

describe('what grows is refused where it stands', () => {
  test.each([
    ['objects', nested('{ a: ', 'string', ' }', 5000)],
    ['parentheses', nested('(', 'string', ')', 9000)],
    ['type arguments', nested('Array<', 'string', '>', 5000)],
    [
      'a chain of names',
      `${header}${Array.from({ length: 3000 }, (_, i) => `type L${i} = L${i + 1};`).join('\n')}\ntype L3000 = string;\ntype S = { a: L0 };\n`,
    ],
    [
      'members of members',
      `${header}${Array.from({ length: 40 }, (_, i) => `interface L${i} { a: L${i + 1}; b: L${i + 1} }`).join('\n')}\ntype L40 = string;\ntype S = L0;\n`,
    ],
    ['a generic type', `${header}interface Grow<T> { next?: Grow<T[]>; value: T }\ntype S = Grow<string>;\n`],
    [
      'a type of itself',
      `${header}interface A extends B {}\ninterface B extends A { a: string }\ntype S = A & C;\ntype C = C | { a: C };\n`,
    ],
  ])('%s', async (_, text) => {
    const sources = { ...group, [file]: text };
    const { diagnostics } = await read(sources);
    expect(hasErrors(diagnostics)).toBe(true);
    expectPlaces(diagnostics, sources);
  });

  test('large sources are read', async () => {
    const members = Array.from({ length: 3000 }, (_, i) => `  /** Member ${i}. @minimum ${i} */\n  m${i}: Int32;`);
    const values = Array.from({ length: 3000 }, (_, i) => `'v${i}'`);
    const text = `${header}interface S {\n${members.join('\n')}\n  e: ${values.join(' | ')};\n}\n`;
    const { value, diagnostics } = await read({ ...group, [file]: text });
    expect(diagnostics).toEqual([]);
    const spec = value.kinds[0]!.schema.fields[0]!.schema;
    expect(spec.kind === 'object' && spec.fields.length).toBe(3001);
  });
});

test('a kind that is declared many times is read once, and each further declaration is reported', async () => {
  const count = 500;
  const declarations = Array.from(
    { length: count },
    (_, index) =>
      `interface Spec${index} { size: number }\nexport interface Foo extends CustomResource<Spec${index}> {}\n`,
  );
  const text = `import type { CustomResource } from 'opgen/api';\n${declarations.join('')}`;
  const { value, diagnostics } = await read({ ...group, [file]: text });
  expect(diagnostics.map(({ code }) => code)).toEqual(Array(count - 1).fill('OG1006'));
  expect(value.kinds).toHaveLength(count);
  expect(new Set(value.kinds.map(({ schema }) => schema.fields)).size).toBe(1);
});
