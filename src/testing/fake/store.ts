import { freezeDeep } from '../../runtime/json.js';
import type { K8sObject } from '../../runtime/resource.js';
import { expired } from './status.js';

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
  remove(storage: string, key: string): void;
  /** The changes after a version. Throws Expired when some of them are forgotten. */
  since(version: number): readonly Change[];
  /** Forgets all changes, and raises the version, so that every earlier one is too old. */
  compact(): void;
  onChange(listener: (change: Change) => void): () => void;
}

const remembered = 10_000;

/** Objects by storage and key with one counter of versions; the last 10,000 changes are remembered. */
export function createStore(): Store {
  const storages = new Map<string, Map<string, K8sObject>>();
  const owned = createOwnerIndex();
  const places = new Map<string, Place>();
  const listeners = new Set<(change: Change) => void>();
  let version = 1;
  let oldest = 1;
  let history: Change[] = [];

  const objectsOf = (storage: string): Map<string, K8sObject> => {
    const found = storages.get(storage) ?? new Map<string, K8sObject>();
    storages.set(storage, found);
    return found;
  };

  function since(from: number): readonly Change[] {
    if (from < oldest) throw expired(`too old resource version: ${from} (${oldest})`);
    let first = history.length;
    while (first > 0 && (history[first - 1]?.version ?? 0) > from) first--;
    return history.slice(first);
  }

  function record(change: Change): void {
    history.push(change);
    if (history.length > 2 * remembered) {
      oldest = history[remembered - 1]?.version ?? oldest;
      history = history.slice(remembered);
    }
    owned.update(change);
    const uid = change.object.metadata?.uid ?? '';
    if (change.after) places.set(uid, { storage: change.storage, key: change.key });
    else places.delete(uid);
    for (const listener of [...listeners]) listener(change);
  }

  const versioned = (object: K8sObject): K8sObject =>
    freezeDeep({ ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } });

  function listAt(storage: string, at: number): readonly Stored[] {
    const objects = new Map(objectsOf(storage));
    for (const change of [...since(at)].reverse()) {
      if (change.storage !== storage) continue;
      if (change.before) objects.set(change.key, change.before);
      else objects.delete(change.key);
    }
    return sorted(storage, objects);
  }

  const storedAt = ({ storage, key }: Place): readonly Stored[] => {
    const object = storages.get(storage)?.get(key);
    return object ? [{ storage, key, object }] : [];
  };

  return {
    version: () => version,
    get: (storage, key) => storages.get(storage)?.get(key),
    list: (storage, at) => (at === undefined ? sorted(storage, objectsOf(storage)) : listAt(storage, at)),
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
      record({ version, storage, key, ...(before && { before }), after, object: after });
      return after;
    },
    remove(storage, key) {
      const before = objectsOf(storage).get(key);
      if (!before) return;
      objectsOf(storage).delete(key);
      const object = versioned(before);
      record({ version, storage, key, before, object });
    },
    since,
    compact() {
      history = [];
      oldest = ++version;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function sorted(storage: string, objects: ReadonlyMap<string, K8sObject>): readonly Stored[] {
  const entries = [...objects].sort(([left], [right]) => (left < right ? -1 : 1));
  return entries.map(([key, object]) => ({ storage, key, object }));
}

type Place = Pick<Stored, 'storage' | 'key'>;

function createOwnerIndex() {
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
