import { setImmediate } from 'node:timers/promises';
import { createCache } from '../../../src/runtime/cache/index.js';
import type { Cache, CacheOptions, Informer } from '../../../src/runtime/cache/types.js';
import { described, Memcached, recordingLogger, type ScriptedCluster } from './scripted.js';

export interface Run {
  readonly cache: Cache;
  readonly informer: Informer<Memcached>;
  /** The events so far, as `described` words them. */
  readonly seen: string[];
  /** The log so far. */
  readonly lines: string[];
  /** `a@3` for every cached object. */
  cached(): readonly string[];
  stop(): void;
}

const running: Run[] = [];

/** A started cache with the informer of Memcached, which `stopAll` ends. */
export function run(cluster: Pick<ScriptedCluster, 'request'>, options: CacheOptions = {}): Run {
  const { lines, ...log } = recordingLogger();
  const end = new AbortController();
  const cache = createCache({ cluster, log, options });
  const informer = cache.informer(Memcached);
  const seen: string[] = [];
  informer.addHandler((event) => void seen.push(described(event)));
  cache.start(end.signal);
  const made: Run = {
    cache,
    informer,
    seen,
    lines,
    cached: () =>
      [...informer.objects()].map(({ metadata }) => `${metadata?.name}@${metadata?.resourceVersion}`).sort(),
    stop: () => end.abort(),
  };
  running.push(made);
  return made;
}

export function stopAll(): void {
  for (const each of running.splice(0)) each.stop();
}

/** Lets everything run that waits for no timer. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await setImmediate();
}
