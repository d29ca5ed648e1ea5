import { copyOf } from '../json.js';
import type { JsonPatchOp } from '../jsonpatch.js';
import { objectPath } from '../path.js';
import { assertWhole, projected } from '../projection.js';
import { type K8sObject, keyOf, type Resource } from '../resource.js';
import { type Caller, call, queryOf, typed } from './call.js';
import { patchBy } from './edit.js';
import type { CallOptions, Patch, SubresourceWriter } from './types.js';

const contentTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
};

/** Writes objects, or one subresource of them. */
export function createWriter(caller: Caller, subresource?: string): SubresourceWriter {
  const at = <T extends K8sObject>(resource: Resource<T>, object: K8sObject) => ({
    path: objectPath(resource, keyOf(object), subresource),
    resource,
    subresource,
  });
  return {
    async update(resource, object, options) {
      assertWhole(resource, 'update');
      return call(caller, {
        method: 'PUT',
        ...at(resource, object),
        query: queryOf(caller, options),
        body: typed(resource, object),
        signal: options?.signal,
      });
    },
    async patch(resource, object, edit, options = {}) {
      const patch = typeof edit === 'function' ? patchBy(object, edit, subresource) : edit;
      if (patch === undefined) return copyOf(object);
      return sendPatch(caller, at(resource, object), options.optimisticLock ? locked(patch, object) : patch, options);
    },
    async apply(resource, object, { force, fieldValidation: _, ...options } = {}) {
      const { fieldValidation: __, ...query } = queryOf(caller, options);
      if (!query.fieldManager)
        throw new TypeError('`apply` needs the name of a field owner, but has none: pass `fieldOwner`');
      return call(caller, {
        method: 'PATCH',
        ...at(resource, object as K8sObject),
        query: { ...query, ...(force && { force: 'true' }) },
        headers: { 'content-type': 'application/apply-patch+yaml' },
        body: withoutManagedFields(typed(resource, object as K8sObject)),
        signal: options.signal,
      });
    },
  };
}

/** Sends a patch to the place of an object. */
export async function sendPatch<T extends K8sObject>(
  caller: Caller,
  at: { path: string; resource: Resource<T>; subresource?: string | undefined },
  { type, body }: Patch,
  options: CallOptions,
): Promise<T> {
  const headers = { 'content-type': contentTypes[type] };
  const query = queryOf(caller, options);
  const answer = await call<T>(caller, { method: 'PATCH', ...at, query, headers, body, signal: options.signal });
  return at.resource.metadataOnly ? projected(at.resource, answer) : answer;
}

/** The patch with the condition that the object is still the one given. */
function locked(patch: Patch, { metadata }: K8sObject): Patch {
  const { resourceVersion } = metadata ?? {};
  if (!resourceVersion)
    throw new TypeError('`optimisticLock` needs `metadata.resourceVersion`, but the object has none: read it first');
  if (patch.type === 'json') {
    const test: JsonPatchOp = { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion };
    return { type: 'json', body: [test, ...patch.body] };
  }
  const body = patch.body as K8sObject;
  return { ...patch, body: { ...body, metadata: { ...body.metadata, resourceVersion } } };
}

/** The API server refuses an apply that has them. */
function withoutManagedFields(object: K8sObject): K8sObject {
  const { managedFields: _, ...metadata } = object.metadata ?? {};
  return { ...object, metadata };
}
