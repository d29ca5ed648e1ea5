import { pluralize } from '../names.js';
import type { K8sObject, Resource } from './resource.js';

/**
 * The handle of a kind, frozen. `group` is empty for the core group, `plural` defaults to the lower-cased plural of the kind,
 * `namespaced` to true.
 */
export function defineResource<T extends K8sObject>(definition: {
  group: string;
  version: string;
  kind: string;
  plural?: string;
  namespaced?: boolean;
}): Resource<T> {
  const { group, version, kind, plural = pluralize(kind), namespaced = true } = definition;
  return Object.freeze({ group, version, kind, plural, namespaced });
}

/**
 * The same kind, of which only apiVersion, kind and metadata are read and watched, by an informer of its own: objects cost a fraction of
 * their memory. Patches work; creates and updates throw a TypeError, for they would lose the rest.
 */
export const metadataOnly = <T extends K8sObject>(resource: Resource<T>): Resource<K8sObject> => {
  const { group, version, kind, plural, namespaced } = resource;
  return Object.freeze({ group, version, kind, plural, namespaced, metadataOnly: true });
};
