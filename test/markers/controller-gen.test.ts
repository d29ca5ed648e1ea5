import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Arg } from '../../src/ir/marker.js';
import type { Json } from '../../src/ir/schema.js';
import { arg } from '../../src/markers/define.js';
import { parseMarker } from '../../src/markers/parse.js';
import { findMarker } from '../../src/markers/registry.js';

const load = <T>(name: string): readonly T[] => JSON.parse(readFileSync(`fixtures/markers/${name}.json`, 'utf8'));

interface Entry {
  readonly name: string;
  readonly targets: readonly ('package' | 'type' | 'field')[];
  /** Those that may be absent end in a question mark; the value of a marker without names is empty. */
  readonly arguments: readonly string[];
}

/** The names under `items:` are the forms for elements of other definitions. */
const plainName = (name: string): string => name.replace('validation:items:', 'validation:');

describe('every marker of controller-gen is one of opgen’s', () => {
  /** Only there to be refused. */
  const refused = ['k8s:enum field'];

  test.each(load<Entry>('catalogue').map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
    const def = findMarker(plainName(name));
    expect(def).toBeDefined();
    if (name !== plainName(name)) expect(def!.elements).toBe(true);
    for (const target of entry.targets) {
      if (!refused.includes(`${name} ${target}`)) expect(def!.targets).toContain(target);
    }
    const fields = def!.args.fields ?? [];
    for (const argument of entry.arguments.filter((each) => each !== '' && each !== '?' && name !== 'default')) {
      const field = fields.find((each) => each.name === argument.replace('?', ''));
      expect(field, argument).toBeDefined();
      if (argument.endsWith('?')) expect(field!.optional).toBe(true);
    }
    for (const field of fields.filter((each) => !each.optional)) expect(entry.arguments).toContain(field.name);
  });

  test.each(load<Entry>('catalogue').filter(({ arguments: args }) => args.length === 0))(
    '$name takes no value',
    ({ name }) => {
      const at = { file: 'x.ts', line: 1, column: 1 };
      expect(parseMarker({ text: name, spelling: '+', at })).toMatchObject({ value: expect.anything() });
      expect(parseMarker({ text: `${name}=x`, spelling: '+', at })).toMatchObject({ code: 'OG2002' });
    },
  );
});

interface Case {
  readonly type: string;
  readonly text: string;
  readonly value?: Json;
  readonly refused?: true;
}

const categories: Arg<unknown> = {
  ...arg.record({ categories: arg.list(arg.string()), scope: arg.string() }),
  parse(text) {
    const record = arg.record({ categories: arg.list(arg.string()), scope: arg.string() });
    const read = record.parse(`categories=${text},scope=Cluster`);
    return 'value' in read ? { value: read.value.categories } : read;
  },
};

const grammars: Readonly<Record<string, Arg<unknown>>> = {
  any: arg.any(),
  'list of any': arg.list(arg.any()),
  string: arg.string(),
  integer: arg.integer(),
  number: arg.number(),
  'true | false': arg.boolean(),
  'list of string': categories,
};

/** Where opgen reads another value, or reads what controller-gen refuses; a text that opgen alone refuses changes nothing in silence. */
const others: readonly (readonly [type: string, text: string, why: string])[] = [
  ['any', '', 'a marker without its value is refused before its grammar is asked'],
  ['string', '', 'a marker without its value is refused before its grammar is asked'],
  ['any', '- 3', 'a sign belongs to its digits'],
  ['any', '{a: -1}', 'a negative number in a map'],
  ['any', '{true: 1}', 'a key is a string'],
  ['list of any', ' a ; b ', 'white space around a word is none of it'],
  ['list of any', '{ a , b }', 'white space around a word is none of it'],
  ['list of string', 'a ; b', 'white space around a word is none of it'],
  ['list of string', '{ a , b }', 'white space around a word is none of it'],
];

const refusedHere: readonly (readonly [type: string, text: string, why: string])[] = [
  ['any', '9007199254740993', 'a number beyond 53 bits would change'],
  ['integer', '9223372036854775807', 'a number beyond 53 bits would change'],
  ['any', '{,}', 'an empty element'],
  ['any', '{a,,b}', 'an empty element'],
  ['any', ';', 'an empty element'],
  ['any', 'a;;b', 'an empty element'],
  ['list of string', '', 'an empty element'],
  ['list of string', '{,a}', 'an empty element'],
  ['any', '}', 'a brace without its other half'],
  ['number', '1_000', 'digits in groups'],
  ['number', '0x1p-2', 'a hexadecimal number'],
];

const isListed = (list: typeof others, { type, text }: Case): boolean =>
  list.some(([otherType, otherText]) => otherType === type && otherText === text);

describe('opgen reads the arguments of markers as controller-gen does', () => {
  test.each(load<Case>('grammar').map((each) => [each.type, JSON.stringify(each.text), each] as const))(
    '%s: %s',
    (type, _, each) => {
      const read = grammars[type]!.parse(each.text);
      const value = 'value' in read ? JSON.parse(JSON.stringify(read.value)) : undefined;
      const same = each.refused ? { refused: true } : { value: each.value };
      const actual = 'value' in read ? { value } : { refused: true };
      if (isListed(refusedHere, each)) expect([actual, same.refused]).toEqual([{ refused: true }, undefined]);
      else if (isListed(others, each)) expect([actual, 'value' in read]).not.toEqual([same, false]);
      else expect(actual).toEqual(same);
    },
  );
});
