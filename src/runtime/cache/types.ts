import type { Reader } from '../client/types.js';
import type { Event } from '../event.js';
import type { AnyResource, K8sObject, Key, Resource } from '../resource.js';

/** What of a kind is cached. */
export interface CacheScope {
  /** Only these namespaces, each with selectors of its own; `''` is all those that are not named. */
  namespaces?: Record<string, { labels?: string; fields?: string }>;
  /** A label selector, as kubectl takes it. */
  labels?: string;
  /** A field selector, as kubectl takes it. */
  fields?: string;
  /** Runs before the object is stored; may change it in place and must return it. */
  // biome-ignore lint/suspicious/noExplicitAny: objects of every kind pass through
  transform?(o: any): any;
  /**
   * Milliseconds after which every cached object counts as updated once more, with a tenth more or less each time. It helps where what an
   * object describes changes without an event. 0: never. Default 10 h.
   */
  resyncEvery?: number;
}

/** What is cached: the settings for all kinds, and those of some. */
export interface CacheOptions extends CacheScope {
  /** Settings of single kinds, which come before those for all. */
  byResource?: [AnyResource, CacheScope][];
  /** A read of a kind that nothing watches rejects, instead of starting to watch it. Default false. */
  failOnMissingInformer?: boolean;
  /** Leaves `metadata.managedFields` out, which saves memory. Default true. */
  stripManagedFields?: boolean;
}

/** The watched objects of a kind, shared by everything that asks for the kind. Objects are frozen. */
export interface Informer<T extends K8sObject> {
  readonly resource: Resource<T>;
  /** Resolves when the first list is complete; never rejects: a reflector tries for ever. */
  readonly synced: Promise<void>;
  readonly isSynced: boolean;
  /** Why there is no list yet, in words for the user; undefined when all is well. */
  readonly problem: string | undefined;
  get(key: Key): T | undefined;
  /** In no particular order. */
  objects(namespace?: string): Iterable<T>;
  /**
   * Calls the handler for every change from now on, and first, for what is there already, with `create` and `initial`. What it throws is
   * logged. Returns what removes it.
   */
  addHandler(handler: (event: Event<T>) => void): () => void;
}

/** Informers for every kind that is read or watched. Reads are answered from memory, by copies. */
export interface Cache extends Reader {
  /** The informer of a kind, made by the first call; it starts at once if the cache has started. */
  informer<T extends K8sObject>(r: Resource<T>): Informer<T>;
  /** Fields that `list` may select by; to be added before the informer of the kind starts. */
  index<T extends K8sObject>(r: Resource<T>, field: string, extract: (o: T) => string[]): void;
  /** Starts all informers, now and later ones, until the signal aborts. */
  start(signal: AbortSignal): void;
  /** All informers that exist. */
  readonly informers: readonly Informer<K8sObject>[];
}
