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
