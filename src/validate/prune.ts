import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import type { JsonObject } from '../json.js';
import { isList, isObject, memberAt, objectAt } from '../json.js';
import { isMetadataKey } from './metadata.js';
import { metaFields } from './walk.js';

/**
 * The paths of the fields that the API server would prune, such as `spec.colour` or `spec.list[0].x`. `isResource`: the value is a
 * whole object, with apiVersion, kind and metadata. Inside metadata, the fields that no metadata has.
 */
export function unknownFields(schema: JsonSchema, value: Json, isResource: boolean): readonly string[] {
  return [...unknownIn(isResource ? { ...schema, 'x-kubernetes-embedded-resource': true } : schema, value, '')];
}

function* unknownIn(schema: JsonSchema | undefined, value: Json, path: string): Generator<string> {
  if (isList(value)) yield* unknownInList(schema, value, path);
  else if (isObject(value)) yield* unknownInObject(schema, value, path);
}

function* unknownInList(schema: JsonSchema | undefined, value: readonly Json[], path: string): Generator<string> {
  const preserves = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  const items = objectAt(schema, 'items');
  if (preserves && !items) return;
  for (const [index, each] of value.entries())
    yield* unknownIn(preserves ? preserving(items!) : items, each, `${path}[${index}]`);
}

/** The items of a list that preserves unknown fields preserve them too. */
const preserving = (items: JsonSchema): JsonSchema => ({ ...items, 'x-kubernetes-preserve-unknown-fields': true });

function* unknownInObject(schema: JsonSchema | undefined, value: JsonObject, path: string): Generator<string> {
  for (const [name, member] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (schema?.['x-kubernetes-embedded-resource'] === true && metaFields.has(name)) {
      if (name === 'metadata') yield* unknownMetadata(member, at);
      continue;
    }
    const field = memberAt(objectAt(schema, 'properties'), name) ?? memberAt(schema, 'additionalProperties');
    if (isObject(field)) yield* unknownIn(field, member, at);
    else if (schema?.['x-kubernetes-preserve-unknown-fields'] === true) continue;
    else if (typeof field === 'boolean') yield* unknownIn(undefined, member, at);
    else yield at;
  }
}

function* unknownMetadata(metadata: Json, path: string): Generator<string> {
  if (!isObject(metadata)) return;
  for (const name of Object.keys(metadata)) if (!isMetadataKey(name)) yield `${path}.${name}`;
}
