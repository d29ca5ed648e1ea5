import { isMissingObject } from '../errors.js';
import { collectionPath, objectPath } from '../path.js';
import { assertWhole } from '../projection.js';
import { type AnyResource, type K8sObject, type Key, keyOf, type Resource } from '../resource.js';
import { type Caller, call, queryOf, typed } from './call.js';
import { liveReader, selectorsOf } from './reader.js';
import type { CallOptions, Client, DeleteOptions, ListOptions } from './types.js';

/** Creates and deletes objects. */
export function createObjects(caller: Caller): Pick<Client, 'create' | 'delete' | 'deleteAll'> {
  return {
    create: (resource, object, options) => createObject(caller, resource, object, options),
    delete: (resource, object, options = {}) => deleteObject(caller, resource, object, options),
    deleteAll: (resource, options) => deleteObjects(caller, resource, options),
  };
}

async function createObject<T extends K8sObject>(
  caller: Caller,
  resource: Resource<T>,
  object: T,
  options?: CallOptions,
): Promise<T> {
  assertWhole(resource, 'create');
  const { name, generateName, namespace } = object.metadata ?? {};
  if (!name && !generateName)
    throw new TypeError(
      `A ${resource.kind} needs \`metadata.name\` or \`generateName\` to be created, but has neither`,
    );
  if (resource.namespaced && !namespace)
    throw new TypeError(`A ${resource.kind} needs \`metadata.namespace\` to be created, but has none`);
  return call(caller, {
    method: 'POST',
    path: collectionPath(resource, namespace),
    query: queryOf(caller, options),
    resource,
    body: typed(resource, object),
    signal: options?.signal,
  });
}

async function deleteObject(
  caller: Caller,
  resource: AnyResource,
  object: K8sObject | Key,
  options: CallOptions & DeleteOptions,
): Promise<void> {
  const path = objectPath(resource, isKey(object) ? object : keyOf(object));
  const body = bodyOf(caller, options);
  try {
    await call(caller, { method: 'DELETE', path, resource, body, signal: options.signal });
  } catch (error) {
    if (!(options.ignoreNotFound && isMissingObject(error))) throw error;
  }
}

/** An object of a kind may have a member `name` of its own. */
const isKey = (object: K8sObject | Key): object is Key => !('metadata' in object);

/** The API server reads the options of a delete from the body only where there is one. */
function bodyOf({ defaults }: Caller, options: CallOptions & DeleteOptions): object {
  const { propagation, preconditions, gracePeriodSeconds, dryRun } = { ...defaults, ...options };
  if (gracePeriodSeconds !== undefined && !(Number.isInteger(gracePeriodSeconds) && gracePeriodSeconds >= 0))
    throw new TypeError(`\`gracePeriodSeconds\` must be a whole number from 0 on, but is ${gracePeriodSeconds}`);
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    ...(propagation && { propagationPolicy: propagation }),
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(preconditions && { preconditions }),
    ...(dryRun && { dryRun: ['All'] }),
  };
}

/** Namespaces are cleared one after the other: a collection of all of them cannot be deleted. */
async function deleteObjects(
  caller: Caller,
  resource: AnyResource,
  options: ListOptions & CallOptions & DeleteOptions,
): Promise<void> {
  const body = bodyOf(caller, options);
  for (const namespace of await namespacesOf(caller, resource, options)) {
    await call(caller, {
      method: 'DELETE',
      path: collectionPath(resource, namespace),
      query: selectorsOf(options),
      resource,
      body,
      signal: options.signal,
    });
  }
}

async function namespacesOf(
  caller: Caller,
  resource: AnyResource,
  options: ListOptions,
): Promise<Iterable<string | undefined>> {
  if (!resource.namespaced) return [undefined];
  if (options.namespace) return [options.namespace];
  const { limit: _, ...all } = options;
  const objects: K8sObject[] = await liveReader(caller).list(resource, all);
  return new Set(objects.map((object) => object.metadata?.namespace));
}
