import { type K8sObject, type Key, keyOf, keyText } from '../../runtime/resource.js';
import type { Kinds, ServedKind } from './kinds.js';
import type { Pending } from './pending.js';
import type { Store } from './store.js';
import type { EventStream } from './watch.js';

/** What all requests share. */
export interface Server {
  readonly store: Store;
  readonly kinds: Kinds;
  readonly pending: Pending;
  /** The time of the cluster in RFC 3339 with seconds. */
  readonly now: () => string;
  readonly watches: Set<OpenWatch>;
  readonly garbageCollection: boolean;
  /** Whether a namespace must exist before there is something in it. */
  readonly needsNamespaces: boolean;
}

export interface OpenWatch {
  readonly stream: EventStream;
  /** Sends a bookmark, when the client allows it. */
  bookmark(): void;
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** A request about a kind. */
export interface Call {
  readonly server: Server;
  readonly verb: Verb;
  readonly kind: ServedKind;
  readonly namespace?: string;
  /** Absent for collections. */
  readonly name?: string;
  readonly subresource?: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** JSON, or the stream of a watch. */
  readonly body: unknown;
  readonly stream?: EventStream;
  readonly warnings?: readonly string[];
}

/** A call that names an object. */
export interface ObjectCall extends Call {
  readonly name: string;
}

export const keyOfCall = ({ namespace, name = '' }: Call): Key =>
  namespace === undefined ? { name } : { name, namespace };

/** The key of an object in its storage. */
export const storeKey = (object: K8sObject): string => keyText(keyOf(object));

/** The key in its storage of what the call names. */
export const placeOf = (call: Call): string => keyText(keyOfCall(call));

export const isDryRun = ({ query }: Call): boolean => query.dryRun === 'All';
