import { unlessAborted } from '../../runtime/abort.js';
import { createClient } from '../../runtime/client/index.js';
import type { Client } from '../../runtime/client/types.js';
import type { Cluster, ClusterRequest, ClusterResponse } from '../../runtime/cluster.js';
import { ApiError } from '../../runtime/errors.js';
import type { AnyResource, K8sObject, Key } from '../../runtime/resource.js';
import { sleep } from '../../runtime/time.js';
import { type Answer, type Call, keyOfCall, type Server } from './call.js';
import { discover } from './discovery.js';
import { createKinds, servedByHandle } from './kinds.js';
import { createPending } from './pending.js';
import { callOf, handle } from './route.js';
import { seed, seedNamespaces, serveCrds } from './seed.js';
import { statusBody } from './status.js';
import { createStore } from './store.js';

/**
 * Stands around every request about a kind. `verb` is get, list, watch, create, update, patch (also for apply), delete
 * or deletecollection; a subresource follows a slash: `patch/status`. The name in `key` is empty for collections, also
 * for create. `next` handles the request and resolves to the body of the answer; what is returned is sent in its place.
 * An ApiError that is thrown becomes the answer; any other error breaks the connection.
 */
export type Intercept = (
  verb: string,
  resource: AnyResource,
  key: Key,
  // biome-ignore lint/suspicious/noExplicitAny: the body is whatever the verb answers
  next: () => Promise<any>,
  // biome-ignore lint/suspicious/noExplicitAny: the body is whatever the verb answers
) => Promise<any>;

/** What a fake cluster begins with. */
export interface FakeClusterOptions {
  /**
   * What is there at the start. Status, uid, timestamps and generation stay as given, missing ones are filled in;
   * defaults of the schema are applied, but nothing is validated. The namespace of an object that needs one is
   * `default` when it has none.
   */
  objects?: readonly K8sObject[];
  /** Handles of kinds without a schema: any object of them is accepted. */
  resources?: readonly AnyResource[];
  /** CRD objects. Their schemas give defaults, validation, and which lists merge. */
  crds?: readonly object[];
  /** Injects errors, changes answers, watches what is asked. Default: none. */
  intercept?: Intercept;
  /**
   * How many milliseconds a request takes before it is handled; by its verb and kind, as `intercept` gets them. Fake timers of a test
   * move it. Default: none.
   */
  latency?: (verb: string, resource: AnyResource) => number;
  /**
   * Deletes dependents after their owner, as kube-controller-manager does; before the deletion is answered. Default
   * true.
   */
  garbageCollection?: boolean;
  /**
   * Whether a namespace must exist before something is made in it: `implicit` needs none, `explicit` answers 404 as a real API server
   * does, and has those of `objects` and `default`, `kube-system`, `kube-public`, `kube-node-lease`. Default `implicit`.
   */
  namespaces?: 'implicit' | 'explicit';
  /** What the cluster takes for now, in timestamps and ages; default: the clock of the system. Timeouts of watches run on timers. */
  clock?: Clock;
}

/** A source of time: milliseconds since 1970, as `Date.now`. */
export interface Clock {
  now(): number;
}

/** An API server in memory, with what a test does to it. */
export interface FakeCluster extends Cluster {
  /** A client without a cache. */
  readonly client: Client;
  /**
   * Resolves when no request is under way and every event of every watch has been taken by its reader, who has asked
   * for the next one, for some turns of the event loop. Timers of the reader are not waited for. Rejects after 10 s.
   */
  settle(): Promise<void>;
  /** Forgets all changes: whoever resumes a watch, or goes on with a list, gets 410. Open watches go on. */
  compact(): void;
  /** Breaks the connections of all open watches. */
  disconnect(): void;
  /** Sends a bookmark to every open watch that allows them. */
  bookmark(): void;
  /** While down, requests fail as if nothing listened; going down also breaks the open watches. */
  down(isDown: boolean): void;
}

/**
 * An API server in memory, behind the same interface as a real one: paths, queries, status codes and bodies are those
 * of Kubernetes, so that clients, caches and managers run on it unchanged. It serves the built-in kinds and those of
 * `crds` and `resources`.
 *
 * Guarantees: nothing leaves the process, and nothing is shared between two fake clusters. Objects go in and out as
 * JSON text. What the garbage collection does is done when a deletion is answered.
 *
 * One suite of scenarios runs against it and against real API servers; docs/testing.md says what differs. In short: there is no
 * authentication, authorization, quota, admission plugin or webhook; built-in kinds are pruned and defaulted, but their values are not
 * validated; pods and namespaces go at once.
 */
export function fakeCluster(options: FakeClusterOptions = {}): FakeCluster {
  const server = createServer(options);
  const { intercept = (_verb, _resource, _key, next) => next() } = options;
  let isDown = false;

  async function answered(request: ClusterRequest): Promise<ClusterResponse> {
    try {
      const found = discover(server, request);
      if (found) return foundResponse(found);
      const call = callOf(server, request);
      await delay(call, options.latency);
      return await intercepted(call, intercept);
    } catch (error) {
      if (error instanceof ApiError) return errorResponse(error);
      throw error;
    }
  }

  async function request(r: ClusterRequest): Promise<ClusterResponse> {
    r.signal?.throwIfAborted();
    if (isDown) throw refusedConnection();
    const done = server.pending.begin();
    try {
      return await unlessAborted(answered(r), [r.signal]);
    } finally {
      done();
    }
  }

  const disconnect = (): void => {
    for (const { stream } of [...server.watches]) stream.end(brokenConnection());
  };
  return {
    request,
    client: createClient({ cluster: { request } }),
    settle: server.pending.settle,
    compact: server.store.compact,
    disconnect,
    bookmark: () => {
      for (const each of [...server.watches]) each.bookmark();
    },
    down: (down) => {
      isDown = down;
      if (down) disconnect();
    },
  };
}

const systemClock: Clock = { now: () => Date.now() };

/** RFC 3339 with seconds, as `metav1.Time` has it. */
const timeText = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

function createServer({
  objects = [],
  resources = [],
  crds = [],
  garbageCollection = true,
  namespaces = 'implicit',
  clock = systemClock,
}: FakeClusterOptions): Server {
  const server: Server = {
    store: createStore(),
    kinds: createKinds(),
    pending: createPending(),
    now: () => timeText(clock.now()),
    watches: new Set(),
    needsNamespaces: namespaces === 'explicit',
    garbageCollection,
  };
  serveCrds(server);
  for (const crd of crds)
    seed(server, { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', ...crd });
  server.kinds.add(resources.map(servedByHandle));
  for (const object of objects) seed(server, object);
  if (server.needsNamespaces) seedNamespaces(server, objects);
  return server;
}

/** `list`, or `patch/status` with a subresource. */
const verbText = ({ verb, subresource }: Call): string => (subresource === undefined ? verb : `${verb}/${subresource}`);

async function delay(call: Call, latency: FakeClusterOptions['latency']): Promise<void> {
  const milliseconds = latency?.(verbText(call), call.kind.resource) ?? 0;
  if (milliseconds > 0) await sleep(milliseconds, call.signal);
}

async function intercepted(call: Call, intercept: Intercept): Promise<ClusterResponse> {
  const { resource } = call.kind;
  const verb = verbText(call);
  let answer: Answer | undefined;
  const body: unknown = await intercept(verb, resource, keyOfCall(call), async () => {
    answer = handle(call);
    return answer.body;
  });
  if (answer?.stream) return { status: 200, headers: jsonHeaders, body: answer.stream.body };
  const warnings = [...(call.kind.warning ? [call.kind.warning] : []), ...(answer?.warnings ?? [])];
  return jsonResponse(answer?.status ?? (call.verb === 'create' ? 201 : 200), body, warnings);
}

function foundResponse({ body, type }: { body: object | string; type: string }): ClusterResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status: 200, headers: { 'content-type': type }, body: once(new TextEncoder().encode(text)) };
}

const jsonHeaders: Record<string, string> = { 'content-type': 'application/json' };

function jsonResponse(status: number, body: unknown, warnings: readonly string[] = []): ClusterResponse {
  const warning = warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', ');
  const text = new TextEncoder().encode(JSON.stringify(body ?? null));
  return { status, headers: { ...jsonHeaders, ...(warning && { warning }) }, body: once(text) };
}

async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}

function errorResponse(error: ApiError): ClusterResponse {
  const response = jsonResponse(error.code, statusBody(error));
  const seconds = error.details?.retryAfterSeconds;
  return seconds === undefined
    ? response
    : { ...response, headers: { ...response.headers, 'retry-after': String(seconds) } };
}

const refusedConnection = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const brokenConnection = (): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
