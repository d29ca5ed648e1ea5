import type { Cache } from '../cache/types.js';
import type { Client } from '../client/types.js';
import type { Connected } from '../connect.js';
import { controllerName } from '../controller/define.js';
import { createLoop, type Loop } from '../controller/loop.js';
import type { AnyController } from '../controller/types.js';
import { withinTime } from '../deadline.js';
import { createRecorder } from '../events/recorder.js';
import type { Logger } from '../log.js';
import type { Address } from './address.js';
import type { Checks } from './checks.js';
import { createGroup, type Group, type Part } from './group.js';
import { startHealthServer } from './health.js';
import type { Parts } from './parts.js';
import { createStop, type Stop } from './stop.js';
import { synced } from './sync.js';
import type { Runnable } from './types.js';

/** What a manager runs. */
export interface Work {
  readonly connected: Connected;
  readonly cache: Cache;
  readonly client: Client;
  readonly log: Logger;
  readonly parts: Parts;
  readonly checks: Readonly<Record<'healthz' | 'readyz', Checks>>;
  /** Where the checks answer; undefined: nowhere. */
  readonly address: Address | undefined;
  /** Milliseconds; 0 = none, negative = unlimited. */
  readonly gracePeriod: number;
  /** Called when the first lists of all controllers are complete. */
  onSynced(): void;
}

/**
 * Runs until the signal aborts or a part fails.
 *
 * Guarantees: starts health checks, cache, sources, then workers and runnables; stops workers and runnables, then the cache, the health
 * checks and the events, within the grace period. Rejects with the first failure, after the stop. Leaves no listener, timer or
 * connection of its own behind, but for parts that do not end.
 */
export async function run(work: Work, outer: AbortSignal | undefined): Promise<void> {
  const stop = createStop(outer, work.log);
  const group = createGroup(stop.fail);
  const ends: Ends = [];
  try {
    await begin(work, { stop, group, ends });
  } catch (error) {
    stop.fail(error);
  }
  await aborted(stop.signal);
  await end(work, { stop, group, ends });
  stop.settle();
}

interface Running {
  readonly stop: Stop;
  readonly group: Group;
  readonly ends: Ends;
}

/** What is to be ended after the workers, in reverse order. */
type Ends = (() => unknown)[];

async function begin(work: Work, { stop, group, ends }: Running): Promise<void> {
  const { cache, address, checks, log, parts } = work;
  if (address) {
    const server = await startHealthServer(address, checks);
    ends.push(server.stop);
    log.info('Health checks answer', { address: server.address.address, port: server.address.port });
  }
  const cacheEnd = new AbortController();
  ends.push(() => cacheEnd.abort());
  cache.start(cacheEnd.signal);
  const loops = parts.controllers.map((c) => loopOf(c, work, ends));
  await Promise.all(loops.map((loop) => syncLoop(loop, cache, stop.signal)));
  if (stop.signal.aborted) return;
  work.onSynced();
  for (const loop of loops) group.run(partOfLoop(loop, stop.signal));
  parts.startRunnables((runnable) => group.run(partOfRunnable(runnable, stop.signal)));
}

function loopOf(c: AnyController, { connected, client, log }: Work, ends: Ends): Loop {
  const controller = controllerName(c);
  const events = createRecorder({ cluster: connected.cluster, controller, log });
  ends.unshift(events.stop);
  return createLoop(c, { client, log, events });
}

function syncLoop(loop: Loop, cache: Cache, signal: AbortSignal): Promise<void> {
  const { name: controller, cacheSyncTimeout: timeout } = loop;
  return synced(loop.startSources(signal, cache), { controller, cache, timeout, signal });
}

const partOfLoop = (loop: Loop, signal: AbortSignal): Part => ({
  title: `controller ${loop.name}`,
  start: () => loop.work(signal),
  running: () => loop.running,
});

const partOfRunnable = (runnable: Runnable, signal: AbortSignal): Part => ({
  title: runnable.name === undefined ? 'a runnable without a name' : `runnable ${runnable.name}`,
  start: () => runnable.start(signal),
});

async function end({ connected, gracePeriod, log, parts }: Work, { stop, group, ends }: Running): Promise<void> {
  const startedAt = performance.now();
  const left = (): number => (gracePeriod < 0 ? -1 : Math.max(0, gracePeriod - (performance.now() - startedAt)));
  log.info('Stopping the manager');
  parts.end();
  const late = gracePeriod === 0 ? [] : await group.ended(left());
  if (late.length > 0) stop.fail(abandoned(late, gracePeriod));
  const ending = ends.reverse().map(async (each) => each());
  await withinTime(Promise.allSettled(ending), left());
  connected.close();
  log.info('The manager has stopped');
}

function abandoned(late: readonly Part[], gracePeriod: number): Error {
  const names = late.map(({ title, running }) => [title, ...(running?.() ?? [])].join(' '));
  return new Error(
    `All parts must end within ${gracePeriod} ms of the stop (gracefulShutdownTimeout), but these still run: ${names.join(', ')}`,
  );
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
