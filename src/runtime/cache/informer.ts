import type { Cluster } from '../cluster.js';
import type { Logger } from '../log.js';
import { countUserError } from '../metrics/usercode.js';
import { type K8sObject, keyOf, keyText, type Resource, resourceName } from '../resource.js';
import { createHandlers } from './handlers.js';
import { createIntake } from './intake.js';
import { createPrepare } from './prepare.js';
import { reflect } from './reflector.js';
import { resync } from './resync.js';
import type { KindScope } from './scope.js';
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
  const { parts } = scope;
  const log = options.log.with({ resource: resourceName(resource) });
  const store = createStore<T>((error, object) => {
    countUserError('index');
    log.error(error, 'An index function failed', { key: keyText(keyOf(object)) });
  });
  const handlers = createHandlers<T>(log);
  const intake = createIntake({ store, handlers, parts, prepare: createPrepare(resource, scope, log) });
  let isStarted = false;

  return {
    resource,
    scope,
    store,
    synced: intake.synced,
    get isSynced() {
      return intake.isSynced;
    },
    get problem() {
      return intake.problem;
    },
    get: (key) => store.get(key),
    objects: (namespace) => store.objects(namespace),
    addHandler: (handler) => handlers.add(handler, store.objects()),
    start(signal) {
      if (isStarted || signal.aborted) return;
      isStarted = true;
      for (const part of parts)
        void reflect({ cluster, resource, part, log: options.log, sink: intake.sinkFor(part, signal) }, signal);
      void resync({ store, handlers, every: scope.resyncEvery }, signal);
    },
  };
}
