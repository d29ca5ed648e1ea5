import type { K8sObject } from '../../runtime/resource.js';
import type { Change, Stored } from './store.js';

/** Where an object is. */
export type Place = Pick<Stored, 'storage' | 'key'>;

/** Finds the objects whose owner references name a uid. */
export function createOwnerIndex() {
  const places = new Map<string, Map<string, Place>>();
  const uidsOf = (object: K8sObject | undefined): readonly string[] =>
    (object?.metadata?.ownerReferences ?? []).map(({ uid }) => uid);
  return {
    of: (uid: string): readonly Place[] => [...(places.get(uid)?.values() ?? [])],
    update({ storage, key, before, after }: Change): void {
      const id = `${storage} ${key}`;
      for (const uid of uidsOf(before)) {
        places.get(uid)?.delete(id);
        if (places.get(uid)?.size === 0) places.delete(uid);
      }
      for (const uid of uidsOf(after)) {
        if (!places.has(uid)) places.set(uid, new Map());
        places.get(uid)?.set(id, { storage, key });
      }
    },
  };
}
