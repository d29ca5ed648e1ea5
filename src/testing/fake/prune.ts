import { isMembers } from '../../runtime/json.js';
import { isMetadataKey } from '../../validate/metadata.js';
import type { JsonSchema } from './kinds.js';

type Members = Record<string, unknown>;

/** A copy of a whole object without the fields that its schema does not know. */
export function prune(schema: JsonSchema, object: unknown): unknown {
  return pruned({ ...schema, 'x-kubernetes-embedded-resource': true }, object);
}

function pruned(schema: JsonSchema | undefined, value: unknown): unknown {
  const preserves = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  if (Array.isArray(value)) {
    const items = membersOf(schema?.items);
    if (preserves && !items) return value;
    const itemSchema = preserves && items ? { ...items, 'x-kubernetes-preserve-unknown-fields': true } : items;
    return value.map((each) => pruned(itemSchema, each));
  }
  return isMembers(value) ? prunedMembers(schema, value, preserves) : value;
}

function prunedMembers(schema: JsonSchema | undefined, value: Members, preserves: boolean): Members {
  const properties = membersOf(schema?.properties) ?? {};
  const isResource = schema?.['x-kubernetes-embedded-resource'] === true;
  const entries = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    if (isResource && (name === 'apiVersion' || name === 'kind')) return [[name, member]];
    if (isResource && name === 'metadata') return [[name, knownMetadata(member)]];
    const field = Object.hasOwn(properties, name) ? properties[name] : schema?.additionalProperties;
    if (isMembers(field)) return [[name, pruned(field as JsonSchema, member)]];
    if (preserves || field === true) return [[name, member]];
    return [];
  });
  return Object.fromEntries(entries);
}

/** Metadata without fields that no metadata has, and without nulls. */
export function knownMetadata(metadata: unknown): unknown {
  if (!isMembers(metadata)) return metadata;
  return Object.fromEntries(
    Object.entries(metadata).filter(([name, member]) => isMetadataKey(name) && member !== null),
  );
}

const membersOf = (value: unknown): JsonSchema | undefined => (isMembers(value) ? (value as JsonSchema) : undefined);
