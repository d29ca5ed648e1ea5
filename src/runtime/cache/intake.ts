import type { Event } from '../event.js';
import { type K8sObject, keyOf, keyText } from '../resource.js';
import type { Handlers } from './handlers.js';
import { createPlacing } from './placing.js';
import type { Prepare } from './prepare.js';
import type { Sink } from './reflector.js';
import { isOfPart, type Part } from './scope.js';
import type { Store } from './store.js';

export interface IntakeOptions<T extends K8sObject> {
  readonly store: Store<T>;
  readonly handlers: Handlers<T>;
  readonly prepare: Prepare<T>;
  /** Of which each has a sink of its own. */
  readonly parts: readonly Part[];
}

/** Where the reflectors of an informer put what they see. */
export interface Intake {
  sinkFor(part: Part, signal: AbortSignal): Sink;
  /** Resolves when each part has had its first list, and the handlers have seen it. */
  readonly synced: Promise<void>;
  readonly isSynced: boolean;
  /** What keeps one of the parts from its work. */
  readonly problem: string | undefined;
}

/** Brings what the parts list and watch into one store, and tells the handlers. */
export function createIntake<T extends K8sObject>({ store, handlers, prepare, parts }: IntakeOptions<T>): Intake {
  const placing = createPlacing(store);
  const problems = new Map<Part, string>();
  const unsynced = new Set<Part>(parts);
  let markSynced = (): void => {};
  const synced = new Promise<void>((resolve) => {
    markSynced = resolve;
  });

  /** The cached object when it is the same already, which saves preparing it and holding it twice. */
  function admitted(raw: T): T {
    const known = store.get(keyOf(raw));
    return known && isSameVersion(known, raw) ? known : prepare(raw);
  }

  function vanished(part: Part, listed: ReadonlyMap<string, T>): Event<T>[] {
    const gone = [...store.objects(part.namespace)].filter(
      (object) => isOfPart(part, parts, object.metadata?.namespace ?? '') && !listed.has(keyText(keyOf(object))),
    );
    return gone.map(placing.vanished);
  }

  function listInto(part: Part, signal: AbortSignal): ReturnType<Sink['list']> {
    const listed = new Map<string, T>();
    return {
      page(items) {
        for (const raw of items) {
          const object = admitted(raw as T);
          listed.set(keyText(keyOf(object)), object);
        }
      },
      async end() {
        const events = vanished(part, listed);
        for (const object of listed.values()) events.push(...placing.one(object, unsynced.has(part)));
        await handlers.sendAll(events, signal);
        if (signal.aborted) return;
        unsynced.delete(part);
        if (unsynced.size === 0) markSynced();
      },
    };
  }

  return {
    synced,
    get isSynced() {
      return unsynced.size === 0;
    },
    get problem() {
      const [first] = problems.values();
      return first;
    },
    sinkFor: (part, signal) => ({
      list: () => listInto(part, signal),
      event(type, raw) {
        const object = prepare(raw as T);
        handlers.send(type === 'DELETED' ? placing.removed(object) : placing.one(object, false));
      },
      problem(sentence) {
        if (sentence === undefined) problems.delete(part);
        else problems.set(part, sentence);
      },
    }),
  };
}

const isSameVersion = ({ metadata: one }: K8sObject, { metadata: other }: K8sObject): boolean =>
  one?.resourceVersion !== undefined && one.resourceVersion === other?.resourceVersion && one.uid === other.uid;
