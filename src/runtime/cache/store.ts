import type { K8sObject, Key } from '../resource.js';

type Extract<T> = (object: T) => readonly string[];

/** Objects of one kind by namespace and name, and by the fields that are indexed. */
export interface Store<T extends K8sObject> {
  get(key: Key): T | undefined;
  /** In no particular order. */
  objects(namespace?: string): Iterable<T>;
  put(object: T): void;
  remove(object: T): void;
  /** The objects that are there already are indexed too. */
  addIndex(field: string, extract: Extract<T>): void;
  hasIndex(field: string): boolean;
  /** Objects with the value in an indexed field. */
  having(field: string, value: string): Iterable<T>;
}

/** What an index function throws goes to `onIndexError`; then the object is found by no value of the field. */
export function createStore<T extends K8sObject>(onIndexError: (error: unknown, object: T) => void): Store<T> {
  const namespaces = new Map<string, Map<string, T>>();
  const indexes = new Map<string, Index<T>>();

  function* objects(namespace?: string): Iterable<T> {
    if (namespace !== undefined) yield* namespaces.get(namespace)?.values() ?? [];
    else for (const each of namespaces.values()) yield* each.values();
  }

  return {
    objects,
    get: ({ name, namespace = '' }) => namespaces.get(namespace)?.get(name),
    put(object) {
      const [namespace, name] = placeOf(object);
      const among = namespaces.get(namespace) ?? new Map<string, T>();
      const old = among.get(name);
      namespaces.set(namespace, among.set(name, object));
      for (const index of indexes.values()) {
        if (old) index.remove(old);
        index.add(object);
      }
    },
    remove(object) {
      const [namespace, name] = placeOf(object);
      const among = namespaces.get(namespace);
      const old = among?.get(name);
      if (!among || !old) return;
      among.delete(name);
      if (among.size === 0) namespaces.delete(namespace);
      for (const index of indexes.values()) index.remove(old);
    },
    addIndex(field, extract) {
      const index = createIndex(extract, onIndexError);
      for (const object of objects()) index.add(object);
      indexes.set(field, index);
    },
    hasIndex: (field) => indexes.has(field),
    having: (field, value) => indexes.get(field)?.having(value) ?? [],
  };
}

function placeOf({ metadata }: K8sObject): [namespace: string, name: string] {
  return [metadata?.namespace ?? '', metadata?.name ?? ''];
}

interface Index<T> {
  add(object: T): void;
  remove(object: T): void;
  having(value: string): Iterable<T>;
}

function createIndex<T>(extract: Extract<T>, onError: (error: unknown, object: T) => void): Index<T> {
  const valuesOf = new Map<T, readonly string[]>();
  const byValue = new Map<string, Set<T>>();

  function extracted(object: T): readonly string[] {
    try {
      return [...extract(object)];
    } catch (error) {
      onError(error, object);
      return [];
    }
  }

  return {
    add(object) {
      const values = extracted(object);
      if (values.length > 0) valuesOf.set(object, values);
      for (const value of values) byValue.set(value, (byValue.get(value) ?? new Set<T>()).add(object));
    },
    remove(object) {
      for (const value of valuesOf.get(object) ?? []) {
        const among = byValue.get(value);
        among?.delete(object);
        if (among?.size === 0) byValue.delete(value);
      }
      valuesOf.delete(object);
    },
    having: (value) => byValue.get(value) ?? [],
  };
}
