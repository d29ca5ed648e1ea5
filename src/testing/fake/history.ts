import type { K8sObject } from '../../runtime/resource.js';
import { expired } from './status.js';
import type { Change } from './store.js';

/** The versions of a store, and what changed with each. */
export interface History {
  /** The resource version of the last write, of whatever kind. */
  version(): number;
  /** The version of the next write. */
  next(): number;
  /** Remembers a change, and tells it to the listeners. */
  record(change: Change): void;
  /** The objects of a storage as they were at a version. Throws Expired when that is forgotten. */
  rewound(objects: ReadonlyMap<string, K8sObject>, storage: string, version: number): ReadonlyMap<string, K8sObject>;
  /** The changes after a version. Throws Expired when some of them are forgotten. */
  since(version: number): readonly Change[];
  /** Forgets all changes, and raises the version, so that every earlier one is too old. */
  compact(): void;
  onChange(listener: (change: Change) => void): () => void;
}

const remembered = 10_000;

/** Remembers the last 10,000 changes. */
export function createHistory(): History {
  const listeners = new Set<(change: Change) => void>();
  let version = 1;
  let oldest = 1;
  let changes: Change[] = [];

  function since(from: number): readonly Change[] {
    if (from < oldest) throw expired(`too old resource version: ${from} (${oldest})`);
    let first = changes.length;
    while (first > 0 && (changes[first - 1]?.version ?? 0) > from) first--;
    return changes.slice(first);
  }

  return {
    version: () => version,
    next: () => ++version,
    since,
    record(change) {
      changes.push(change);
      if (changes.length > 2 * remembered) {
        oldest = changes[remembered - 1]?.version ?? oldest;
        changes = changes.slice(remembered);
      }
      for (const listener of [...listeners]) listener(change);
    },
    rewound(objects, storage, at) {
      const past = new Map(objects);
      for (const change of [...since(at)].reverse()) {
        if (change.storage !== storage) continue;
        if (change.before) past.set(change.key, change.before);
        else past.delete(change.key);
      }
      return past;
    },
    compact() {
      changes = [];
      oldest = ++version;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
