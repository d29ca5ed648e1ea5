import type { Informer } from '../cache/types.js';
import { type K8sObject, type Key, keyOf, keyText } from '../resource.js';

/** What a controller has written to the objects that it reconciles, as long as the cache does not show it. */
export interface OwnWrites {
  /** Forgets what this informer shows, until the signal aborts. */
  follow(informer: Informer<K8sObject>, signal: AbortSignal): void;
  /** Takes the answer to a write. */
  remember(object: K8sObject): void;
  /** The object that was read, or the answer to a later write of one's own; undefined where nothing was read. */
  newest<T extends K8sObject>(read: T | undefined): T | undefined;
}

/** Milliseconds after which a cache that has not caught up is believed again: the store may have been restored from a backup. */
const longestMemory = 60_000;

/**
 * Answers have the version of the object that was read at the least: the one that takes the last finalizer away has the
 * very same. Without this memory, a pass that starts before the watch has brought the last status would take the old
 * one for stored: it would find nothing to write, and leave a status that no longer holds.
 *
 * Assumptions: resource versions of one object grow, as decimal numbers. Where they are none, the object that was read counts.
 */
export function createOwnWrites(): OwnWrites {
  const answers = new Map<string, { readonly object: K8sObject; readonly until: number }>();
  let cached = (_key: Key): K8sObject | undefined => undefined;

  return {
    follow(informer, signal) {
      cached = (key) => informer.get(key);
      const remove = informer.addHandler(({ type, object }) => {
        if (answers.size === 0) return;
        const key = keyText(keyOf(object));
        const answer = answers.get(key);
        if (answer && (type === 'delete' || !(order(answer.object, object) > 0))) answers.delete(key);
      });
      signal.addEventListener('abort', remove, { once: true });
    },
    remember(object) {
      const key = keyOf(object);
      const known = cached(key);
      if (known && tellsMore(object, known))
        answers.set(keyText(key), { object, until: performance.now() + longestMemory });
    },
    newest<T extends K8sObject>(read: T | undefined): T | undefined {
      if (read === undefined || answers.size === 0) return read;
      const answer = answers.get(keyText(keyOf(read)));
      const counts = answer && answer.until > performance.now() && order(answer.object, read) >= 0;
      return counts ? (answer.object as T) : read;
    },
  };
}

/** Whether the cache has yet to bring what an answer tells: one of its own version does so only where the object went with its finalizers. */
function tellsMore(answer: K8sObject, known: K8sObject): boolean {
  const later = order(answer, known);
  const count = ({ metadata }: K8sObject): number => metadata?.finalizers?.length ?? 0;
  return later > 0 || (later === 0 && count(answer) < count(known));
}

/** Positive where the first is the later state of the same object, and 0 for the same version; NaN where that cannot be told. */
function order({ metadata: one }: K8sObject, { metadata: other }: K8sObject): number {
  const [left = '', right = ''] = [one?.resourceVersion, other?.resourceVersion];
  if (one?.uid !== other?.uid || !/^\d+$/.test(left) || !/^\d+$/.test(right)) return Number.NaN;
  return Number(BigInt(left) - BigInt(right));
}
