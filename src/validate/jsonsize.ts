import type { Json } from '../ir/schema.js';

/** Sizes of frozen objects and lists, which never change. */
const sizes = new WeakMap<object, number>();

/** The number of bytes of the value as JSON without white space. */
export function jsonSize(value: Json | undefined): number {
  if (typeof value === 'string') return stringSize(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null).length;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  const size = Array.isArray(value) ? listSize(value) : objectSize(value as { readonly [key: string]: Json });
  if (Object.isFrozen(value)) sizes.set(value, size);
  return size;
}

function listSize(list: readonly Json[]): number {
  let size = 1 + Math.max(list.length, 1);
  for (const each of list) size += jsonSize(each);
  return size;
}

function objectSize(object: { readonly [key: string]: Json }): number {
  let size = 1;
  let count = 0;
  for (const key in object) {
    if (object[key] === undefined) continue;
    count += 1;
    size += stringSize(key) + 1 + jsonSize(object[key]);
  }
  return size + Math.max(count, 1);
}

const stringSize = (text: string): number => Buffer.byteLength(JSON.stringify(text));
