import type { Cluster } from '../cluster.js';
import type { Event } from '../event.js';
import type { Logger } from '../log.js';
import { type K8sObject, keyOf, keyText, type Resource, resourceName } from '../resource.js';
import { createHandlers } from './handlers.js';
import { createPrepare } from './prepare.js';
import { reflect, type Sink } from './reflector.js';
import { isOfPart, type KindScope, type Part } from './scope.js';
import { createStore, type Store } from './store.js';
import type { Informer } from './types.js';

/** An informer with what only the cache uses of it. */
export interface RunningInformer<T extends K8sObject> extends Informer<T> {
  readonly store: Store<T>;
  readonly scope: KindScope;
  /** Keeps it up to date until the signal aborts. Further calls do nothing. */
  start(signal: AbortSignal): void;
}

export interface InformerOptions<T extends K8sObject> {
  readonly resource: Resource<T>;
  readonly cluster: Cluster;
  readonly log: Logger;
  readonly scope: KindScope;
}

/** An informer that has not started. Several parts of a scope have a reflector each, and one store. */
export function createInformer<T extends K8sObject>(options: InformerOptions<T>): RunningInformer<T> {
  const { resource, cluster, scope } = options;
  const log = options.log.with({ resource: resourceName(resource) });
  const store = createStore<T>((error, object) =>
    log.error(error, 'An index function failed', { key: keyText(keyOf(object)) }),
  );
  const handlers = createHandlers<T>(log);
  const place = createPlacing(store);
  const prepare = createPrepare(resource, scope, log);
  const problems = new Map<Part, string>();
  const unsynced = new Set<Part>(scope.parts);
  let isStarted = false;
  let markSynced = (): void => {};
  const synced = new Promise<void>((resolve) => {
    markSynced = resolve;
  });

  /** The cached object when it is the same already, which saves preparing it and holding it twice. */
  function admitted(raw: T): T {
    const known = store.get(keyOf(raw));
    return known && isSameVersion(known, raw) ? known : prepare(raw);
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
        const events = [...vanished(part, listed), ...place.all(listed.values(), unsynced.has(part))];
        await handlers.sendAll(events, signal);
        if (signal.aborted) return;
        unsynced.delete(part);
        if (unsynced.size === 0) markSynced();
      },
    };
  }

  function vanished(part: Part, listed: ReadonlyMap<string, T>): Event<T>[] {
    const gone = [...store.objects(part.namespace)].filter(
      (object) => isOfPart(part, scope.parts, object.metadata?.namespace ?? '') && !listed.has(keyText(keyOf(object))),
    );
    for (const object of gone) store.remove(object);
    return gone.map((object) => ({ type: 'delete', object, stateUnknown: true }));
  }

  function sinkFor(part: Part, signal: AbortSignal): Sink {
    return {
      list: () => listInto(part, signal),
      event(type, raw) {
        const object = prepare(raw as T);
        handlers.send(type === 'DELETED' ? place.removed(object) : place.one(object, false));
      },
      problem(sentence) {
        if (sentence === undefined) problems.delete(part);
        else problems.set(part, sentence);
      },
    };
  }

  return {
    resource,
    scope,
    store,
    synced,
    get isSynced() {
      return unsynced.size === 0;
    },
    get problem() {
      const [first] = problems.values();
      return first;
    },
    get: (key) => store.get(key),
    objects: (namespace) => store.objects(namespace),
    addHandler: (handler) => handlers.add(handler, store.objects()),
    start(signal) {
      if (isStarted || signal.aborted) return;
      isStarted = true;
      for (const part of scope.parts)
        void reflect({ cluster, resource, part, log: options.log, sink: sinkFor(part, signal) }, signal);
    },
  };
}

const isSameVersion = ({ metadata: one }: K8sObject, { metadata: other }: K8sObject): boolean =>
  one?.resourceVersion !== undefined && one.resourceVersion === other?.resourceVersion && one.uid === other.uid;

/** Puts objects into the store, and says what that means as events. */
function createPlacing<T extends K8sObject>(store: Store<T>) {
  /** Another uid under the same name is another object, of whose deletion nothing was seen. */
  function one(object: T, initial: boolean): Event<T>[] {
    const old = store.get(keyOf(object));
    store.put(object);
    if (!old) return [{ type: 'create', object, initial }];
    if (old.metadata?.uid === object.metadata?.uid) return [{ type: 'update', old, object }];
    return [
      { type: 'delete', object: old, stateUnknown: true },
      { type: 'create', object, initial: false },
    ];
  }

  return {
    one,
    all: (objects: Iterable<T>, initial: boolean): Event<T>[] => [...objects].flatMap((object) => one(object, initial)),
    removed(object: T): Event<T>[] {
      if (!store.get(keyOf(object))) return [];
      store.remove(object);
      return [{ type: 'delete', object, stateUnknown: false }];
    },
  };
}
