import { setImmediate } from 'node:timers/promises';
import { type K8sObject, keyOf } from '../resource.js';
import { sleep } from '../time.js';
import type { Handlers } from './handlers.js';
import type { Store } from './store.js';

/** What a resync goes through. */
export interface ResyncOptions<T extends K8sObject> {
  readonly store: Store<T>;
  readonly handlers: Handlers<T>;
  /** Milliseconds, of which each round takes a tenth more or less. 0: never. */
  readonly every: number;
}

const atOnce = 500;

/**
 * Tells the handlers of every stored object again and again, as an update to the same. Resolves when the signal aborts, which leaves no
 * timer.
 *
 * Guarantees: the event loop gets its turn now and then; what has changed or gone in the meantime is left out.
 */
export async function resync<T extends K8sObject>(options: ResyncOptions<T>, signal: AbortSignal): Promise<void> {
  const { every } = options;
  if (every <= 0) return;
  while (!signal.aborted) {
    await sleep(every * (0.9 + Math.random() / 5), signal).catch(() => {});
    await tellAll(options, signal);
  }
}

async function tellAll<T extends K8sObject>({ store, handlers }: ResyncOptions<T>, signal: AbortSignal): Promise<void> {
  const objects = signal.aborted ? [] : [...store.objects()];
  for (const [index, object] of objects.entries()) {
    if (index > 0 && index % atOnce === 0) await setImmediate();
    if (signal.aborted) return;
    if (store.get(keyOf(object)) === object) handlers.send([{ type: 'update', old: object, object }]);
  }
}
