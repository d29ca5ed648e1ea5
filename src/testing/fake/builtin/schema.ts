import { builtinTable } from '../../../k8s/table.js';
import { isMembers } from '../../../runtime/json.js';
import type { K8sObject } from '../../../runtime/resource.js';
import type { JsonSchema, ServedKind } from '../kinds.js';
import { builtinTypeName } from '../ownership/type.js';

type Members = Record<string, unknown>;

/** The schema of a built-in kind with nothing left to look up, for its unknown fields; undefined for kinds that the table lacks. */
export function builtinSchema({ resource, custom }: ServedKind): JsonSchema | undefined {
  const name = custom ? undefined : builtinTypeName(resource);
  if (name === undefined) return undefined;
  const made = schemas.get(name) ?? (resolved({ $ref: name }, []) as JsonSchema);
  schemas.set(name, made);
  return made;
}

const schemas = new Map<string, JsonSchema>();
const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** Metadata of any kind, and types that lead back to themselves, take every field. */
function resolved(schema: unknown, within: readonly string[]): unknown {
  if (!isMembers(schema)) return schema;
  const { $ref, ...beside } = schema;
  if (typeof $ref === 'string') {
    const isOpen = $ref === 'V1ObjectMeta' || within.includes($ref);
    return isOpen ? anything : resolved({ ...builtinTable().schemaOf($ref), ...beside }, [...within, $ref]);
  }
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...(isMembers(properties) && { properties: mapped(properties, within) }),
    ...(isMembers(items) && { items: resolved(items, within) }),
    ...(isMembers(additionalProperties) && { additionalProperties: resolved(additionalProperties, within) }),
  };
}

const mapped = (properties: Members, within: readonly string[]): Members =>
  Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, resolved(property, within)]));

/** The object without lists and maps that are empty, which Go leaves out. */
export function withoutEmpty(schema: JsonSchema, object: K8sObject): K8sObject {
  return pruned(schema, object) as K8sObject;
}

function pruned(schema: unknown, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => pruned(isMembers(schema) ? schema.items : undefined, each));
  if (!isMembers(value) || !isMembers(schema)) return value;
  const properties = isMembers(schema.properties) ? schema.properties : {};
  const entries = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return isEmptyIn(property, member) ? [] : [[name, pruned(property, member)]];
  });
  return Object.fromEntries(entries);
}

function isEmptyIn(schema: unknown, value: unknown): boolean {
  if (!isMembers(schema)) return false;
  if (Array.isArray(value)) return value.length === 0 && schema.type === 'array';
  return isMembers(value) && Object.keys(value).length === 0 && isMembers(schema.additionalProperties);
}
