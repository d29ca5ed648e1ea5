import { until } from '../abort.js';
import type { Cache } from '../cache/types.js';
import { ConfigError } from '../errors.js';
import { resourceName } from '../resource.js';
import { longestTimer } from '../time.js';

export interface SyncOptions {
  /** For the message: the name of the controller. */
  readonly controller: string;
  readonly cache: Cache;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * Waits until the sources are synced or the signal aborts. Rejects with a ConfigError after the timeout, and says which
 * kinds are missing and why.
 */
export async function synced(
  sources: Promise<void>,
  { controller, cache, timeout, signal }: SyncOptions,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const fail = (): void =>
      reject(
        new ConfigError(
          `Controller \`${controller}\` must have its caches within ${timeout} ms (cacheSyncTimeout), but ${missing(cache)}`,
        ),
      );
    timer = setTimeout(fail, Math.min(timeout, longestTimer));
  });
  await until(Promise.race([sources, late]), signal).finally(() => clearTimeout(timer));
}

function missing(cache: Cache): string {
  const unsynced = cache.informers.filter(({ isSynced }) => !isSynced);
  if (unsynced.length === 0) return 'one of its sources has not started';
  return unsynced
    .map(({ resource, problem }) => `${resourceName(resource)}: ${problem ?? 'the first list is not complete'}`)
    .join('; ');
}
