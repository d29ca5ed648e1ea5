import type { Json } from './ir/schema.js';

export type JsonObject = { readonly [key: string]: Json };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The object at `key` of `value`; absent when there is none or when either is something else. */
export function objectAt(value: Json | undefined, key: string): JsonObject | undefined {
  const member = memberAt(value, key);
  return isObject(member) ? member : undefined;
}

/** The elements at `key` of `value`; none when either is something else. */
export function listAt(value: Json | undefined, key: string): readonly Json[] {
  const member = memberAt(value, key);
  return isList(member) ? member : [];
}

export function stringAt(value: Json | undefined, key: string): string | undefined {
  const member = memberAt(value, key);
  return typeof member === 'string' ? member : undefined;
}

/** An own property, since keys of users may be called `constructor`. */
export function memberAt(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The strings at `key` of `value`; what is no string is left out. */
export function stringsAt(value: Json | undefined, key: string): readonly string[] {
  return listAt(value, key).filter((each): each is string => typeof each === 'string');
}

/** JSON with sorted keys, so that equal values give equal text. */
export function canonicalJson(value: Json): string {
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key]!)}`).join(',')}}`;
}

export function sameJson(a: Json, b: Json): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** A value as messages show it: in backticks, on one line, at most 60 characters of it. */
export function show(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  const text = typeof value === 'string' ? plainText(value) : canonicalJson(value);
  return `\`${text.length > 60 ? `${text.slice(0, 57)}...` : text}\``;
}

/** Quoted where the bare text would be taken for something else. */
function plainText(text: string): string {
  const ambiguous = text.trim() !== text || /^(-?\d.*|true|false|null)?$/.test(text) || /[\n\r`]/.test(text);
  return ambiguous ? JSON.stringify(text).replaceAll('`', "'") : text;
}
