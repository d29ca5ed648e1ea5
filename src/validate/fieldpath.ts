import type { JsonSchema } from '../crd/crd.js';
import { isObject, memberAt, objectAt, show } from '../json.js';
import { nearest } from '../nearest.js';

export type FieldPath =
  | { readonly names: readonly string[]; readonly schema: JsonSchema }
  | { readonly problem: string; readonly hint?: string };

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
    if (!next) return noField(name, Object.keys(objectAt(schema, 'properties') ?? {}));
    names.push(name);
    schema = next;
    rest = rest.slice(step[0].length);
  }
  return { names, schema };
}

function noField(name: string, known: readonly string[]): FieldPath {
  const slip = nearest(name, known);
  const problem = `names no field at \`${name}\``;
  return slip === undefined ? { problem } : { problem, hint: `did you mean \`${slip}\`?` };
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
 * The node that a JSON path leads to, the name that does not exist, or `open` where the schema does not tell: recursive descent,
 * preserved unknown fields, maps, metadata. An index, `[*]` or a filter leads to the items of a list.
 */
export function resolveJsonPath(root: JsonSchema, text: string): Resolved {
  const steps = jsonPathSteps(text);
  if (steps === undefined || ['metadata', 'apiVersion', 'kind'].includes(steps[0] ?? '')) return 'open';
  let schema: JsonSchema = root;
  for (const name of steps) {
    const next = name === undefined ? objectAt(schema, 'items') : memberAt(memberAt(schema, 'properties'), name);
    if (isObject(next)) schema = next;
    else if (name === undefined || isOpen(schema)) return 'open';
    else return { missing: name, known: Object.keys(objectAt(schema, 'properties') ?? {}) };
  }
  return { field: schema };
}

/** The names of a path, with `undefined` for a step into a list; none for a path beyond names, indices and filters. */
function jsonPathSteps(text: string): readonly (string | undefined)[] | undefined {
  const step = /\.((?:[^.[\]\\]|\\.)+)|\['((?:[^'\\]|\\.)*)'\]|\[(?:\*|-?\d+|-?\d*:-?\d*|\?\([^\]]*\))\]/y;
  const steps: (string | undefined)[] = [];
  while (step.lastIndex < text.length) {
    const match = step.exec(text);
    if (!match) return undefined;
    steps.push((match[1] ?? match[2])?.replace(/\\(.)/g, '$1'));
  }
  return steps;
}

/** Why a path that leads nowhere is wrong, with the name that may be meant. */
export function misled(
  text: string,
  { missing, known }: Extract<Resolved, { missing: string }>,
): { readonly detail: string; readonly hint?: string } {
  const slip = nearest(missing, known);
  const detail = `is ${show(text)}, where the schema has no \`${missing}\``;
  return slip === undefined ? { detail } : { detail, hint: `did you mean \`${slip}\`?` };
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
