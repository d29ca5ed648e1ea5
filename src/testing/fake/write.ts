import { isEqual } from '../../runtime/json.js';
import type { K8sObject } from '../../runtime/resource.js';
import { checkTransition, contentOf, validate } from './admission.js';
import { initialStatusOf } from './builtin/defaults.js';
import { checkImmutable } from './builtin/immutable.js';
import { type Call, isDryRun, type Server, storeKey } from './call.js';
import { collectGarbage } from './garbage.js';
import type { ServedKind } from './kinds.js';
import { newUid } from './names.js';
import { isSameButTimes, ownedAfter } from './ownership/index.js';
import { alreadyExists, conflict, invalid, modified, notFound } from './status.js';

type Meta = NonNullable<K8sObject['metadata']>;
type ManagedFields = readonly object[];

const withManaged = (object: K8sObject, managedFields: ManagedFields): K8sObject => ({
  ...object,
  metadata: { ...object.metadata, managedFields: [...managedFields] },
});

/** The result of a write as the client gets it; it is not in the store after a dry run or when the write removed it. */
export interface Written {
  readonly object: K8sObject;
  readonly created: boolean;
}

/** Stores a new object. `managedFields`: who owns what already, else what a write by the manager of the call makes of it. */
export function createObject(call: Call, given: K8sObject, managedFields?: ManagedFields): Written {
  const { kind, server } = call;
  checkNamespace(call);
  const made = initial(server, kind, given);
  const object = managedFields ? withManaged(made, managedFields) : ownedAfter(call, undefined, made, given);
  validate(kind, object);
  const key = storeKey(object);
  if (server.store.get(kind.storage, key)) throw alreadyExists(kind.resource, object.metadata?.name ?? '');
  if (isDryRun(call)) return { object, created: true };
  return { object: server.store.put(kind.storage, key, object), created: true };
}

/** Refuses what is made in a namespace that is not there, where namespaces count. */
function checkNamespace({ server, namespace }: Call): void {
  if (!server.needsNamespaces || namespace === undefined || server.store.get('/namespaces', namespace)) return;
  throw notFound(namespaces, namespace);
}

const namespaces = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };

/** The object with what the server sets, and without what clients may not set. */
function initial({ now }: Server, kind: ServedKind, { ...object }: K8sObject & { status?: unknown }): K8sObject {
  const { generation: _g, ...metadata } = withoutServerFields(object.metadata ?? {});
  if (kind.splitStatus) delete object.status;
  const status = kind.custom ? undefined : initialStatusOf(kind.storage);
  return {
    ...object,
    metadata: {
      ...metadata,
      uid: newUid(),
      creationTimestamp: now(),
      ...(kind.hasGeneration && { generation: 1 }),
      ...(kind.storage === '/namespaces' && {
        labels: { 'kubernetes.io/metadata.name': metadata.name ?? '', ...metadata.labels },
      }),
    },
    ...(status && { status }),
  };
}

function withoutServerFields(metadata: Meta): Meta {
  const {
    deletionTimestamp: _d,
    deletionGracePeriodSeconds: _s,
    managedFields: _m,
    resourceVersion: _r,
    ...rest
  } = {
    ...metadata,
  };
  return rest;
}

/**
 * Stores the new state of an object: its status when the call is about that, else everything but the status. `managedFields` as for
 * `createObject`.
 */
export function updateObject(call: Call, before: K8sObject, given: K8sObject, managedFields?: ManagedFields): Written {
  const { kind, server } = call;
  checkVersion(call, before, given);
  const merged = withServerFields(before, onlyWritable(call, before, given));
  const raised = kind.hasGeneration && isNewGeneration(kind, before, merged);
  const changed = raised ? withGeneration(merged) : merged;
  const after = managedFields ? withManaged(changed, managedFields) : ownedAfter(call, before, changed, given);
  const findings = [
    ...checkTransition(before, after),
    ...(kind.custom ? [] : checkImmutable(kind.storage, before, after)),
  ];
  if (findings.length > 0) throw invalid(kind.resource, before.metadata?.name ?? '', findings);
  validate(kind, after, before, call.subresource);
  if (isSameButTimes(after, before)) return { object: before, created: false };
  if (isDryRun(call)) return { object: after, created: false };
  return { object: storeState(server, kind, after), created: false };
}

/** Refuses an update without a version where the kind needs one, and an update of an older state. */
function checkVersion({ kind, verb, subresource }: Call, before: K8sObject, { metadata = {} }: K8sObject): void {
  const name = before.metadata?.name ?? '';
  const { resource } = kind;
  if (!metadata.resourceVersion) {
    if (verb === 'update' && needsVersion(kind)) {
      throw invalid({ group: resource.group, kind: resource.plural }, name, [
        { path: 'metadata.resourceVersion', message: 'Invalid value: 0: must be specified for an update' },
      ]);
    }
  } else if (metadata.resourceVersion !== before.metadata?.resourceVersion) {
    throw modified(resource, name);
  }
  const { uid } = metadata;
  if (!uid || uid === before.metadata?.uid) return;
  if (verb === 'patch' && kind.custom && subresource === 'status') return;
  if (verb === 'patch') {
    const message = `Invalid value: ${JSON.stringify(uid)}: field is immutable`;
    throw invalid(resource, name, [{ path: 'metadata.uid', message }]);
  }
  const fact = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata?.uid}`;
  throw conflict(resource, name, fact);
}

const needsVersion = ({ custom, resource: { plural } }: ServedKind): boolean =>
  custom || /^(leases|customresourcedefinitions|apiservices)$/.test(plural);

/** Of what is given, the part that the path of the call may write. */
function onlyWritable({ kind, subresource }: Call, before: K8sObject, given: K8sObject): K8sObject {
  const { status: held, ...rest } = before as K8sObject & { status?: unknown };
  const { status, ...others } = given as K8sObject & { status?: unknown };
  const version = given.apiVersion === undefined ? {} : { apiVersion: given.apiVersion };
  if (subresource === 'status') return { ...rest, ...version, ...(status !== undefined && { status }) } as K8sObject;
  if (!kind.splitStatus) return given;
  return { ...others, ...(held !== undefined && { status: held }) } as K8sObject;
}

function withServerFields(before: K8sObject, given: K8sObject): K8sObject {
  const kept = ['uid', 'creationTimestamp', 'generation', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;
  const held = before.metadata ?? {};
  const { generation: _g, ...metadata } = withoutServerFields(given.metadata ?? {});
  const own = Object.fromEntries(kept.flatMap((name) => (held[name] === undefined ? [] : [[name, held[name]]])));
  const { finalizers, ownerReferences, ...rest } = {
    ...metadata,
    ...own,
    resourceVersion: held.resourceVersion,
  } as Meta;
  return {
    ...given,
    metadata: {
      ...rest,
      ...(finalizers && finalizers.length > 0 && { finalizers }),
      ...(ownerReferences && ownerReferences.length > 0 && { ownerReferences }),
    },
  };
}

/** Deployments count their annotations too. */
function isNewGeneration(kind: ServedKind, before: K8sObject, after: K8sObject): boolean {
  if (!isEqual(contentOf(kind, before), contentOf(kind, after))) return true;
  const counts = kind.storage === 'apps/deployments';
  return counts && !isEqual(before.metadata?.annotations ?? {}, after.metadata?.annotations ?? {});
}

export const withGeneration = (object: K8sObject): K8sObject => ({
  ...object,
  metadata: { ...object.metadata, generation: (object.metadata?.generation ?? 0) + 1 },
});

/** Puts the object, or removes it when it was only waiting for its last finalizer. */
export function storeState(server: Server, { storage }: Pick<ServedKind, 'storage'>, object: K8sObject): K8sObject {
  const { deletionTimestamp, finalizers = [] } = object.metadata ?? {};
  if (!deletionTimestamp || finalizers.length > 0) return server.store.put(storage, storeKey(object), object);
  removeObject(server, storage, object);
  return object;
}

/** Removes the object; what it owned goes with it when garbage is collected. The result has the version of the removal. */
export function removeObject(server: Server, storage: string, object: K8sObject): K8sObject {
  const removed = server.store.remove(storage, storeKey(object)) ?? object;
  if (server.garbageCollection) collectGarbage(server, storage, object);
  return removed;
}

/** Marks the object as being deleted, or removes it when no finalizer holds it. */
export function deleteObject(server: Server, kind: ServedKind, object: K8sObject, finalizer?: string): K8sObject {
  const held = object.metadata?.finalizers ?? [];
  const finalizers = finalizer && !held.includes(finalizer) ? [...held, finalizer] : held;
  if (finalizers.length === 0) return removeObject(server, kind.storage, object);
  if (object.metadata?.deletionTimestamp && finalizers.length === held.length) return object;
  const marked = {
    ...object,
    metadata: {
      ...object.metadata,
      finalizers,
      deletionTimestamp: object.metadata?.deletionTimestamp ?? server.now(),
      deletionGracePeriodSeconds: 0,
    },
  };
  const isFirst = !object.metadata?.deletionTimestamp;
  const stored = storeState(server, kind, isFirst && kind.hasGeneration ? withGeneration(marked) : marked);
  if (server.garbageCollection) collectGarbage(server, kind.storage, stored);
  return stored;
}
