import type { Event } from '../event.js';
import { type K8sObject, keyOf } from '../resource.js';
import type { Store } from './store.js';

/** Puts objects into a store, and says what that means as events. */
export interface Placing<T extends K8sObject> {
  one(object: T, initial: boolean): Event<T>[];
  /** The object was deleted, as it was at last. */
  removed(object: T): Event<T>[];
  /** The object has vanished while nothing was seen of it. */
  vanished(object: T): Event<T>;
}

/** Another uid under the same name is another object, of whose creation, or deletion, nothing was seen. */
export function createPlacing<T extends K8sObject>(store: Store<T>): Placing<T> {
  const vanished = (object: T): Event<T> => ({ type: 'delete', object, stateUnknown: true });
  return {
    one(object, initial) {
      const old = store.get(keyOf(object));
      store.put(object);
      if (!old) return [{ type: 'create', object, initial }];
      if (isSameObject(old, object)) return [{ type: 'update', old, object }];
      return [vanished(old), { type: 'create', object, initial: false }];
    },
    removed(object) {
      const old = store.get(keyOf(object));
      if (!old) return [];
      store.remove(object);
      const deleted: Event<T> = { type: 'delete', object, stateUnknown: false };
      return isSameObject(old, object) ? [deleted] : [vanished(old), deleted];
    },
    vanished(object) {
      store.remove(object);
      return vanished(object);
    },
  };
}

const isSameObject = (one: K8sObject, other: K8sObject): boolean => one.metadata?.uid === other.metadata?.uid;
