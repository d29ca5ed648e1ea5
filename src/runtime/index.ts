export { defineResource } from './define.js';
export type { K8sObject, ObjectMeta, OwnerReference, Resource } from './resource.js';
