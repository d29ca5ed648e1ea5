import { until } from '../abort.js';
import type { Logger } from '../log.js';
import { countUserError } from '../metrics/usercode.js';
import type { Key } from '../resource.js';
import type { Source } from './types.js';

/**
 * Enqueues what `map` returns for each event, until there are no more. A channel that fails is logged and ends; an event that `map`
 * fails on enqueues nothing.
 */
export function channel<T>(events: AsyncIterable<T>, map: (e: T) => Key[]): Source {
  return {
    async start(q, signal, { log }) {
      const take = (event: T): void => enqueue(() => map(event), q.add, log);
      drain(events, signal, take).catch((error) => log.error(error, 'A channel failed and gives no more events'));
    },
  };
}

async function drain<T>(events: AsyncIterable<T>, signal: AbortSignal, take: (event: T) => void): Promise<void> {
  const iterator = events[Symbol.asyncIterator]();
  for (;;) {
    const next = await until(iterator.next(), signal);
    if (next === undefined) return close(iterator);
    if (next.done) return;
    take(next.value);
  }
}

/** Not awaited: a generator that waits for its next event ends only after it. */
function close(iterator: AsyncIterator<unknown>): void {
  iterator.return?.().catch(() => {});
}

function enqueue(keys: () => Key[], add: (key: Key) => void, log: Logger): void {
  try {
    for (const key of keys()) add(key);
  } catch (error) {
    countUserError('map');
    log.error(error, 'The map of a channel failed for an event');
  }
}
