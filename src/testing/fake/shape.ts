import { isMembers } from '../../runtime/json.js';

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

/** From the known fields of built-in kinds: the merge keys of a strategic patch differ from those of an apply. */
export const shapeOfBuiltin = (): Shape => namedShape('');

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
