import type { Cluster } from '../cluster.js';
import { withDeadline } from '../deadline.js';
import { ApiError, NotLeaderError } from '../errors.js';
import type { Logger } from '../log.js';
import { requestJson } from '../request.js';
import type { EventObject } from './event.js';
import type { Series } from './series.js';

const limits = {
  /** Events that wait to be sent; further ones are dropped. */
  buffer: 1000,
  tries: 12,
  /** Milliseconds between two tries, a quarter more or less. */
  retryDelay: 10_000,
  requestTimeout: 10_000,
};

/**
 * One request after the other; each takes the state of its series at that time. A series that fails for now waits for its next try, and
 * keeps no others waiting.
 */
export function createSender(cluster: Cluster, log: Logger, signal: AbortSignal) {
  const queue: Series[] = [];
  const waiting = new Map<Series, NodeJS.Timeout>();
  let running: Promise<void> | undefined;
  let wasHeard = true;
  let isEnding = false;

  function push(series: Series): void {
    series.isQueued = true;
    queue.push(series);
    running ??= Promise.resolve().then(run);
  }

  async function run(): Promise<void> {
    for (let series = queue.shift(); series && !signal.aborted; series = queue.shift()) {
      series.isQueued = false;
      try {
        await send(cluster, series, signal);
        series.failures = 0;
        wasHeard = true;
      } catch (error) {
        if (!waits(series, error)) report(error);
      }
    }
    running = undefined;
  }

  /** Whether the series will be tried again. */
  function waits(series: Series, error: unknown): boolean {
    series.failures++;
    if (isEnding || signal.aborted || !isTransient(error) || series.failures >= limits.tries) {
      series.failures = 0;
      return false;
    }
    const again = (): void => {
      waiting.delete(series);
      push(series);
    };
    series.isQueued = true;
    waiting.set(series, setTimeout(again, limits.retryDelay * (0.75 + Math.random() / 2)).unref());
    return true;
  }

  function report(error: unknown): void {
    if (signal.aborted) return;
    const isOrdinary = isTerminating(error) || error instanceof NotLeaderError;
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
      if (queue.length + waiting.size >= limits.buffer) return false;
      push(series);
      return true;
    },
    /** Tries what waits for the last time; resolves when nothing is left. */
    async finish(): Promise<void> {
      isEnding = true;
      const last = [...waiting];
      waiting.clear();
      for (const [series, timer] of last) {
        clearTimeout(timer);
        push(series);
      }
      while (running) await running;
    },
  };
}

/** The namespace takes no new objects, so nobody misses the event. */
const isTerminating = (error: unknown): boolean =>
  error instanceof ApiError && (error.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating');

/** No answer, or one that says: later. */
const isTransient = (error: unknown): boolean =>
  error instanceof ApiError ? error.code >= 500 || error.code === 429 : !(error instanceof NotLeaderError);

/** Nothing where the API server has the count already: it was sent while this turn waited. */
async function send(cluster: Cluster, series: Series, signal: AbortSignal): Promise<void> {
  const { count } = series;
  if (count === series.sentCount) return;
  if (series.sentCount === 0 || !(await patchSeries(cluster, series, signal)))
    await createEvent(cluster, series, signal);
  series.sentCount = count;
  series.sentAt = performance.now();
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
  const headers = { 'content-type': contentType };
  await withDeadline(limits.requestTimeout, signal, (within) =>
    requestJson(cluster, { method, path, headers, body: JSON.stringify(body), signal: within }),
  );
}

/** What a logger of the user's throws is dropped. */
export function failQuietly(log: () => void): void {
  try {
    log();
  } catch {
    // A logger of the user's that fails has no other place to say so.
  }
}
