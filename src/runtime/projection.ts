import { type AnyResource, apiVersionOf, type K8sObject, type Resource } from './resource.js';

/**
 * The `accept` header of a read. An API server that cannot give metadata alone, as aggregated ones, gives whole objects.
 */
export function acceptOf({ metadataOnly }: AnyResource, form: 'object' | 'list'): string {
  const kind = form === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata';
  return metadataOnly ? `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json` : 'application/json';
}

/**
 * The object as the handle reads it, with the `apiVersion` and `kind` of its resource: items of lists have none, metadata alone comes
 * as a PartialObjectMetadata.
 */
export function projected<T extends K8sObject>(resource: Resource<T>, object: T): T {
  const type = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  const { metadata } = object;
  if (resource.metadataOnly) return { ...type, ...(metadata && { metadata }) } as T;
  return object.apiVersion && object.kind ? object : { ...object, ...type };
}

/** Throws TypeError for a handle of metadata alone. */
export function assertWhole({ kind, metadataOnly }: AnyResource, verb: 'create' | 'update'): void {
  if (metadataOnly)
    throw new TypeError(
      `A handle of \`metadataOnly\` has no more than the metadata of a ${kind}, so it cannot ${verb} one. Use the handle of the kind`,
    );
}
