import type { ObjectMeta } from '../api/index.js';

export type { ObjectMeta, OwnerReference } from '../api/index.js';

/** Raw JSON as the API server sends it: no classes, no Date, unknown fields survive. */
export interface K8sObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
}

/** Handle of a kind. It carries plural and scope, so neither discovery nor registration is needed. */
export interface Resource<T extends K8sObject> {
  group: string;
  version: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  /** Reads and watches carry no more than the metadata of the objects; set by `metadataOnly`. */
  metadataOnly?: boolean;
  /** Type carrier, never set. */
  _t?: (t: T) => T;
}

/** A handle of whatever kind. */
// biome-ignore lint/suspicious/noExplicitAny: a handle is invariant in the type that it carries
export type AnyResource = Resource<any>;

/** Name of an object; `namespace` is absent for objects of the cluster. */
export type Key = { name: string; namespace?: string };

/** The key of an object that has a name, else an error. */
export function keyOf(object: K8sObject): Key {
  const { name, namespace } = object.metadata ?? {};
  if (!name) throw new TypeError('An object needs `metadata.name`, but has none');
  return namespace === undefined ? { name } : { name, namespace };
}

/** `namespace/name`, or the name of an object of the cluster: unique within a kind. */
export const keyText = ({ name, namespace }: Key): string => (namespace ? `${namespace}/${name}` : name);

/** What `keyText` gave. */
export function parseKey(text: string): Key {
  const slash = text.indexOf('/');
  return slash < 0 ? { name: text } : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** `apps/v1`, or `v1` for the core group: the `apiVersion` of its objects. */
export const apiVersionOf = ({ group, version }: Pick<AnyResource, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;

/** The API group of an `apiVersion`; empty for the core group. */
export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

/** `deployments.apps`: group and plural, as kubectl and messages of the API server name a resource. */
export const resourceName = ({ group, plural }: Pick<AnyResource, 'group' | 'plural'>): string =>
  group === '' ? plural : `${plural}.${group}`;
