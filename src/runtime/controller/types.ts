import type { Cache } from '../cache/types.js';
import type { Client } from '../client/types.js';
import type { Event } from '../event.js';
import type { EventRecorder } from '../events/types.js';
import type { Logger } from '../log.js';
import type { AnyResource, K8sObject, Key, Resource } from '../resource.js';

/** When an object is to be reconciled again. */
export interface Result {
  /**
   * Milliseconds until the object is reconciled again, if nothing happens before. Absent or 0: at its next change. What is negative or no
   * number is a failure.
   */
  requeueAfter?: number | undefined;
  /** Of that reconcile; higher comes first. Default: that of this one. */
  priority?: number | undefined;
}

/** What a reconcile ends with; nothing means: wait for the next change. */
// biome-ignore lint/suspicious/noConfusingVoidType: a reconcile may end without a return
export type Reconciled = Promise<Result | void>;

/** What a reconcile gets. */
export interface Context<T extends K8sObject> {
  /** As the cache has it, or as this controller wrote it last; a private copy. */
  object: T;
  key: Key;
  /** Its calls abort with `signal`. */
  client: Client;
  /** Carries the controller, the object and `reconcileID`. */
  log: Logger;
  /** A UUID, another one for each reconcile. */
  reconcileID: string;
  events: EventRecorder;
  /** Aborts on shutdown, on a lost lease and at reconcileTimeout. */
  signal: AbortSignal;
  /** Edits the status of a copy; sends one merge patch where it differs. Rejects with a TypeError where the edit changes anything else. */
  patchStatus(edit: (draft: T) => void): Promise<T>;
}

/** Which events count: those for which it returns true. Receives frozen objects. An event that it throws on counts. */
export type Predicate<T> = (e: Event<T>) => boolean;

/** Where a source puts what has to be reconciled. */
export interface SourceQueue {
  /**
   * `after`: milliseconds. `rateLimited`: the rate limiter of the controller decides the delay. `priority`: higher
   * comes first, default 0.
   */
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

/** What makes a controller reconcile: `owned`, `watch`, `channel`, or one of your own. */
export interface Source {
  /** Feeds the queue until the signal aborts. Resolves when it has seen what was there at first; a rejection ends the manager. */
  start(q: SourceQueue, signal: AbortSignal, context: SourceContext): Promise<void>;
}

/** How long a key waits after a failure. The default: per key, 5 ms × 2ⁿ, at most 1000 s. Keys are `namespace/name`. */
export interface RateLimiter {
  /** Counts a failure, and returns the delay in milliseconds. */
  when(key: string): number;
  /** The key has succeeded: its failures no longer count. */
  forget(key: string): void;
  /** Failures since then. */
  requeues(key: string): number;
}

/** How a controller runs. */
export interface ControllerOptions {
  /** Objects that are reconciled at the same time; one object never is twice. Default 1. */
  concurrency?: number;
  /** Milliseconds after which `signal` of a reconcile aborts. Default none. */
  reconcileTimeout?: number;
  /** Milliseconds for the first lists; then the start fails. Default 120_000. */
  cacheSyncTimeout?: number;
  /** Delays after failures. Default: as `RateLimiter` says. */
  rateLimiter?: RateLimiter;
  /**
   * Default true. `false`: first come, first served; and without a `rateLimiter` all keys together get 10 retries a second after the
   * first 100.
   */
  usePriorityQueue?: boolean;
  /** `false`: it works in every replica at once, and may write without the lease. Default true. */
  needLeaderElection?: boolean;
  /** Starts its watches before the election is won, so that a new leader works at once. Default false. */
  warmup?: boolean;
}

/** Defaults for all controllers of a manager. */
export interface SharedControllerOptions extends ControllerOptions {
  /**
   * `concurrency` by kind, over that of all: `{ 'Deployment.apps': 4, Pod: 2 }`, whatever the version. What a controller says itself comes
   * first. The start fails with a ConfigError for a kind that no controller is for.
   */
  kindConcurrency?: Readonly<Record<string, number>>;
}

/** Makes objects of one kind what they should be. */
export interface Controller<T extends K8sObject> extends ControllerOptions {
  /** Unique in the process. Default: the kind in lower case. */
  name?: string;
  /** The kind whose objects are reconciled; it is watched. */
  for: Resource<T>;
  /** Which events of the kind itself count. Default: all. */
  where?: Predicate<T>;
  /** What else makes it reconcile. */
  sources?: Source[];
  /**
   * Brings the cluster to what the object wants. A rejection is logged and tried again, with the delays of `rateLimiter`; conflicts and
   * outages of the API server wait 1 s and 10 s at the most, a quota that is exceeded 10 s at the least, and a TerminalError waits for the
   * next change. An object with the annotation `opgen.dev/paused: "true"` is left alone.
   */
  reconcile(ctx: Context<T>): Reconciled;
  /** Added before reconcile in the same pass, removed after cleanup resolves; it stays while cleanup asks for `requeueAfter`. */
  finalizer?: { name: string; cleanup(ctx: Context<T>): Reconciled };
  /** The object is no longer in the cache. */
  onGone?(key: Key, ctx: Omit<Context<T>, 'object' | 'patchStatus'>): Reconciled;
}

/** A controller of whatever kind. */
// biome-ignore lint/suspicious/noExplicitAny: a controller is invariant in the type that it reconciles
export type AnyController = Controller<any>;
