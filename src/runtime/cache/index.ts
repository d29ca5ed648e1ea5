import { follow, unlessAborted } from '../abort.js';
import type { Cluster } from '../cluster.js';
import type { Logger } from '../log.js';
import { type K8sObject, type Resource, resourceName } from '../resource.js';
import { createInformer, type RunningInformer } from './informer.js';
import { createReader } from './reader.js';
import { kindKey, scopeOf } from './scope.js';
import type { Cache, CacheOptions } from './types.js';

type Extract<T> = (object: T) => string[];

/**
 * A cache that has not started. A read of a kind that nothing watches starts to watch it, and waits for the first list.
 *
 * Guarantees: one informer for a kind and version, whoever asks. After the signal of `start` aborts there is no request, timer or log line
 * any more; what is cached can still be read, and reads that wait reject.
 */
export function createCache({
  cluster,
  log,
  options = {},
}: {
  cluster: Cluster;
  log: Logger;
  options?: CacheOptions;
}): Cache {
  const informers = new Map<string, RunningInformer<K8sObject>>();
  const indexes = new Map<string, Map<string, Extract<K8sObject>>>();
  let running: AbortSignal | undefined;

  function informer<T extends K8sObject>(r: Resource<T>): RunningInformer<T> {
    const known = informers.get(kindKey(r));
    if (known) return known as unknown as RunningInformer<T>;
    const made = createInformer({ resource: r, cluster, log, scope: scopeOf(r, options) });
    for (const [field, extract] of indexes.get(kindKey(r)) ?? []) made.store.addIndex(field, extract as Extract<T>);
    informers.set(kindKey(r), made as unknown as RunningInformer<K8sObject>);
    if (running) made.start(running);
    return made;
  }

  async function informerFor<T extends K8sObject>(r: Resource<T>, signal?: AbortSignal): Promise<RunningInformer<T>> {
    if (!running)
      throw new Error(
        `The cache must have started before ${resourceName(r)} are read, but it has not. Read after \`manager.start\`, or use \`client.live\``,
      );
    if (!informers.has(kindKey(r))) begin(r);
    const found = informer(r);
    if (!found.isSynced) await unlessAborted(found.synced, [running, signal]);
    return found;
  }

  function begin<T extends K8sObject>(r: Resource<T>): void {
    if (options.failOnMissingInformer)
      throw new Error(
        `A read from the cache needs an informer, but nothing watches ${resourceName(r)}. Watch the kind in a controller, or use \`client.live\``,
      );
    if (!running?.aborted) log.info('A kind is watched from now on because it was read', { resource: resourceName(r) });
  }

  return {
    informer,
    index(r, field, extract) {
      const fields = indexes.get(kindKey(r)) ?? new Map<string, Extract<K8sObject>>();
      if (fields.has(field))
        throw new TypeError(`A field has one index, but \`${field}\` of ${resourceName(r)} has one already`);
      indexes.set(kindKey(r), fields.set(field, extract as Extract<K8sObject>));
      informers.get(kindKey(r))?.store.addIndex(field, extract as Extract<K8sObject>);
    },
    start(signal) {
      if (running) return;
      running = follow([signal]).signal;
      for (const each of informers.values()) each.start(running);
    },
    get informers() {
      return [...informers.values()];
    },
    ...createReader(informerFor),
  };
}
