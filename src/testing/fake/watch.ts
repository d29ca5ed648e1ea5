import type { K8sObject } from '../../runtime/resource.js';
import type { Pending } from './pending.js';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: K8sObject;
}

/** The body of a watch: events in, one line of JSON each out. */
export interface EventStream {
  readonly body: AsyncIterable<Uint8Array>;
  send(event: WatchEvent): void;
  /** Ends the body after what was sent, or breaks it at once with the error. */
  end(error?: unknown): void;
}

const encoder = new TextEncoder();

/**
 * An event is pending from `send` until its reader pulls the next one, so that what the reader did with it has begun.
 * `onEnd` runs once: at the end, when the reader leaves, or when the signal aborts, which rejects with its reason.
 */
export function createStream(pending: Pending, onEnd: () => void, signal?: AbortSignal): EventStream {
  const queue: { chunk: Uint8Array; done: () => void }[] = [];
  let handedOut = (): void => {};
  let failure: { error: unknown } | undefined;
  let ended = false;
  let wake: (() => void) | undefined;

  function end(error?: unknown): void {
    if (ended) return;
    ended = true;
    signal?.removeEventListener('abort', abort);
    if (error !== undefined) fail(error);
    onEnd();
    wake?.();
  }
  function fail(error: unknown): void {
    failure = { error };
    handedOut();
    for (const { done } of queue.splice(0)) done();
  }
  const abort = (): void => end(signal?.reason ?? new Error('aborted'));
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });

  async function next(): Promise<IteratorResult<Uint8Array>> {
    handedOut();
    while (!failure && !ended && queue.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (failure) throw failure.error;
    const event = queue.shift();
    if (!event) return { done: true, value: undefined };
    handedOut = event.done;
    return { done: false, value: event.chunk };
  }

  async function leave(): Promise<IteratorResult<Uint8Array>> {
    handedOut();
    for (const { done } of queue.splice(0)) done();
    end();
    return { done: true, value: undefined };
  }

  return {
    body: { [Symbol.asyncIterator]: () => ({ next, return: leave }) },
    send(event) {
      if (ended) return;
      queue.push({ chunk: encoder.encode(`${JSON.stringify(event)}\n`), done: pending.begin() });
      wake?.();
    },
    end,
  };
}
