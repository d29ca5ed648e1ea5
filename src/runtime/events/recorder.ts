import { hostname } from 'node:os';
import type { Cluster } from '../cluster.js';
import { ApiError } from '../errors.js';
import type { Logger } from '../log.js';
import { requestJson } from '../request.js';
import { sleep } from '../time.js';
import { type EventObject, eventOf, seriesKey } from './event.js';
import type { EventRecorder } from './types.js';

const limits = {
  /** Events that wait to be sent; further ones are dropped. */
  buffer: 1000,
  /** Series that are remembered. */
  series: 10_000,
  /** Milliseconds without an equal event until a series ends. */
  seriesEnd: 6 * 60_000,
  /** Milliseconds between two updates of a series that goes on. */
  seriesRefresh: 30 * 60_000,
  tries: 4,
  retryDelay: 1000,
  requestTimeout: 10_000,
  /** Milliseconds that `stop` waits. */
  flush: 5000,
};

export interface RecorderOptions {
  cluster: Cluster;
  /** The name of the controller: `reportingController` of its events. */
  controller: string;
  log: Logger;
  /** Default: `<controller>-<hostname>`. */
  instance?: string;
}

/** An event that was emitted, and how often since. */
interface Series {
  readonly event: EventObject;
  count: number;
  lastObserved: string;
  lastEmitted: number;
  /** The count that the API server has; 0 before the first answer. */
  sentCount: number;
  sentAt: number;
  isQueued: boolean;
}

/**
 * Writes events in the background, equal ones as one series: the second is sent at once, the count of later ones every 30 minutes and
 * when the series ends.
 *
 * Guarantees: `emit` neither throws nor waits; a failure is logged; `stop` sends what is left, and resolves within 5 s.
 */
export function createRecorder(options: RecorderOptions): EventRecorder & { stop(): Promise<void> } {
  const { cluster, controller, log, instance = `${controller}-${hostname()}` } = options;
  const reporter = { reportingController: controller.slice(0, 128), reportingInstance: instance.slice(0, 128) };
  const byKey = new Map<string, Series>();
  const ending = new AbortController();
  const sender = createSender(cluster, log, ending.signal);
  const timer = setInterval(() => sweep(byKey, sender.add), 60_000).unref();
  let stopped: Promise<void> | undefined;

  async function finish(): Promise<void> {
    clearInterval(timer);
    for (const series of byKey.values()) if (series.count > series.sentCount) sender.add(series);
    const bound = new AbortController();
    await Promise.race([sender.idle(), sleep(limits.flush, bound.signal).catch(() => {})]);
    bound.abort();
    ending.abort();
  }

  return {
    emit(about, emitted) {
      try {
        if (stopped) return;
        const event = eventOf(reporter, about, emitted);
        if (event && !record(byKey, event, sender.add))
          log.debug('An event is dropped, for too many wait to be sent', { reason: emitted.reason });
        if (!event) log.debug('An event needs an object with apiVersion, kind and name', { reason: emitted.reason });
      } catch (error) {
        failQuietly(() => log.error(error, 'An event cannot be recorded'));
      }
    },
    stop: () => (stopped ??= finish()),
  };
}

/** The first event is sent, and the second as the start of a series; later ones count. False where there is no room. */
function record(byKey: Map<string, Series>, event: EventObject, send: (series: Series) => boolean): boolean {
  const key = seriesKey(event);
  const known = byKey.get(key);
  const lastEmitted = Date.now();
  if (known && lastEmitted - known.lastEmitted < limits.seriesEnd) {
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
  };
  byKey.delete(key);
  if (!send(series)) return false;
  byKey.set(key, series);
  const [oldest] = byKey.keys();
  if (byKey.size > limits.series && oldest !== undefined) byKey.delete(oldest);
  return true;
}

/** Sends the counts that are due, and forgets the series that have ended. */
function sweep(byKey: Map<string, Series>, send: (series: Series) => boolean): void {
  const now = Date.now();
  for (const [key, series] of byKey) {
    const hasEnded = now - series.lastEmitted >= limits.seriesEnd;
    const isDue = hasEnded || now - series.sentAt >= limits.seriesRefresh;
    if (isDue && series.count > series.sentCount) send(series);
    if (hasEnded) byKey.delete(key);
  }
}

/** One request after the other; each takes the state of its series at that time. */
function createSender(cluster: Cluster, log: Logger, signal: AbortSignal) {
  const queue: Series[] = [];
  let running: Promise<void> | undefined;
  let wasHeard = true;

  async function run(): Promise<void> {
    for (let series = queue.shift(); series && !signal.aborted; series = queue.shift()) {
      series.isQueued = false;
      await sendWithRetries(cluster, series, signal).then(
        () => {
          wasHeard = true;
        },
        (error) => report(error),
      );
    }
    running = undefined;
  }

  function report(error: unknown): void {
    if (signal.aborted) return;
    const isOrdinary = isTerminating(error);
    failQuietly(() =>
      wasHeard && !isOrdinary
        ? log.error(error, 'An event cannot be written; further failures are logged at the level debug')
        : log.debug('An event cannot be written', { error }),
    );
    wasHeard &&= isOrdinary;
  }

  return {
    /** Whether there was room. */
    add(series: Series): boolean {
      if (series.isQueued) return true;
      if (queue.length >= limits.buffer) return false;
      series.isQueued = true;
      queue.push(series);
      running ??= Promise.resolve().then(run);
      return true;
    },
    idle: async () => running,
  };
}

/** The namespace takes no new objects, so nobody misses the event. */
const isTerminating = (error: unknown): boolean =>
  error instanceof ApiError && (error.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating');

async function sendWithRetries(cluster: Cluster, series: Series, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(cluster, series, signal);
    } catch (error) {
      if (!isTransient(error) || attempt >= limits.tries || signal.aborted) throw error;
      await sleep(limits.retryDelay * attempt * (0.75 + Math.random() / 2), signal);
    }
  }
}

/** No answer, or one that says: later. */
const isTransient = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.code >= 500 || error.code === 429;

async function send(cluster: Cluster, series: Series, signal: AbortSignal): Promise<void> {
  const { count } = series;
  if (series.sentCount === 0 || !(await patchSeries(cluster, series, signal)))
    await createEvent(cluster, series, signal);
  series.sentCount = count;
  series.sentAt = Date.now();
}

const seriesOf = ({ count, lastObserved }: Series) => ({ count, lastObservedTime: lastObserved });

/** False when the event has expired, and must be made again. */
async function patchSeries(cluster: Cluster, series: Series, signal: AbortSignal): Promise<boolean> {
  const { metadata } = series.event;
  try {
    await write(cluster, signal, {
      method: 'PATCH',
      path: `${collectionOf(series.event)}/${encodeURIComponent(metadata.name)}`,
      contentType: 'application/merge-patch+json',
      body: { series: seriesOf(series) },
    });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.isNotFound) return false;
    throw error;
  }
}

/** An event that exists already got there with an attempt whose answer was lost. */
async function createEvent(cluster: Cluster, series: Series, signal: AbortSignal): Promise<void> {
  const body = { ...series.event, ...(series.count > 1 && { series: seriesOf(series) }) };
  try {
    await write(cluster, signal, {
      method: 'POST',
      path: collectionOf(series.event),
      contentType: 'application/json',
      body,
    });
  } catch (error) {
    if (!(error instanceof ApiError && error.isAlreadyExists)) throw error;
  }
}

const collectionOf = ({ metadata }: EventObject): string =>
  `/apis/events.k8s.io/v1/namespaces/${encodeURIComponent(metadata.namespace)}/events`;

async function write(
  cluster: Cluster,
  signal: AbortSignal,
  { method, path, contentType, body }: { method: string; path: string; contentType: string; body: unknown },
): Promise<void> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limits.requestTimeout).unref();
  const abort = (): void => limit.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const headers = { 'content-type': contentType };
    await requestJson(cluster, { method, path, headers, body: JSON.stringify(body), signal: limit.signal });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

function failQuietly(log: () => void): void {
  try {
    log();
  } catch {
    // A logger of the user's that fails has no other place to say so.
  }
}
