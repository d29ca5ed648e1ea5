import type { Client } from './client/types.js';
import { isMissingObject } from './errors.js';
import type { JsonPatchOp } from './jsonpatch.js';
import type { K8sObject, Resource } from './resource.js';

/** Whether the object has the finalizer. */
export const containsFinalizer = (object: K8sObject, name: string): boolean =>
  object.metadata?.finalizers?.includes(name) ?? false;

/** Adds the finalizer, in place; returns whether it was missing. */
export function addFinalizer(object: K8sObject, name: string): boolean {
  if (containsFinalizer(object, name)) return false;
  object.metadata = { ...object.metadata, finalizers: [...(object.metadata?.finalizers ?? []), name] };
  return true;
}

/** Takes the finalizer away, in place; returns whether it was there. */
export function removeFinalizer(object: K8sObject, name: string): boolean {
  if (!containsFinalizer(object, name)) return false;
  const finalizers = (object.metadata?.finalizers ?? []).filter((each) => each !== name);
  object.metadata = { ...object.metadata, finalizers };
  return true;
}

/**
 * Adds the finalizer to the stored object, which is given back; nothing is sent where the object has it.
 *
 * Guarantees: the finalizers of others stay. Rejects with an ApiError that `isConflict` when the list, or the object under that name, is
 * another by now, or is being deleted.
 */
export async function putFinalizer<T extends K8sObject>(
  client: Pick<Client, 'patch'>,
  resource: Resource<T>,
  object: T,
  name: string,
): Promise<T> {
  if (containsFinalizer(object, name)) return object;
  const { finalizers = [] } = object.metadata ?? {};
  const alive = test('/metadata/deletionTimestamp', null);
  const add: JsonPatchOp[] =
    finalizers.length === 0
      ? [test('/metadata/finalizers', null), { op: 'add', path: '/metadata/finalizers', value: [name] }]
      : [test('/metadata/finalizers', finalizers), { op: 'add', path: '/metadata/finalizers/-', value: name }];
  return client.patch(resource, object, { type: 'json', body: [...sameObject(object), alive, ...add] });
}

/**
 * Takes the finalizer from the stored object, which is given back; undefined where the object is gone, which is as good.
 *
 * Guarantees: as of `putFinalizer`.
 */
export async function dropFinalizer<T extends K8sObject>(
  client: Pick<Client, 'patch'>,
  resource: Resource<T>,
  object: T,
  name: string,
): Promise<T | undefined> {
  const index = object.metadata?.finalizers?.indexOf(name) ?? -1;
  if (index < 0) return object;
  const path = `/metadata/finalizers/${index}`;
  const body: JsonPatchOp[] = [...sameObject(object), test(path, name), { op: 'remove', path }];
  try {
    return await client.patch(resource, object, { type: 'json', body });
  } catch (error) {
    if (isMissingObject(error)) return undefined;
    throw error;
  }
}

const test = (path: string, value: unknown): JsonPatchOp => ({ op: 'test', path, value });

/** An object that was made again under the same name has another uid. */
const sameObject = ({ metadata }: K8sObject): JsonPatchOp[] =>
  metadata?.uid === undefined ? [] : [test('/metadata/uid', metadata.uid)];
