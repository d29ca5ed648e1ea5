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
  /** Type carrier, never set. */
  _t?: (t: T) => T;
}
