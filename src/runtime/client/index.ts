import type { Cluster } from '../cluster.js';
import { objectPath } from '../path.js';
import { type AnyResource, resourceName } from '../resource.js';
import { type Caller, call, queryOf } from './call.js';
import { createEnsure } from './ensure.js';
import { createObjects } from './objects.js';
import { checkLimit, liveReader } from './reader.js';
import { createScale } from './scale.js';
import { createSettled, type Settled } from './settled.js';
import type { CallOptions, Client, Reader } from './types.js';
import { createWriter } from './writer.js';

export interface ClientOptions {
  cluster: Cluster;
  /** Answers the reads; default: the API server does. */
  cache?: Reader;
  /** For all calls that do not say otherwise. */
  defaults?: CallOptions;
  /** Kinds that are read from the API server in spite of the cache. */
  uncached?: AnyResource[];
}

/**
 * Guarantees: no argument is changed; what an answer is parsed to belongs to the caller; a kind that the API server does not serve
 * rejects with an ApiError that says so, also from reads.
 */
export function createClient({ cluster, cache, defaults = {}, uncached = [] }: ClientOptions): Client {
  const names = new Set(uncached.map(resourceName));
  const readerOf = (live: Reader): Reader => (cache ? splitReader(cache, live, names) : live);
  return clientOf({ cluster, defaults }, readerOf, createSettled());
}

function clientOf(caller: Caller, readerOf: (live: Reader) => Reader, settled: Settled): Client {
  const live = liveReader(caller);
  const reader = checked(withSignal(readerOf(live), caller.defaults.signal));
  return {
    ...reader,
    ...createWriter(caller),
    ...createObjects(caller),
    live,
    status: createWriter(caller, 'status'),
    subresource: (name) => createSubresource(caller, name),
    scale: createScale(caller),
    ensure: createEnsure(caller, reader, settled),
    with: (options) => clientOf({ ...caller, defaults: { ...caller.defaults, ...options } }, readerOf, settled),
  };
}

function splitReader(cache: Reader, live: Reader, uncached: ReadonlySet<string>): Reader {
  const of = (resource: AnyResource): Reader => (uncached.has(resourceName(resource)) ? live : cache);
  return {
    get: (resource, key, options) => of(resource).get(resource, key, options),
    list: (resource, options) => of(resource).list(resource, options),
  };
}

/** A cache takes any limit. */
const checked = (reader: Reader): Reader => ({
  get: reader.get,
  async list(resource, options) {
    checkLimit(options?.limit);
    return reader.list(resource, options);
  },
});

/** Reads from a cache wait for its first list. */
function withSignal(reader: Reader, signal: AbortSignal | undefined): Reader {
  if (signal === undefined) return reader;
  return {
    get: (resource, key, options) => reader.get(resource, key, { ...options, signal: options?.signal ?? signal }),
    list: (resource, options) => reader.list(resource, { ...options, signal: options?.signal ?? signal }),
  };
}

function createSubresource(caller: Caller, subresource: string): ReturnType<Client['subresource']> {
  return {
    ...createWriter(caller, subresource),
    get: async (resource, key, { signal } = {}) =>
      call(caller, { method: 'GET', path: objectPath(resource, key, subresource), resource, subresource, signal }),
    create: async (resource, key, body, options = {}) =>
      call(caller, {
        method: 'POST',
        path: objectPath(resource, key, subresource),
        query: queryOf(caller, options),
        resource,
        subresource,
        body,
        signal: options.signal,
      }),
  };
}
