import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ts } from 'ts-morph';
import { describe, expect, test } from 'vitest';
import { hasErrors, Refusal } from '../../src/diagnostics.js';
import { readApi } from '../../src/frontend/index.js';
import { tempFolder } from '../support/temp.js';
import { allCases, file, group, header, read, type Sources, sourcesOf } from './sources.js';
import { expectTotal } from './total.js';

/** Where tokens and comments of a text end. */
function tokenEnds(text: string): readonly number[] {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  const ends: number[] = [];
  while (scanner.scan() !== ts.SyntaxKind.EndOfFileToken) ends.push(scanner.getTokenEnd());
  return ends;
}

/** A fixture with one of its files, which declares something. */
const files = allCases.flatMap(([name, sources]) =>
  Object.entries(sources)
    .filter(([, text]) => text.includes('CustomResource'))
    .map(([path, text]) => ({ name, sources, path, text })),
);

const replaced = ({ sources, path }: { sources: Sources; path: string }, text: string): Sources => ({
  ...sources,
  [path]: text,
});

describe('a source that ends too early', () => {
  test.each(['bases-bring-their-rules', 'memcached', 'nullable-values'])(
    '%s, cut behind every third of its tokens',
    async (name) => {
      const found = files.find((each) => each.name === `crds/${name}`)!;
      const ends = tokenEnds(found.text).filter((_, index) => index % 3 === 0);
      expect(ends.length).toBeGreaterThan(20);
      for (const end of ends) await expectTotal(replaced(found, found.text.slice(0, end)));
    },
  );

  test('any fixture, cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), fc.double({ min: 0, max: 1, noNaN: true }), (found, at) =>
        expectTotal(replaced(found, found.text.slice(0, Math.floor(at * found.text.length)))),
      ),
      { numRuns: 60 },
    );
  });

  test('any fixture, from anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), fc.double({ min: 0, max: 1, noNaN: true }), (found, at) =>
        expectTotal(replaced(found, found.text.slice(Math.floor(at * found.text.length)))),
      ),
      { numRuns: 30 },
    );
  });
});

describe('a source whose parts changed places', () => {
  const brackets = /[()[\]{}<>]/g;

  test('brackets are swapped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), fc.nat(), fc.nat(), (found, one, other) => {
        const places = [...found.text.matchAll(brackets)].map(({ index }) => index);
        const [a, b] = [places[one % places.length]!, places[other % places.length]!];
        const characters = [...found.text].length === found.text.length ? found.text.split('') : [...found.text];
        [characters[a], characters[b]] = [characters[b]!, characters[a]!];
        return expectTotal(replaced(found, characters.join('')));
      }),
      { numRuns: 40 },
    );
  });

  test('a bracket is another one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.nat(),
        fc.constantFrom(...'()[]{}<>'.split(''), ''),
        (found, index, bracket) => {
          const places = [...found.text.matchAll(brackets)].map((match) => match.index);
          const at = places[index % places.length]!;
          return expectTotal(replaced(found, found.text.slice(0, at) + bracket + found.text.slice(at + 1)));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('tokens are doubled and dropped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), fc.nat(), fc.boolean(), (found, index, twice) => {
        const ends = [0, ...tokenEnds(found.text)];
        const at = index % (ends.length - 1);
        const [start, end] = [ends[at]!, ends[at + 1]!];
        const token = found.text.slice(start, end);
        return expectTotal(
          replaced(found, found.text.slice(0, start) + (twice ? token + token : '') + found.text.slice(end)),
        );
      }),
      { numRuns: 40 },
    );
  });
});

const deep = (open: string, inner: string, close: string, depth = 3000): string =>
  open.repeat(depth) + inner + close.repeat(depth);

/** Texts that are far from what anybody writes; each becomes the type of a member, or stands in a file of its own. */
const types: Readonly<Record<string, string>> = {
  'nested tuples': deep('[', 'string', ']'),
  'nested unions': deep("('a' | ", "'b'", ')'),
  'nested intersections': deep('({ a: string } & ', '{}', ')'),
  'nested conditional types': deep("string extends 'x' ? string : ", 'number', ''),
  'nested functions': deep('(() => ', 'void', ')'),
  'nested templates': deep('`a$' + '{', "'x'", '}`'),
  'nested keyof': deep('keyof ', 'S', ''),
  'nested readonly arrays': deep('readonly ', 'string[]', ''),
  'dimensions of an array': `string${'[]'.repeat(5000)}`,
  'nested records': deep('Record<string, ', 'string', '>'),
  'nested partials': deep('Partial<', '{ a: string }', '>'),
  'open brackets': '{ a: ['.repeat(2000),
  'closing brackets': '}])>'.repeat(500),
  'a long string': `'${'x'.repeat(1_000_000)}'`,
  'a long template': `\`${'x'.repeat(1_000_000)}\``,
  'a long number': '9'.repeat(100_000),
  'a long fraction': `0.${'1'.repeat(100_000)}`,
  'a long bigint': `${'9'.repeat(100_000)}n`,
  'a large exponent': '1e99999999',
  'a long name': 'N'.repeat(200_000),
  'a long property access': `S${"['a']".repeat(3000)}`,
  'a product of template literals': `\`${'$' + "{'a' | 'b'}"}${('$' + "{'a' | 'b'}").repeat(29)}\``,
  'all letters in six places': `\`${('$' + `{${[...'abcdefghijklmnop'].map((each) => `'${each}'`).join(' | ')}}`).repeat(6)}\``,
};

const texts: Readonly<Record<string, string>> = {
  'NUL characters': `${header}interface S { a\0: string; "b\0": string; /** \0 @minimum 1 */ c: number }`,
  'only NUL characters': '\0'.repeat(1000),
  'byte order marks': `\ufeff${header}\ufeffinterface S { a: \ufeffstring }\ufeff`,
  'lone surrogates': `${header}interface S { "\ud800": string; a: '\udc00' | '\ud800x'; /** \udfff @default "\ud800" */ b: string }`,
  'separators of lines': `${header}interface S {\u2028 /** @minimum x */ a: number;\u2029 /** @pattern ( */ b: string\u0085 }`,
  'characters that turn the text around': `${header}interface S { \u202ea: string; \u2066b\u2069: number }`,
  'merge conflict': `${header}interface S {\n<<<<<<< HEAD\n  a: string;\n||||||| base\n  a: number;\n=======\n  a: boolean;\n>>>>>>> other\n}\n`,
  'half of a merge conflict': `${header}interface S {\n<<<<<<< HEAD\n  a: string;\n=======\n}\n`,
  'a merge conflict among markers': `${header}interface S {\n  /**\n<<<<<<< HEAD\n   * @minimum 1\n=======\n   * @minimum 2\n>>>>>>> other\n   */\n  a: number;\n}\n`,
  javascript: `const CustomResource = require('opgen/api');\nmodule.exports = class Thing extends CustomResource { constructor() { super(); this.a = 1 } };\n`,
  jsx: `${header}interface S { a: string }\nexport const view = () => <Thing a="x">{[1, 2].map((n) => <b key={n}>{n}</b>)}</Thing>;\n`,
  vue: `<script setup lang="ts">\n${header}interface S { a: string }\n</script>\n<template><div :a="b">{{ CustomResource }}</div></template>\n<style>a { b: c }</style>\n`,
  html: '<!doctype html><html><body><!-- CustomResource --></body></html>',
  json: '{"interface": "Thing extends CustomResource<S>", "a": [1, 2',
  yaml: 'kind: CustomResource\nspec:\n  - a: "b\n',
  go: 'package v1\n\n// +kubebuilder:object:root=true\ntype Thing struct {\n\tSpec CustomResource `json:"spec"`\n}\n',
  'a shell script': '#!/bin/sh\ncat <<EOF\nexport interface Thing extends CustomResource<S> {}\nEOF\n',
  'a diff': `--- a/thing.ts\n+++ b/thing.ts\n@@ -1 +1 @@\n-${header}+${header}`,
  'a minified bundle': `${header}interface S{a:string}${'var a=function(b){return b?{c:b}:[]};'.repeat(5000)}`,
  'one line of a million characters': `${header}interface S { a: string /* ${'x'.repeat(1_000_000)} */ }`,
  'a comment with a million spaces': `${header}interface S { /** a${' '.repeat(1_000_000)}b @minimum 1 */ a: number }`,
  'a comment without an end': `${header}interface S { a: string } /** @minimum 1 `,
  'a string without an end': `${header}interface S { a: 'x }\n`,
  'a template without an end': `${header}interface S { a: \`x$\{ }\n`,
  'a regular expression without an end': `${header}const a = /[;\ninterface S { a: string }\n`,
  'a marker with a long value': `${header}interface S {\n  /** @default "${'x'.repeat(200_000)}" */\n  a: string;\n}\n`,
  'a marker with deep braces': `${header}interface S {\n  // +kubebuilder:default=${deep('{', 'a', '}')}\n  a: string[];\n  /** @default ${deep('[', '1', ']')} */\n  b: number[];\n}\n`,
  'a rule with deep braces': `${header}interface S {\n  /** @rule ${deep('{', 'true', '}')} x */\n  a: string;\n}\n`,
  'thousands of markers': `${header}interface S {\n  /**\n${'   * +kubebuilder:validation:Maximum=1\n'.repeat(3000)}   */\n  a: number;\n}\n`,
  'a member thousands of times': `${header}interface S {\n${'  a: string;\n'.repeat(3000)}}\n`,
  'a declaration thousands of times': `${header}${'interface S { a: string }\n'.repeat(3000)}`,
  'thousands of bases': `${header}${Array.from({ length: 2000 }, (_, i) => `interface B${i} { m${i}: string }`).join('\n')}\ninterface S extends ${Array.from({ length: 2000 }, (_, i) => `B${i}`).join(', ')} {}\n`,
  'a kind of many versions of itself': `${header}interface S { a: string }\n${'export interface Thing extends CustomResource<S> {}\n'.repeat(20)}`,
};

describe('any text is answered where it stands', () => {
  test.each(Object.entries(types))('the type of a member: %s', async (_, type) => {
    await expectTotal({ ...group, [file]: `${header}interface S { a?: ${type}; b: string }\n` });
  });

  test.each(Object.entries(types))('the type of the spec: %s', async (_, type) => {
    await expectTotal({ ...group, [file]: `${header}type S = ${type};\n` });
  });

  test.each(Object.entries(texts))('a file: %s', async (_, text) => {
    await expectTotal({ ...group, [file]: text });
  });

  test.each(Object.entries(texts))('beside a sound one: %s', async (_, text) => {
    await expectTotal({ ...sourcesOf('crds', 'memcached'), 'src/controllers/other.ts': text });
  });

  test('conflict markers are an error', async () => {
    const { diagnostics } = await read({ ...group, [file]: texts['merge conflict']! });
    expect(hasErrors(diagnostics)).toBe(true);
  });
});

describe('bytes that are no text', () => {
  test.each([
    ['an image', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['a program', Buffer.from('7f454c4602010100000000000000000002003e00', 'hex')],
    ['UTF-16', Buffer.from(`\ufeff${header}`, 'utf16le')],
    ['Latin-1', Buffer.from(`${header}interface S { größe: string }`, 'latin1')],
    ['half of a character', Buffer.concat([Buffer.from(header), Buffer.from([0xe2, 0x82])])],
    ['all bytes', Buffer.from(Array.from({ length: 256 }, (_, index) => index))],
  ])('%s', async (_, bytes) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'thing.ts'), bytes);
    const refused = await readApi(folder, ['thing.ts']).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    const { diagnostics } = refused as Refusal;
    expect(diagnostics.map(({ code }) => code)).toEqual(['OG4006']);
    expect(diagnostics[0]!.message).toContain('`thing.ts`');
  });
});
