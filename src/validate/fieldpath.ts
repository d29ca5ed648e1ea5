import type { JsonSchema } from '../crd/crd.js';
import { isObject, memberAt, objectAt, show } from './json.js';

export type FieldPath =
  | { readonly names: readonly string[]; readonly schema: JsonSchema }
  | { readonly problem: string };

/**
 * Follows a path such as `.spec.size` or `.a['b.c']` through properties and maps of a schema, in the grammar of fieldPath and
 * selectableFields: no list index, no filter. `quoted`: whether `['name']` is allowed.
 */
export function followFieldPath(root: JsonSchema, text: string, quoted: boolean): FieldPath {
  const names: string[] = [];
  let schema: JsonSchema = root;
  for (let rest = text; rest !== ''; ) {
    const step = /^\.([^.[\]]+)|^\['((?:[^'\\]|\\.)*)'\]/.exec(rest);
    if (!step) return { problem: `does not parse at \`${rest}\`` };
    if (step[2] !== undefined && !quoted) return { problem: 'uses `[…]`' };
    const name = step[1] ?? step[2]!.replace(/\\(.)/g, '$1');
    const next = memberSchema(schema, name);
    if (!next) return { problem: `names no field at \`${name}\`` };
    names.push(name);
    schema = next;
    rest = rest.slice(step[0].length);
  }
  return { names, schema };
}

/** As the server: properties win over additionalProperties, which name every key. */
function memberSchema(schema: JsonSchema, name: string): JsonSchema | undefined {
  const properties = objectAt(schema, 'properties');
  if (properties && Object.keys(properties).length > 0) return objectAt(properties, name);
  const values = memberAt(schema, 'additionalProperties');
  return values === true ? {} : objectAt(schema, 'additionalProperties');
}

export type Resolved =
  | { readonly field: JsonSchema }
  | { readonly missing: string; readonly known: readonly string[] }
  | 'open';

/**
 * The node that a JSON path of plain names leads to, the name that does not exist, or `open` where the schema does not tell: filters
 * and indices in the path, preserved unknown fields, maps, metadata.
 */
export function resolveJsonPath(root: JsonSchema, text: string): Resolved {
  if (!/^(\.([\w-]|\\\.)+)+$/.test(text)) return 'open';
  const names = text
    .slice(1)
    .split(/(?<!\\)\./)
    .map((name) => name.replaceAll('\\.', '.'));
  if (['metadata', 'apiVersion', 'kind'].includes(names[0]!)) return 'open';
  let schema: JsonSchema = root;
  for (const name of names) {
    const next = memberAt(memberAt(schema, 'properties'), name);
    if (isObject(next)) schema = next;
    else if (isOpen(schema)) return 'open';
    else return { missing: name, known: Object.keys(objectAt(schema, 'properties') ?? {}) };
  }
  return { field: schema };
}

/** Whether values of the node may have fields that the schema does not name. */
export function isOpen(schema: JsonSchema): boolean {
  const values = memberAt(schema, 'additionalProperties');
  return (
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema['x-kubernetes-embedded-resource'] === true ||
    values === true ||
    isObject(values)
  );
}

/** The type of a node as messages show it. */
export function typeText(schema: JsonSchema): string {
  if (schema['x-kubernetes-int-or-string'] === true) return '`int-or-string`';
  return show(memberAt(schema, 'type'));
}
