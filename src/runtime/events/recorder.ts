import { hostname } from 'node:os';
import type { Cluster } from '../cluster.js';
import { withinTime } from '../deadline.js';
import type { Logger } from '../log.js';
import { eventOf } from './event.js';
import { createSender, failQuietly } from './sender.js';
import { record, type Series, sweep } from './series.js';
import type { EventRecorder } from './types.js';

/** Milliseconds between two looks at the series. */
const sweepEvery = 60_000;

/** Milliseconds that `stop` waits. */
const longestFlush = 5000;

export interface RecorderOptions {
  cluster: Cluster;
  /** The name of the controller: `reportingController` of its events. */
  controller: string;
  log: Logger;
  /** Default: `<controller>-<hostname>`. */
  instance?: string;
}

/**
 * Writes events in the background, equal ones as one series: the second is sent at once, the count of later ones every 30 minutes and
 * when the series ends. An event that the API server cannot take now is tried again for two minutes.
 *
 * Guarantees: `emit` neither throws nor waits; a failure is logged; `stop` sends what is left, and resolves within 5 s.
 */
export function createRecorder(options: RecorderOptions): EventRecorder & { stop(): Promise<void> } {
  const { cluster, controller, log, instance = `${controller}-${hostname()}` } = options;
  const reporter = { reportingController: controller.slice(0, 128), reportingInstance: instance.slice(0, 128) };
  const byKey = new Map<string, Series>();
  const ending = new AbortController();
  const sender = createSender(cluster, log, ending.signal);
  const timer = setInterval(() => sweep(byKey, sender.add), sweepEvery).unref();
  let stopped: Promise<void> | undefined;

  async function finish(): Promise<void> {
    clearInterval(timer);
    for (const series of byKey.values()) if (series.count > series.sentCount) sender.add(series);
    await withinTime(sender.finish(), longestFlush);
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
