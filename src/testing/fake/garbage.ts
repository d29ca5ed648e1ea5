import type { K8sObject } from '../../runtime/resource.js';
import { type Server, storeKey } from './call.js';
import { crdStorage } from './kinds.js';
import type { Stored } from './store.js';
import { deleteObject, removeObject, storeState } from './write.js';

/**
 * What kube-controller-manager does after a deletion: dependents go with their last owner, before it
 * (`foregroundDeletion`) or not at all (`orphan`); the contents of a namespace and the objects of a CRD go with it.
 */
export function collectGarbage(server: Server, storage: string, owner: K8sObject): void {
  const uid = owner.metadata?.uid ?? '';
  const current = server.store.get(storage, storeKey(owner));
  const isThere = current?.metadata?.uid === uid;
  if (!isThere) {
    for (const dependent of server.store.dependents(uid)) releaseFrom(server, dependent, uid);
    removeContents(server, storage, owner);
    releaseOwners(server, owner);
    return;
  }
  const finalizers = current.metadata?.finalizers ?? [];
  if (finalizers.includes('orphan')) orphan(server, storage, current);
  else if (finalizers.includes('foregroundDeletion')) deleteFirst(server, storage, current);
}

/** The owner is gone: without another one the dependent goes too. */
function releaseFrom(server: Server, dependent: Stored, uid: string): void {
  const others = ownersOf(dependent.object).filter((each) => each.uid !== uid);
  if (others.length > 0) withoutOwner(server, dependent, uid);
  else remove(server, dependent);
}

const ownersOf = ({ metadata }: K8sObject) => metadata?.ownerReferences ?? [];

function withoutOwner(server: Server, { storage, object }: Stored, uid: string): void {
  const ownerReferences = ownersOf(object).filter((each) => each.uid !== uid);
  const { ownerReferences: _, ...metadata } = object.metadata ?? {};
  const kept = ownerReferences.length > 0 ? { ...metadata, ownerReferences } : metadata;
  storeState(server, { storage }, { ...object, metadata: kept });
}

function remove(server: Server, { storage, object }: Stored): void {
  const kind = server.kinds.ofStorage(storage);
  if (kind) deleteObject(server, kind, object);
}

function orphan(server: Server, storage: string, owner: K8sObject): void {
  const uid = owner.metadata?.uid ?? '';
  for (const dependent of server.store.dependents(uid)) withoutOwner(server, dependent, uid);
  dropFinalizer(server, storage, owner, 'orphan');
}

function deleteFirst(server: Server, storage: string, owner: K8sObject): void {
  const uid = owner.metadata?.uid ?? '';
  for (const dependent of server.store.dependents(uid)) {
    if (!dependent.object.metadata?.deletionTimestamp) remove(server, dependent);
  }
  const blocks = ({ object }: Stored): boolean =>
    ownersOf(object).some((each) => each.uid === uid && each.blockOwnerDeletion === true);
  const waiting = server.store.get(storage, storeKey(owner));
  if (waiting?.metadata?.uid === uid && !server.store.dependents(uid).some(blocks)) {
    dropFinalizer(server, storage, waiting, 'foregroundDeletion');
  }
}

function dropFinalizer(server: Server, storage: string, object: K8sObject, name: string): void {
  const finalizers = (object.metadata?.finalizers ?? []).filter((each) => each !== name);
  const { finalizers: _, ...metadata } = object.metadata ?? {};
  storeState(
    server,
    { storage },
    { ...object, metadata: finalizers.length > 0 ? { ...metadata, finalizers } : metadata },
  );
}

/** A removed dependent may be what its owner, which waits for it, was waiting for. */
function releaseOwners(server: Server, dependent: K8sObject): void {
  for (const { uid } of ownersOf(dependent)) {
    const owner = server.store.ofUid(uid);
    if (owner?.object.metadata?.finalizers?.includes('foregroundDeletion'))
      deleteFirst(server, owner.storage, owner.object);
  }
}

function removeContents(server: Server, storage: string, owner: K8sObject): void {
  const name = owner.metadata?.name ?? '';
  if (storage === '/namespaces') {
    for (const each of server.store.everything()) if (each.object.metadata?.namespace === name) remove(server, each);
  }
  if (storage !== crdStorage) return;
  const [plural = '', ...group] = name.split('.');
  for (const { object } of server.store.list(`${group.join('.')}/${plural}`)) {
    removeObject(server, `${group.join('.')}/${plural}`, object);
  }
}
