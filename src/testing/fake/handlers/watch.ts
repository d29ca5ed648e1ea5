import { ApiError } from '../../../runtime/errors.js';
import { apiVersionOf, type K8sObject } from '../../../runtime/resource.js';
import type { Answer, Call } from '../call.js';
import { presentEvent } from '../present.js';
import { statusBody } from '../status.js';
import type { Change } from '../store.js';
import { createStream, type EventStream, type WatchEvent } from '../watch.js';
import { checkVersion } from './list.js';
import { selected } from './select.js';

/** A watch ends with a bookmark, as the API server sends one two seconds before the end; shorter ones have none. */
const lastBookmark = 2;

const initialEnd = { 'k8s.io/initial-events-end': 'true' };

/** Answers with a stream that ends after `timeoutSeconds`, when it was asked for. */
export function watch(call: Call): Answer {
  const { server, query, signal } = call;
  checkWatchVersion(query.resourceVersion ?? '', server.store.version());
  const matches = selected(call);
  const stop: (() => void)[] = [];
  const onEnd = (): void => {
    for (const each of stop.splice(0)) each();
  };
  const stream = createStream(server.pending, onEnd, signal);
  if (!signal?.aborted) stop.push(...startWatch(call, stream, matches));
  return { status: 200, body: undefined, stream };
}

/** A watch answers with another code than a list to a version that is no number. */
function checkWatchVersion(text: string, current: number): void {
  if (/^\d*$/.test(text)) {
    checkVersion(text, current);
    return;
  }
  const value = JSON.stringify(text);
  const message = `resourceVersion: Invalid value: ${value}: strconv.ParseUint: parsing ${value}: invalid syntax`;
  throw new ApiError(500, { message });
}

function startWatch(call: Call, stream: EventStream, matches: Matches): (() => void)[] {
  const { server, query } = call;
  const send = (event: WatchEvent): void => stream.send(presentEvent(call, event));
  const onChange = (change: Change): void => {
    const event = change.storage === call.kind.storage ? eventOf(change, matches) : undefined;
    if (event) send(versioned(call, event));
  };
  const bookmark = (annotations?: Record<string, string>): void => {
    if (query.allowWatchBookmarks === 'true') send(bookmarkAt(call, annotations));
  };
  if (!sendInitial(call, stream, { send, onChange, bookmark, matches })) return [];
  const open = { stream, bookmark: () => bookmark() };
  server.watches.add(open);
  const close = [server.store.onChange(onChange), () => server.watches.delete(open)];
  const seconds = Number(query.timeoutSeconds ?? 0);
  if (!(seconds > 0)) return close;
  const timer = setTimeout(() => {
    if (seconds > lastBookmark) bookmark();
    stream.end();
  }, seconds * 1000);
  timer.unref?.();
  return [...close, () => clearTimeout(timer)];
}

type Matches = (entry: { readonly object: K8sObject }) => boolean;

interface Outlet {
  readonly send: (event: WatchEvent) => void;
  readonly onChange: (change: Change) => void;
  readonly bookmark: (annotations?: Record<string, string>) => void;
  readonly matches: Matches;
}

/** The state, or what was missed since the given version; false when that is forgotten, which ends the stream. */
function sendInitial(call: Call, stream: EventStream, { send, onChange, bookmark, matches }: Outlet): boolean {
  const { server, query } = call;
  const { resourceVersion = '' } = query;
  if (resourceVersion === '' || resourceVersion === '0' || query.sendInitialEvents === 'true') {
    for (const each of server.store.list(call.kind.storage).filter(matches)) {
      send(versioned(call, { type: 'ADDED', object: each.object }));
    }
    if (query.sendInitialEvents === 'true' || resourceVersion === '0') bookmark(initialEnd);
    return true;
  }
  try {
    for (const change of server.store.since(Number(resourceVersion))) onChange(change);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    stream.send({ type: 'ERROR', object: statusBody(error) });
    stream.end();
    return false;
  }
}

/** A change as a watcher sees it: what stops matching is gone, what begins to match is new. */
function eventOf({ before, after, object }: Change, matches: Matches): WatchEvent | undefined {
  const matched = before !== undefined && matches({ object: before });
  const isMatch = after !== undefined && matches({ object: after });
  if (isMatch) return { type: matched ? 'MODIFIED' : 'ADDED', object };
  if (!matched) return undefined;
  const { resourceVersion } = object.metadata ?? {};
  return {
    type: 'DELETED',
    object: { ...before, metadata: { ...before.metadata, ...(resourceVersion && { resourceVersion }) } },
  };
}

const versioned = ({ kind }: Call, { type, object }: WatchEvent): WatchEvent => ({
  type,
  object: { ...object, apiVersion: apiVersionOf(kind.resource) },
});

const bookmarkAt = ({ kind, server }: Call, annotations?: Record<string, string>): WatchEvent => ({
  type: 'BOOKMARK',
  object: {
    kind: kind.resource.kind,
    apiVersion: apiVersionOf(kind.resource),
    metadata: { resourceVersion: String(server.store.version()), ...(annotations && { annotations }) },
  },
});
