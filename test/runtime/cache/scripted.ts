import type { Cluster, ClusterRequest, ClusterResponse } from '../../../src/runtime/cluster.js';
import { defineResource } from '../../../src/runtime/define.js';
import type { Event } from '../../../src/runtime/event.js';
import type { Logger } from '../../../src/runtime/log.js';
import { type K8sObject, keyOf, keyText } from '../../../src/runtime/resource.js';

export interface Memcached extends K8sObject {
  spec?: { size: number; note?: string };
}

export const Memcached = defineResource<Memcached>({
  group: 'cache.example.com',
  version: 'v1alpha1',
  kind: 'Memcached',
});

/** `default/<name>` in the given resource version; the size tells versions apart. */
export const memcached = (name: string, version: number, more: Partial<Memcached> = {}): Memcached => ({
  ...more,
  metadata: { name, namespace: 'default', uid: `uid-of-${name}`, resourceVersion: String(version), ...more.metadata },
  spec: { size: version, ...more.spec },
});

/** What a scripted cluster does with one request. */
export type Answer = (request: ClusterRequest) => ClusterResponse | Promise<ClusterResponse>;

export interface ScriptedCluster extends Cluster {
  readonly calls: readonly (ClusterRequest & { at: number })[];
  /** What was asked, shortly: `list`, `list next` (a further page), `watch 12`. */
  readonly asked: readonly string[];
}

/** Answers lists and watches in the order of the script. The last list is repeated; after the last watch there is silence. */
export function scriptedCluster(script: { list: readonly Answer[]; watch?: readonly Answer[] }): ScriptedCluster {
  const calls: (ClusterRequest & { at: number })[] = [];
  const lists = [...script.list];
  const watches = [...(script.watch ?? [])];
  return {
    calls,
    get asked() {
      return calls.map(({ query = {} }) =>
        query.watch ? `watch ${query.resourceVersion}` : query.continue ? 'list next' : 'list',
      );
    },
    async request(request) {
      calls.push({ ...request, at: performance.now() });
      const isWatch = request.query?.watch === 'true';
      const answer = isWatch ? (watches.shift() ?? stream().answer) : lists.length > 1 ? lists.shift() : lists[0];
      if (!answer) throw new Error('the script has no list');
      return answer(request);
    },
  };
}

const encoder = new TextEncoder();

const json = (status: number, value: unknown, headers: Record<string, string> = {}): ClusterResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: (async function* () {
    yield encoder.encode(JSON.stringify(value));
  })(),
});

/** A page of a list; with `next` there is a further one. */
export const list =
  (version: number, items: readonly Memcached[] | null = [], next?: string): Answer =>
  () =>
    json(200, {
      kind: 'MemcachedList',
      metadata: { resourceVersion: String(version), continue: next },
      items: structuredClone(items),
    });

export const failure =
  (code: number, reason: string, headers: Record<string, string> = {}, message = `it says ${reason}`): Answer =>
  () =>
    json(code, { kind: 'Status', code, reason, message }, headers);

/** The answer comes when the test releases it. */
export function held(answer: Answer): { answer: Answer; release(): void } {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { answer: (request) => released.then(() => answer(request)), release: () => release() };
}

/** No answer at all. */
export const unreachable: Answer = () => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:6443'));

/** The body of a watch, written by the test. It ends when the request is aborted, as a connection does. */
export interface Stream {
  readonly answer: Answer;
  readonly isOpen: boolean;
  event(type: string, object: object): void;
  bytes(chunk: Uint8Array | string): void;
  end(): void;
  fail(error: Error): void;
}

type Piece = { chunk: Uint8Array } | { end: true } | { error: unknown };

export function stream(): Stream {
  const pieces: Piece[] = [];
  let wake = (): void => {};
  let isOpen = false;
  const put = (piece: Piece): void => {
    pieces.push(piece);
    wake();
  };

  async function* body(signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    isOpen = true;
    signal?.addEventListener('abort', () => put({ error: signal.reason }), { once: true });
    try {
      for (;;) {
        const piece = pieces.shift();
        if (!piece) await new Promise<void>((resolve) => (wake = resolve));
        else if ('chunk' in piece) yield piece.chunk;
        else if ('error' in piece) throw piece.error;
        else return;
      }
    } finally {
      isOpen = false;
    }
  }

  const bytes = (chunk: Uint8Array | string): void =>
    put({ chunk: typeof chunk === 'string' ? encoder.encode(chunk) : chunk });
  return {
    answer: ({ signal }) => ({ status: 200, headers: {}, body: body(signal) }),
    get isOpen() {
      return isOpen;
    },
    event: (type, object) => bytes(`${JSON.stringify({ type, object })}\n`),
    bytes,
    end: () => put({ end: true }),
    fail: (error) => put({ error }),
  };
}

/** A watch that gives these events and stays open. */
export function events(...given: readonly [type: string, object: object][]): Answer {
  const opened = stream();
  for (const [type, object] of given) opened.event(type, object);
  return opened.answer;
}

/** A logger that keeps its lines as `level message: error`. */
export function recordingLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));
  const logger: Logger = {
    debug: (message) => void lines.push(`debug ${message}`),
    info: (message) => void lines.push(`info ${message}`),
    error: (error, message) => void lines.push(`error ${message}: ${text(error)}`),
    with: () => logger,
  };
  return { ...logger, lines };
}

/** `create default/a 1 (initial)`, `update default/a 1→2`, `delete default/a 2 (state unknown)` */
export function described(event: Event<K8sObject>): string {
  const key = keyText(keyOf(event.object));
  const version = event.object.metadata?.resourceVersion;
  if (event.type === 'create') return `create ${key} ${version}${event.initial ? ' (initial)' : ''}`;
  if (event.type === 'update') return `update ${key} ${event.old.metadata?.resourceVersion}→${version}`;
  return event.type === 'delete'
    ? `delete ${key} ${version}${event.stateUnknown ? ' (state unknown)' : ''}`
    : 'generic';
}
