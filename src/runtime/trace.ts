import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel';

/** What a message of the channels `tracing:opgen:reconcile:*` is about; `result` or `error` is added at the end. */
export interface ReconcileTrace {
  readonly controller: string;
  readonly group: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly reconcileID: string;
}

/** What a message of the channels `tracing:opgen:request:*` is about; `result`, which has a `status`, or `error` is added at the end. */
export interface RequestTrace {
  readonly method: string;
  readonly path: string;
  /** The URL of the API server. */
  readonly server: string;
}

/**
 * Reconciles, for tracers: the channels `tracing:opgen:reconcile:start`, `end`, `asyncStart`, `asyncEnd` and `error` of
 * node:diagnostics_channel.
 */
export const reconcileChannel: TracingChannel<unknown, ReconcileTrace> = tracingChannel('opgen:reconcile');

/** Requests to API servers, for tracers: the channels `tracing:opgen:request:start` and so on. A request ends with the headers of its answer. */
export const requestChannel: TracingChannel<unknown, RequestTrace> = tracingChannel('opgen:request');

/** Calls `fn`, and tells the subscribers of the channel when it begins and ends. Without any it costs nothing. */
export function traced<C extends object, T>(
  channel: TracingChannel<unknown, C>,
  about: C,
  fn: () => Promise<T>,
): Promise<T> {
  const { start, end, asyncStart, asyncEnd, error } = channel;
  const isHeard = [start, end, asyncStart, asyncEnd, error].some(({ hasSubscribers }) => hasSubscribers);
  return isHeard ? channel.tracePromise(fn, { ...about }) : fn();
}
