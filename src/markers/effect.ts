import type { Diagnostic, Position } from '../diagnostics.js';
import { describeSchema, type Json, type Schema } from '../ir/schema.js';

/** Nodes that take the same limits. */
export interface Families {
  number: Extract<Schema, { kind: 'integer' | 'number' }>;
  text: Extract<Schema, { kind: 'string' | 'intOrString' }>;
  list: Extract<Schema, { kind: 'array' }>;
  object: Extract<Schema, { kind: 'object' | 'map' }>;
}

const nouns: Readonly<Record<keyof Families, string>> = {
  number: 'a number',
  text: 'a string',
  list: 'a list',
  object: 'an object or a map',
};

const familyOf: Readonly<Record<Schema['kind'], keyof Families | undefined>> = {
  integer: 'number',
  number: 'number',
  string: 'text',
  intOrString: 'text',
  array: 'list',
  object: 'object',
  map: 'object',
  boolean: undefined,
  any: undefined,
  builtin: undefined,
};

export function isFamily<F extends keyof Families>(schema: Schema, family: F): schema is Families[F] {
  return familyOf[schema.kind] === family;
}

/** An error at a marker that does not fit its node. */
export function misfit(at: Position, message: string, hint?: string): Diagnostic {
  return { code: 'OG2003', severity: 'error', message, at, ...(hint !== undefined && { hint }) };
}

/** `word`: the last part of the marker's name. */
export function wrongFamily(
  word: string,
  family: keyof Families,
  schema: Schema,
  at: Position,
  subject: string,
): Diagnostic {
  const message = `${word} applies to ${nouns[family]}, but ${subject} is ${describeSchema(schema)}`;
  return misfit(at, message, counterpart(word, schema));
}

const suffixes: Readonly<Record<keyof Families, string>> = {
  number: 'imum',
  text: 'Length',
  list: 'Items',
  object: 'Properties',
};

/** The same limit for another family: MinLength for Minimum on a string. */
function counterpart(word: string, schema: Schema): string | undefined {
  const bound = /^(Min|Max)(imum|Length|Items|Properties)$/.exec(word)?.[1];
  const family = familyOf[schema.kind];
  return bound && family ? `use ${bound}${suffixes[family]}` : undefined;
}

/** Whether a value has the type of the node; its other limits and its parts are not looked at. */
export function fits(schema: Schema, value: Json): boolean {
  if (value === null && schema.nullable) return true;
  switch (schema.kind) {
    case 'integer':
      return Number.isInteger(value);
    case 'intOrString':
      return typeof value === 'string' || Number.isInteger(value);
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === schema.kind;
    case 'array':
      return Array.isArray(value);
    case 'object':
    case 'map':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return true;
  }
}

/** How a value is called in messages. */
export function describeValue(value: Json): string {
  if (value === null) return 'no value';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'number' && Number.isInteger(value) ? 'an integer' : `a ${typeof value}`;
}

/** `Default of `size` must be an integer, but `"x"` is a string`. */
export function wrongValue(word: string, schema: Schema, value: Json, at: Position, subject: string): Diagnostic {
  const text = JSON.stringify(value);
  const quoted = typeof value !== 'object' && (schema.kind === 'string' || schema.kind === 'intOrString');
  const message = `${word} of ${subject} must be ${describeSchema(schema)}, but \`${text}\` is ${describeValue(value)}`;
  return misfit(at, message, quoted ? `put it in quotes: \`"${text}"\`` : undefined);
}
