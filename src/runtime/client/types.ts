import type { JsonPatchOp } from '../jsonpatch.js';
import type { AnyResource, K8sObject, Key, Resource } from '../resource.js';
import type { LabelSelector } from '../selectors.js';

/** What a call may say beside what it is about. */
export interface CallOptions {
  /** Aborts the call, which then rejects with its reason. */
  signal?: AbortSignal | undefined;
  /** The server checks and answers, but stores nothing. */
  dryRun?: boolean;
  /** Who writes: the manager in `managedFields`. Default: the user agent, `opgen`; `apply` has no default. */
  fieldOwner?: string;
  /** What the server does about unknown fields. Default: that of the server, `Warn`. Not sent with apply. */
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
}

/** Which objects of a kind; those that match all of it. */
export interface ListOptions {
  /** Absent: all namespaces. */
  namespace?: string | undefined;
  /** An object, or text as kubectl takes it: `app=web,tier in (a, b),!legacy`. TypeError for what the API server refuses. */
  labels?: LabelSelector | string;
  /** In the cache: exact matches on `metadata.name`, `metadata.namespace` and indexed fields only. */
  fields?: Record<string, string>;
  /** At most so many objects, from 1 on. Default: all. */
  limit?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Reads of any kind. Live ones reject with an ApiError, also where the API server does not serve the kind (`isNotServed`); cached ones
 * wait for the first list of the kind.
 */
export interface Reader {
  /** Resolves to undefined where there is no such object. `frozen` returns the shared cached object instead of a copy. */
  get<T extends K8sObject>(
    r: Resource<T>,
    key: Key,
    o?: { signal?: AbortSignal | undefined; frozen?: boolean },
  ): Promise<T | undefined>;
  list<T extends K8sObject>(r: Resource<T>, o?: ListOptions & { frozen?: boolean }): Promise<T[]>;
}

/** An object of which every part may be absent. */
export type Body<T> = { [P in keyof T]?: T[P] extends object | undefined ? Body<T[P]> : T[P] };

/** The body of a patch, by its kind. `strategic` is for built-in kinds only: custom resources answer 415. */
export type Patch = { type: 'merge' | 'strategic'; body: unknown } | { type: 'json'; body: JsonPatchOp[] };

/** `optimisticLock` needs an object with `metadata.resourceVersion`. */
export interface PatchOptions extends CallOptions {
  /** Adds the resource version to the patch: a conflict when another writer was first. Default false. */
  optimisticLock?: boolean;
}

/** Writes of objects, or of one subresource of them. Each resolves to the object as it is stored, and rejects with an ApiError. */
export interface SubresourceWriter {
  /** Replaces the whole. A conflict (`isConflict`) when `metadata.resourceVersion` is no longer the current one. */
  update<T extends K8sObject>(r: Resource<T>, obj: T, o?: CallOptions): Promise<T>;
  /**
   * An edit function becomes the smallest merge patch, which is not sent when it is empty. Rejects with a TypeError where the edit of a
   * status changes anything else.
   */
  patch<T extends K8sObject>(r: Resource<T>, obj: T, edit: ((draft: T) => void) | Patch, o?: PatchOptions): Promise<T>;
  /** Server-side apply. fieldOwner is required, in the call or in the client. A field conflict sets isApplyConflict. */
  apply<T extends K8sObject>(
    r: Resource<T>,
    obj: T | (Body<T> & { metadata: Key }),
    o?: CallOptions & { force?: boolean },
  ): Promise<T>;
}

/** How objects are deleted. */
export interface DeleteOptions {
  /** What becomes of dependents. Default: that of the kind, mostly `Background`. */
  propagation?: 'Foreground' | 'Background' | 'Orphan';
  /** Seconds that it has to end, as pods have; 0 ends it at once. Default: that of the object. */
  gracePeriodSeconds?: number;
  /** A conflict when the stored object has another uid or resource version. */
  preconditions?: { uid?: string; resourceVersion?: string };
  /** An object that is gone is no error; a kind that is not served still is one. Default false. */
  ignoreNotFound?: boolean;
}

/** The subresource `scale` of a kind that has replicas. */
export interface Scale {
  /** As they are wanted. */
  readonly replicas: number;
  /** As they are. */
  readonly current: number;
  /** A label selector for the pods; empty where the kind tells none. */
  readonly selector: string;
}

/** Reads come from the cache (copied), writes go to the API server. */
export interface Client extends Reader, SubresourceWriter {
  /** Uncached reads. */
  readonly live: Reader;
  /** Writes of the status; nothing else of the object is taken. */
  readonly status: SubresourceWriter;
  /** Reads and writes of another subresource, such as `scale` or `eviction`. */
  subresource(name: string): SubresourceWriter & {
    get<Sub>(r: AnyResource, key: Key, o?: { signal?: AbortSignal | undefined }): Promise<Sub>;
    create<Sub>(r: AnyResource, key: Key, body: Sub, o?: CallOptions): Promise<Sub>;
  };
  /** Reads `scale`, or sets it to so many replicas. Works for every kind that has the subresource. */
  readonly scale: {
    get(r: AnyResource, key: Key, o?: { signal?: AbortSignal | undefined }): Promise<Scale>;
    set(r: AnyResource, key: Key, replicas: number, o?: CallOptions): Promise<Scale>;
  };
  /** Needs `metadata.name` or `generateName`. Rejects with an ApiError that `isAlreadyExists` where there is one of the name. */
  create<T extends K8sObject>(r: Resource<T>, obj: T, o?: CallOptions): Promise<T>;
  /** Resolves when the deletion has begun: finalizers may hold the object. */
  delete<T extends K8sObject>(r: Resource<T>, obj: T | Key, o?: CallOptions & DeleteOptions): Promise<void>;
  /** Deletes all that match, one namespace after the other; `limit` does not count. */
  deleteAll<T extends K8sObject>(
    r: Resource<T>,
    o: ListOptions & CallOptions & Pick<DeleteOptions, 'propagation' | 'gracePeriodSeconds'>,
  ): Promise<void>;
  /**
   * Read, edit(draft), then create or send the smallest merge patch. Never writes when nothing changed.
   * Goes live once on AlreadyExists or Conflict. The edit may not change name or namespace. `owner` becomes the controller owner.
   */
  ensure<T extends K8sObject>(
    r: Resource<T>,
    key: Key,
    edit: (draft: T) => void,
    o?: CallOptions & { owner?: K8sObject },
  ): Promise<{ object: T; result: 'unchanged' | 'created' | 'updated' }>;
  /** The same client; the options are the defaults of its calls, over those that it had. */
  with(o: CallOptions): Client;
}
