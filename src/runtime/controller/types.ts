import type { Cache } from '../cache/types.js';
import type { Client } from '../client/types.js';
import type { Event } from '../event.js';
import type { EventRecorder } from '../events/types.js';
import type { Logger } from '../log.js';
import type { AnyResource, K8sObject, Key, Resource } from '../resource.js';

export interface Result {
  /** Milliseconds until the object is reconciled again, if nothing happens before. */
  requeueAfter?: number | undefined;
  /** Higher comes first. */
  priority?: number | undefined;
}

/** What a reconcile ends with; nothing means: wait for the next change. */
// biome-ignore lint/suspicious/noConfusingVoidType: a reconcile may end without a return
export type Reconciled = Promise<Result | void>;

export interface Context<T extends K8sObject> {
  /** Private copy. */
  object: T;
  key: Key;
  /** Its calls abort with `signal`. */
  client: Client;
  log: Logger;
  reconcileID: string;
  events: EventRecorder;
  /** Aborts on shutdown and at reconcileTimeout. */
  signal: AbortSignal;
  /** Edits the status of a copy; sends one merge patch where it differs. Rejects with a TypeError where the edit changes anything else. */
  patchStatus(edit: (draft: T) => void): Promise<T>;
}

/** Receives frozen objects. */
export type Predicate<T> = (e: Event<T>) => boolean;

/** Where a source puts what has to be reconciled. */
export interface SourceQueue {
  add(key: Key, o?: { after?: number; rateLimited?: boolean; priority?: number }): void;
}

/** What a source may use of the manager and of the controller that it feeds. */
export interface SourceContext {
  readonly cache: Cache;
  readonly client: Client;
  readonly log: Logger;
  /** What the controller reconciles. */
  readonly controllerFor: AnyResource;
}

export interface Source {
  /** Resolves when synced. */
  start(q: SourceQueue, signal: AbortSignal, context: SourceContext): Promise<void>;
}

/** `when` returns the delay in milliseconds. The default: per key, 5 ms × 2ⁿ, at most 1000 s. */
export interface RateLimiter {
  when(key: string): number;
  forget(key: string): void;
  requeues(key: string): number;
}

export interface ControllerOptions {
  /** Default 1. */
  concurrency?: number;
  /** Milliseconds after which `signal` of a reconcile aborts. Default none. */
  reconcileTimeout?: number;
  /** Milliseconds for the first lists; then the start fails. Default 120_000. */
  cacheSyncTimeout?: number;
  rateLimiter?: RateLimiter;
  /** Default true. */
  usePriorityQueue?: boolean;
}

export interface Controller<T extends K8sObject> extends ControllerOptions {
  /** Unique in the process. Default: the kind in lower case. */
  name?: string;
  for: Resource<T>;
  /** Which events of the kind itself count. */
  where?: Predicate<T>;
  sources?: Source[];
  reconcile(ctx: Context<T>): Reconciled;
  /** Added before reconcile in the same pass, removed after cleanup resolves; it stays while cleanup asks for `requeueAfter`. */
  finalizer?: { name: string; cleanup(ctx: Context<T>): Reconciled };
  /** The object is no longer in the cache. */
  onGone?(key: Key, ctx: Omit<Context<T>, 'object' | 'patchStatus'>): Reconciled;
}

/** A controller of whatever kind. */
// biome-ignore lint/suspicious/noExplicitAny: a controller is invariant in the type that it reconciles
export type AnyController = Controller<any>;
