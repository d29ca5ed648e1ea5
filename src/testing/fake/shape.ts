import { isMembers } from '../../runtime/json.js';
import type { ServedKind } from './kinds.js';

/**
 * How the lists of an object merge: items of a map list are told apart by their keys, those of a set by their value.
 */
export type ListType =
  | { readonly type: 'map'; readonly keys: readonly string[] }
  | { readonly type: 'set' }
  | { readonly type: 'atomic' };

/** A place in the objects of a kind. */
export interface Shape {
  readonly list: (items: readonly unknown[]) => ListType;
  readonly field: (name: string) => Shape;
  readonly item: () => Shape;
}

/** From the schema of a CRD, else from the known fields of built-in kinds. */
export const shapeOf = ({ schema, custom }: ServedKind): Shape =>
  custom ? rooted(schemaShape(schema)) : namedShape('');

/** Metadata has the same lists in every kind. */
const rooted = (shape: Shape): Shape => ({
  ...shape,
  field: (name) => (name === 'metadata' ? namedShape('metadata') : shape.field(name)),
});

function schemaShape(schema: unknown): Shape {
  const node = isMembers(schema) ? schema : {};
  return {
    list: () => listTypeOf(node),
    field(name) {
      const properties = isMembers(node.properties) ? node.properties : {};
      return schemaShape(Object.hasOwn(properties, name) ? properties[name] : node.additionalProperties);
    },
    item: () => schemaShape(node.items),
  };
}

function listTypeOf(node: Record<string, unknown>): ListType {
  const keys = node['x-kubernetes-list-map-keys'];
  if (node['x-kubernetes-list-type'] === 'map' && Array.isArray(keys)) return { type: 'map', keys: keys.map(String) };
  return { type: node['x-kubernetes-list-type'] === 'set' ? 'set' : 'atomic' };
}

const mergeKeys: Readonly<Record<string, string>> = {
  addresses: 'type',
  conditions: 'type',
  containers: 'name',
  env: 'name',
  ephemeralContainers: 'name',
  hostAliases: 'ip',
  imagePullSecrets: 'name',
  initContainers: 'name',
  ownerReferences: 'uid',
  podIPs: 'ip',
  secrets: 'name',
  topologySpreadConstraints: 'topologyKey',
  volumeDevices: 'devicePath',
  volumeMounts: 'mountPath',
  volumes: 'name',
};

/** The lists of built-in kinds by the name of their field. */
function namedShape(name: string): Shape {
  return {
    list: (items) => namedList(name, items),
    field: namedShape,
    item: () => namedShape(''),
  };
}

function namedList(name: string, items: readonly unknown[]): ListType {
  if (name === 'finalizers') return { type: 'set' };
  if (name === 'ports') return portsOf(items);
  const key = Object.hasOwn(mergeKeys, name) ? mergeKeys[name] : undefined;
  return key === undefined ? { type: 'atomic' } : { type: 'map', keys: [key] };
}

/** Ports of containers, else of services; those of endpoints and network policies are replaced as a whole. */
function portsOf(items: readonly unknown[]): ListType {
  const have = (key: string): boolean => items.length > 0 && items.every((item) => isMembers(item) && key in item);
  if (have('containerPort')) return { type: 'map', keys: ['containerPort'] };
  return have('port') ? { type: 'map', keys: ['port'] } : { type: 'atomic' };
}

/** Whether two items of a map list are the same one. */
export const isSameItem = (keys: readonly string[], left: unknown, right: unknown): boolean =>
  isMembers(left) && isMembers(right) && keys.every((key) => left[key] === right[key]);
