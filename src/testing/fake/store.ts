import { freezeDeep } from '../../runtime/json.js';
import type { K8sObject } from '../../runtime/resource.js';
import { createHistory } from './history.js';
import { createOwnerIndex, type Place } from './ownerindex.js';

/** An object as it is stored, with its key within its storage. Frozen. */
export interface Stored {
  readonly storage: string;
  readonly key: string;
  readonly object: K8sObject;
}

/**
 * One write. `before` is absent for a creation, `after` for a removal; `object` has the resource version of the write.
 */
export interface Change {
  readonly version: number;
  readonly storage: string;
  readonly key: string;
  readonly before?: K8sObject;
  readonly after?: K8sObject;
  readonly object: K8sObject;
}

export interface Store {
  /** The resource version of the last write, of whatever kind. */
  version(): number;
  get(storage: string, key: string): K8sObject | undefined;
  /** By key; with a version, as they were then. Throws Expired when that is forgotten. */
  list(storage: string, version?: number): readonly Stored[];
  everything(): readonly Stored[];
  ofUid(uid: string): Stored | undefined;
  /** The objects whose owner references name the uid. */
  dependents(uid: string): readonly Stored[];
  put(storage: string, key: string, object: K8sObject): K8sObject;
  /** The last state, with the version of the removal. */
  remove(storage: string, key: string): K8sObject | undefined;
  /** The changes after a version. Throws Expired when some of them are forgotten. */
  since(version: number): readonly Change[];
  /** Forgets all changes, and raises the version, so that every earlier one is too old. */
  compact(): void;
  onChange(listener: (change: Change) => void): () => void;
}

/** Objects by storage and key with one counter of versions; the last 10,000 changes are remembered. */
export function createStore(): Store {
  const storages = new Map<string, Map<string, K8sObject>>();
  const history = createHistory();
  const owned = createOwnerIndex();
  const places = new Map<string, Place>();

  const objectsOf = (storage: string): Map<string, K8sObject> => {
    const found = storages.get(storage) ?? new Map<string, K8sObject>();
    storages.set(storage, found);
    return found;
  };
  const storedAt = ({ storage, key }: Place): readonly Stored[] => {
    const object = storages.get(storage)?.get(key);
    return object ? [{ storage, key, object }] : [];
  };
  const versioned = (object: K8sObject): K8sObject =>
    freezeDeep({ ...object, metadata: { ...object.metadata, resourceVersion: String(history.next()) } });

  function record(change: Change): void {
    owned.update(change);
    const uid = change.object.metadata?.uid ?? '';
    if (change.after) places.set(uid, { storage: change.storage, key: change.key });
    else places.delete(uid);
    history.record(change);
  }

  return {
    ...history,
    get: (storage, key) => storages.get(storage)?.get(key),
    list: (storage, at) =>
      sorted(storage, at === undefined ? objectsOf(storage) : history.rewound(objectsOf(storage), storage, at)),
    everything: () => [...storages].flatMap(([storage, objects]) => sorted(storage, objects)),
    ofUid(uid) {
      const place = places.get(uid);
      return place && storedAt(place)[0];
    },
    dependents: (uid) => owned.of(uid).flatMap(storedAt),
    put(storage, key, object) {
      const before = objectsOf(storage).get(key);
      const after = versioned(object);
      objectsOf(storage).set(key, after);
      record({ version: history.version(), storage, key, ...(before && { before }), after, object: after });
      return after;
    },
    remove(storage, key) {
      const before = objectsOf(storage).get(key);
      if (!before) return undefined;
      objectsOf(storage).delete(key);
      const object = versioned(before);
      record({ version: history.version(), storage, key, before, object });
      return object;
    },
  };
}

function sorted(storage: string, objects: ReadonlyMap<string, K8sObject>): readonly Stored[] {
  const entries = [...objects].sort(([left], [right]) => (left < right ? -1 : 1));
  return entries.map(([key, object]) => ({ storage, key, object }));
}
