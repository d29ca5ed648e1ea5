import type { Arg, Complaint, MarkerDef } from '../ir/marker.js';
import type { Json } from '../ir/schema.js';
import { nearest } from '../nearest.js';
import {
  type Cursor,
  type Failure,
  failed,
  failure,
  listOf,
  peek,
  type Read,
  type Reader,
  readAny,
  readBoolean,
  readInteger,
  readNumber,
  readString,
  skip,
} from './grammar.js';

/** Types a definition by its arguments. */
export function defineMarker<V>(def: MarkerDef<V>): MarkerDef<V> {
  return def;
}

/** An argument that can stand among others, in a record or a list. */
export interface Grammar<V> extends Arg<V> {
  read: Reader<V>;
  /** What it means in its record, for the reference. */
  readonly about?: string;
}

/** An argument of a record that may be absent. */
export interface Optional<V> extends Grammar<V> {
  readonly optional: true;
}

type Fields = Readonly<Record<string, Grammar<unknown>>>;
type ValueOf<A> = A extends Arg<infer V> ? V : never;
type OptionalKey<T> = { [K in keyof T]: T[K] extends Optional<unknown> ? K : never }[keyof T];

/** The value of a record; an argument that is absent is no key. */
export type RecordOf<T extends Fields> = {
  readonly [K in Exclude<keyof T, OptionalKey<T>>]: ValueOf<T[K]>;
} & { readonly [K in OptionalKey<T>]?: ValueOf<T[K]> };

function grammar<V>(type: string, read: Reader<V>): Grammar<V> {
  return { type, optional: false, read, parse: (text) => parseAll(text, read) };
}

function parseAll<V>(text: string, read: Reader<V>): ReturnType<Arg<V>['parse']> {
  const cursor: Cursor = { text, pos: 0 };
  const result = read(cursor);
  if (failed(result)) return toComplaint(result);
  if (peek(cursor) !== '') {
    const { got, offset } = failure(cursor, '');
    return { expected: `nothing behind the value, ${got.replace('got', 'but got')}`, offset };
  }
  return { value: result.value, ...(result.doubts && { doubts: result.doubts.map(toComplaint) }) };
}

const toComplaint = ({ expected, got, offset, meant }: Failure): Complaint => ({
  expected: `${expected}, but ${got}`,
  offset,
  ...(meant !== undefined && { meant }),
});

function record<T extends Fields>(fields: T): Grammar<RecordOf<T>> {
  const entries = Object.entries(fields);
  return {
    ...grammar(
      entries.map(([name, field]) => (field.optional ? `[${name}]` : name)).join(', '),
      (cursor) => readRecord(cursor, fields) as Read<RecordOf<T>>,
    ),
    optional: entries.every(([, field]) => field.optional),
    fields: entries.map(([name, { type, optional, about }]) => ({ name, type, optional, ...(about && { about }) })),
  };
}

function readRecord(cursor: Cursor, fields: Fields): Read<Readonly<Record<string, unknown>>> {
  const given = new Map<string, unknown>();
  const doubts: Failure[] = [];
  while (peek(cursor) !== '') {
    const offset = cursor.pos;
    const argument = readArgument(cursor, fields);
    if (failed(argument)) return argument;
    const [name, value] = argument.value;
    const got = `\`${name}\` stands twice, and the last one counts`;
    if (given.has(name)) doubts.push({ expected: 'each argument once', got, offset });
    given.set(name, value);
    if (peek(cursor) !== '' && !skip(cursor, ',')) return failure(cursor, 'a comma before the next argument');
  }
  const missing = Object.keys(fields).find((name) => !fields[name]!.optional && !given.has(name));
  if (missing !== undefined) return { expected: `the argument \`${missing}\``, got: 'it is missing', offset: 0 };
  return { value: Object.fromEntries(given), ...(doubts.length > 0 && { doubts }) };
}

function readArgument(cursor: Cursor, fields: Fields): Read<[string, unknown]> {
  peek(cursor);
  const name = /^[A-Za-z_]\w*/.exec(cursor.text.slice(cursor.pos))?.[0] ?? '';
  if (!Object.hasOwn(fields, name)) return unknownArgument(cursor, name, Object.keys(fields));
  cursor.pos += name.length;
  if (!skip(cursor, '=')) return failure(cursor, `\`=\` behind \`${name}\``);
  const read = fields[name]!.read(cursor);
  return failed(read) ? { ...read, expected: `${read.expected} as \`${name}\`` } : { value: [name, read.value] };
}

function unknownArgument(cursor: Cursor, name: string, known: readonly string[]): Failure {
  const meant = nearest(name, known);
  return { ...failure(cursor, `one of the arguments ${quotedList(known)}`), ...(meant !== undefined && { meant }) };
}

export const quotedList = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ');

/** The grammar of arguments: what kubebuilder's markers take, and what JSDoc tags take. */
export const arg = {
  /** No argument; the value is a constant. */
  none<const V = true>(value: V = true as V): Arg<V> {
    return {
      type: '',
      optional: true,
      parse: (text) =>
        text.trim() === '' ? { value } : { expected: `no value, but got \`${text.trim()}\``, offset: 0 },
    };
  },
  number: () => grammar('number', readNumber),
  integer: (least = Number.MIN_SAFE_INTEGER) =>
    arg.checked(grammar('integer', readInteger), (value) =>
      value < least ? `an integer that is at least ${least}` : undefined,
    ),
  boolean: () => grammar('true | false', readBoolean),
  string: () => grammar('string', readString),
  /** A value whose type is guessed from its text. */
  any: () => grammar('any', readAny),
  /** The rest of the text as it stands, without the white space around it. */
  raw: (): Arg<string> => ({
    type: 'text',
    optional: false,
    parse: (text) => (text.trim() === '' ? { expected: 'a value, but there is none' } : { value: text.trim() }),
  }),
  json: (): Arg<Json> => ({
    type: 'JSON',
    optional: false,
    parse(text) {
      const meant = quotedText(text.trim());
      const expected = `JSON, but ${text.trim() ? `got \`${text.trim()}\`` : 'there is none'}`;
      return parseJson(text) ?? { expected, ...(meant !== undefined && { meant }) };
    },
  }),
  oneOf: <const T extends string>(...words: readonly T[]): Grammar<T> =>
    arg.checked(
      grammar(words.join(' | '), readString as Reader<T>),
      (value) => (words.includes(value) ? undefined : `one of ${quotedList(words)}`),
      (value) => nearest(value, words),
    ),
  list: <V>(of: Grammar<V>): Grammar<readonly V[]> => grammar(`list of ${of.type}`, listOf(of.read)),
  /** An argument of a record that may be absent. */
  optional: <V>(of: Grammar<V>): Optional<V> => ({ ...of, optional: true }),
  /** An argument of a record, with what it means. */
  about: <G extends Grammar<unknown>>(about: string, of: G): G => ({ ...of, about }),
  record,
  /** With a check of the value: what is expected of it, if it is not so, and which value may be meant. */
  checked<V>(
    of: Grammar<V>,
    check: (value: V) => string | undefined,
    guess: (value: V) => string | undefined = () => undefined,
  ): Grammar<V> {
    const read: Reader<V> = (cursor, legacy) => {
      peek(cursor);
      const { pos } = cursor;
      const result = of.read(cursor, legacy);
      const expected = failed(result) ? undefined : check(result.value);
      if (failed(result) || expected === undefined) return result;
      const meant = guess(result.value);
      const got = `got \`${cursor.text.slice(pos, cursor.pos).trim()}\``;
      return { expected, got, offset: pos, ...(meant !== undefined && { meant }) };
    };
    return { ...of, read, parse: (text) => parseAll(text, read) };
  },
  /** The same text with another value. */
  mapped<A, B>(of: Grammar<A>, map: (value: A) => B): Grammar<B> {
    return {
      ...grammar(of.type, mapReader(of.read, map)),
      ...(of.fields && { fields: of.fields }),
      optional: of.optional,
    };
  },
} as const;

const mapReader =
  <A, B>(read: Reader<A>, map: (value: A) => B): Reader<B> =>
  (cursor, legacy) => {
    const result = read(cursor, legacy);
    return failed(result) ? result : { ...result, value: map(result.value) };
  };

/** The string of JSON that words without quotes, or in single ones, are meant for; nothing for what may be another value with a slip. */
export function quotedText(text: string): string | undefined {
  const [, words] = /^'([^']*)'$/.exec(text) ?? /^([\p{L}_][^"'`{}[\],]*)$/u.exec(text) ?? [];
  return words === undefined ? undefined : JSON.stringify(words);
}

/** Nothing if the text is no JSON. */
export function parseJson(text: string): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
