import type { Cache } from '../cache/types.js';
import type { Client } from '../client/types.js';
import type { Cluster } from '../cluster.js';
import type { Connected } from '../connect.js';
import { controllerName } from '../controller/define.js';
import { createLoop, type Loop } from '../controller/loop.js';
import type { AnyController } from '../controller/types.js';
import { withinTime } from '../deadline.js';
import { createRecorder } from '../events/recorder.js';
import type { Election } from '../leaderelection/index.js';
import type { Logger } from '../log.js';
import { createGroup, type Group, type Part } from './group.js';
import { needsLease, type Parts } from './parts.js';
import { type Servers, startServers } from './servers.js';
import { createStop, type Stop } from './stop.js';
import { synced } from './sync.js';
import type { Runnable } from './types.js';

/** What a manager runs. */
export interface Work {
  readonly connected: Connected;
  readonly cache: Cache;
  /** Of those who need the lease, and of the others. */
  readonly access: { readonly leading: Access; readonly always: Access };
  readonly election: Election;
  readonly log: Logger;
  readonly parts: Parts;
  readonly servers: Servers;
  /** Milliseconds; 0 = none, negative = unlimited. */
  readonly gracePeriod: number;
  /** Called when the first lists are complete of all controllers that do not wait for the lease. */
  onSynced(): void;
}

/** One way into the cluster. */
interface Access {
  readonly cluster: Cluster;
  readonly client: Client;
}

/**
 * Runs until the signal aborts or a part fails.
 *
 * Guarantees: starts health checks, metrics, cache, sources, then workers and runnables: first those of every replica, then, once the lease is
 * held, those of the leader. Stops workers and runnables, then the cache, the servers and the events, within the grace period, then
 * gives up the lease. A lost lease ends it without waiting for anything. Rejects with the first failure, after the stop. Leaves no
 * listener, timer or connection of its own behind, but for parts that do not end.
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
  const { cache, connected, election, log, parts, servers } = work;
  if (servers.address || servers.metrics) await startServers(servers, { cluster: connected.cluster, log, ends });
  const cacheEnd = new AbortController();
  ends.push(() => cacheEnd.abort());
  cache.start(cacheEnd.signal);
  const loops = parts.controllers.map((c) => ({ c, loop: loopOf(c, work, ends) }));
  const isEarly = (c: AnyController): boolean => !election.isNeeded || !needsLease(c) || c.warmup === true;
  const sync = (early: boolean) =>
    Promise.all(loops.filter(({ c }) => isEarly(c) === early).map(({ loop }) => syncLoop(loop, cache, stop.signal)));
  const start = (needLease: boolean): void => {
    for (const { c, loop } of loops) if (needsLease(c) === needLease) group.run(partOfLoop(loop, stop.signal));
    parts.startRunnables(needLease, (runnable) => group.run(partOfRunnable(runnable, stop.signal)));
  };

  await sync(true);
  if (stop.signal.aborted) return;
  work.onSynced();
  start(false);
  if (!(await election.win(stop.signal, stop.fail))) return;
  await sync(false);
  if (!stop.signal.aborted) start(true);
}

function loopOf(c: AnyController, { access, log }: Work, ends: Ends): Loop {
  const controller = controllerName(c);
  const { client, cluster } = needsLease(c) ? access.leading : access.always;
  const events = createRecorder({ cluster, controller, log });
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

async function end(work: Work, { stop, group, ends }: Running): Promise<void> {
  const { connected, election, gracePeriod, log, parts } = work;
  const left = timeLeft(gracePeriod, election);
  log.info('Stopping the manager');
  parts.end();
  const late = await group.ended(left(), election.lost);
  if (late.length > 0 && gracePeriod !== 0 && !election.isLost) stop.fail(abandoned(late, gracePeriod));
  const ending = Promise.allSettled(ends.reverse().map(async (each) => each()));
  await withinTime(Promise.race([ending, election.lost]), left());
  await election.end(late.length === 0);
  connected.close();
  log.info('The manager has stopped');
}

/** Milliseconds of the grace period that are left; a lost lease takes them all. */
function timeLeft(gracePeriod: number, election: Election): () => number {
  const startedAt = performance.now();
  return () => {
    if (election.isLost) return 0;
    return gracePeriod < 0 ? -1 : Math.max(0, gracePeriod - (performance.now() - startedAt));
  };
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
