import type { Json } from '../../src/ir/schema.js';

/** A schema, or what stands in one. */
export type Node = { readonly [key: string]: Json };

export const isNode = (value: Json | undefined): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The same schemas with `{ $ref: TYPE }` for every part that equals the schema of a type with properties. Of equal types the first one is
 * kept. Keys are sorted. `unfolded` is the way back.
 */
export function folded(types: { readonly [type: string]: Node }): { [type: string]: Node } {
  const names = new Map<string, string>();
  const canonical = Object.entries(types).map(([type, schema]) => [type, sorted(schema) as Node] as const);
  for (const [type, schema] of canonical) {
    const text = JSON.stringify(schema);
    if ('properties' in schema && !names.has(text)) names.set(text, type);
  }
  const fold = (value: Json, self: string): Json => {
    if (Array.isArray(value)) return value.map((each) => fold(each, ''));
    if (!isNode(value)) return value;
    const type = names.get(JSON.stringify(value));
    if (type !== undefined && type !== self) return { $ref: type };
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fold(each, '')]));
  };
  return Object.fromEntries(canonical.map(([type, schema]) => [type, fold(schema, type) as Node]));
}

/** The schema of a type without any `$ref`. */
export function unfolded(types: { readonly [type: string]: Node }, type: string): Node {
  const unfold = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(unfold);
    if (!isNode(value)) return value;
    if (typeof value.$ref === 'string') return unfolded(types, value.$ref);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unfold(each)]));
  };
  return unfold(types[type]!) as Node;
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isNode(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
