import type { JsonSchema } from '../crd/crd.js';
import type { SchemaNode } from './walk.js';
import { isMetaField, nearestNode } from './walk.js';

/** One set for each kind of place. */
const sets = Array.from({ length: 4 }, () => new WeakSet<JsonSchema>());

/**
 * The frozen schemas that no rule objected to at places such as that of the node; none where a schema may change, or where rules depend
 * on more of the way from the root than whether it leads through a map, and through a list whose items have no keys: in branches and in
 * metadata.
 */
export function goodOnes(node: SchemaNode): WeakSet<JsonSchema> | undefined {
  if (node.role === 'root' || node.nested || !Object.isFrozen(node.schema) || nearestNode(node, isMetaField))
    return undefined;
  return sets[(nearestNode(node, isValue) ? 1 : 0) + (nearestNode(node, isItemWithoutKey) ? 2 : 0)];
}

const isValue = ({ role }: SchemaNode): boolean => role === 'values';

const isItemWithoutKey = ({ role, parent }: SchemaNode): boolean =>
  role === 'items' && parent!.schema['x-kubernetes-list-type'] !== 'map';
