import type { JsonPatchOp } from '../jsonpatch.js';
import type { AnyResource, K8sObject, Key, Resource } from '../resource.js';
import type { LabelSelector } from '../selectors.js';

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** The server checks and answers, but stores nothing. */
  dryRun?: boolean;
  fieldOwner?: string;
  /** What the server does about unknown fields. Not sent with apply. */
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
}

export interface ListOptions {
  /** Absent: all namespaces. */
  namespace?: string | undefined;
  labels?: LabelSelector | string;
  /** In the cache: exact matches on `metadata.name`, `metadata.namespace` and indexed fields only. */
  fields?: Record<string, string>;
  /** At most so many objects. */
  limit?: number;
  signal?: AbortSignal | undefined;
}

export interface Reader {
  /** Resolves to undefined on 404. `frozen` returns the shared cached object instead of a copy. */
  get<T extends K8sObject>(
    r: Resource<T>,
    key: Key,
    o?: { signal?: AbortSignal | undefined; frozen?: boolean },
  ): Promise<T | undefined>;
  list<T extends K8sObject>(r: Resource<T>, o?: ListOptions & { frozen?: boolean }): Promise<T[]>;
}

/** An object of which every part may be absent. */
export type Body<T> = { [P in keyof T]?: T[P] extends object | undefined ? Body<T[P]> : T[P] };

/** 'strategic' answers 415 on custom resources. */
export type Patch = { type: 'merge' | 'strategic'; body: unknown } | { type: 'json'; body: JsonPatchOp[] };

export interface PatchOptions extends CallOptions {
  /** Adds the resource version to the patch: a conflict when another writer was first. */
  optimisticLock?: boolean;
}

export interface SubresourceWriter {
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

export interface DeleteOptions {
  propagation?: 'Foreground' | 'Background' | 'Orphan';
  preconditions?: { uid?: string; resourceVersion?: string };
  ignoreNotFound?: boolean;
}

/** Reads come from the cache (copied), writes go to the API server. */
export interface Client extends Reader, SubresourceWriter {
  /** Uncached reads. */
  readonly live: Reader;
  readonly status: SubresourceWriter;
  subresource(name: string): SubresourceWriter & {
    get<Sub>(r: AnyResource, key: Key): Promise<Sub>;
    create<Sub>(r: AnyResource, key: Key, body: Sub): Promise<Sub>;
  };
  create<T extends K8sObject>(r: Resource<T>, obj: T, o?: CallOptions): Promise<T>;
  delete<T extends K8sObject>(r: Resource<T>, obj: T | Key, o?: CallOptions & DeleteOptions): Promise<void>;
  deleteAll<T extends K8sObject>(r: Resource<T>, o: ListOptions & CallOptions): Promise<void>;
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
  /** Same client with default call options. */
  with(o: CallOptions): Client;
}
