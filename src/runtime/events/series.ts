import { type EventObject, seriesKey } from './event.js';

/** An event that was emitted, and how often since. */
export interface Series {
  readonly event: EventObject;
  count: number;
  lastObserved: string;
  lastEmitted: number;
  /** The count that the API server has; 0 before the first answer. */
  sentCount: number;
  sentAt: number;
  /** Waits to be sent, now or after a failure. */
  isQueued: boolean;
  /** Of its tries, one after the other. */
  failures: number;
}

const limits = {
  /** Series that are remembered. */
  count: 10_000,
  /** Milliseconds without an equal event until a series ends. */
  end: 6 * 60_000,
  /** Milliseconds between two updates of a series that goes on. */
  refresh: 30 * 60_000,
};

/** The first event is sent, and the second as the start of a series; later ones count. False where there is no room. */
export function record(byKey: Map<string, Series>, event: EventObject, send: (series: Series) => boolean): boolean {
  const key = seriesKey(event);
  const known = byKey.get(key);
  const lastEmitted = performance.now();
  if (known && lastEmitted - known.lastEmitted < limits.end) {
    Object.assign(known, { count: known.count + 1, lastEmitted, lastObserved: event.eventTime });
    if (known.count === 2) send(known);
    return true;
  }
  if (known && known.count > known.sentCount) send(known);
  const series: Series = {
    event,
    count: 1,
    lastObserved: event.eventTime,
    lastEmitted,
    sentCount: 0,
    sentAt: lastEmitted,
    isQueued: false,
    failures: 0,
  };
  byKey.delete(key);
  if (!send(series)) return false;
  byKey.set(key, series);
  const [oldest] = byKey.keys();
  if (byKey.size > limits.count && oldest !== undefined) byKey.delete(oldest);
  return true;
}

/** Sends the counts that are due, and forgets the series that have ended. */
export function sweep(byKey: Map<string, Series>, send: (series: Series) => boolean): void {
  const now = performance.now();
  for (const [key, series] of byKey) {
    const hasEnded = now - series.lastEmitted >= limits.end;
    const isDue = hasEnded || now - series.sentAt >= limits.refresh;
    if (isDue && series.count > series.sentCount) send(series);
    if (hasEnded) byKey.delete(key);
  }
}
