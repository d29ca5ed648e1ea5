import type { Client } from '../client/types.js';
import type { EventRecorder } from '../events/types.js';
import { containsFinalizer, dropFinalizer, putFinalizer } from '../finalizers.js';
import { copyOf } from '../json.js';
import type { Logger } from '../log.js';
import type { K8sObject, Key } from '../resource.js';
import { isPaused } from './commands.js';
import type { OwnWrites } from './ownwrites.js';
import { checkedResult } from './result.js';
import { statusPatcher } from './status.js';
import { withReconcileTimeout } from './timeout.js';
import type { Context, Controller, Reconciled } from './types.js';

/** What a pass works with. */
export interface PassTools {
  /** Reads the object, and is what the reconcile gets. */
  readonly client: Client;
  /** Carries the fields of the controller, of the object and of the pass. */
  readonly log: Logger;
  readonly events: EventRecorder;
  readonly reconcileID: string;
  readonly signal: AbortSignal;
  /** Default: the reads of the client are never behind its writes. */
  readonly writes?: OwnWrites;
  /** Called when the pass takes longer than reconcileTimeout. */
  readonly onTimeout?: () => void;
}

type Outcome = Awaited<Reconciled>;

type GoneContext = Omit<Context<K8sObject>, 'object' | 'patchStatus'>;

/** A pass that has begun. */
interface Pass<T extends K8sObject> {
  readonly controller: Controller<T>;
  readonly gone: GoneContext;
  readonly writes: OwnWrites | undefined;
}

/**
 * One reconcile of one key.
 *
 * Guarantees: an object that is gone goes to `onGone`, one that is paused to nothing. With a finalizer, an object that is being deleted
 * goes to `cleanup` as long as it has the finalizer, then it is left alone, and any other one has the finalizer before `reconcile` sees
 * it; the finalizer goes once `cleanup` resolves without `requeueAfter`. Without one, every object goes to `reconcile`. Rejects with
 * whatever the functions of the controller throw, and with a TypeError for a result that cannot be meant; settles no earlier than they do.
 */
export function runPass<T extends K8sObject>(c: Controller<T>, key: Key, tools: PassTools): Promise<Outcome> {
  const { client, writes, onTimeout, ...rest } = tools;
  const within = { signal: rest.signal, timeout: c.reconcileTimeout, log: rest.log, onTimeout };
  const outcome = withReconcileTimeout(within, async (signal) => {
    const gone: GoneContext = { ...rest, client: client.with({ signal }), key, signal };
    const read = await gone.client.get(c.for, key, { frozen: true });
    const newest = writes?.newest(read) ?? read;
    if (newest === undefined) return c.onGone?.(key, gone);
    if (isPaused(newest)) return rest.log.debug('The object is paused, so it is left alone');
    return settle({ controller: c, gone, writes }, newest);
  });
  return outcome.then(checkedResult);
}

/** `object` may be shared: it is never changed. */
async function settle<T extends K8sObject>(pass: Pass<T>, object: T): Promise<Outcome> {
  const { controller, gone, writes } = pass;
  const { finalizer } = controller;
  if (finalizer === undefined) return controller.reconcile(contextOf(pass, object));
  const isHeld = containsFinalizer(object, finalizer.name);
  if (object.metadata?.deletionTimestamp !== undefined) return isHeld ? cleanUp(pass, finalizer, object) : undefined;
  if (isHeld) return controller.reconcile(contextOf(pass, object));
  const held = await putFinalizer(gone.client, controller.for, object, finalizer.name);
  writes?.remember(held);
  return controller.reconcile(contextOf(pass, held));
}

async function cleanUp<T extends K8sObject>(
  pass: Pass<T>,
  finalizer: NonNullable<Controller<T>['finalizer']>,
  object: T,
): Promise<Outcome> {
  const { controller, gone, writes } = pass;
  const result = checkedResult(await finalizer.cleanup(contextOf(pass, object)));
  if (result?.requeueAfter) return result;
  const freed = await dropFinalizer(gone.client, controller.for, object, finalizer.name);
  if (freed) writes?.remember(freed);
  return result;
}

const contextOf = <T extends K8sObject>({ controller, gone, writes }: Pass<T>, object: T): Context<T> => ({
  ...gone,
  object: copyOf(object),
  patchStatus: statusPatcher(
    { client: gone.client, written: (answer) => writes?.remember(answer) },
    controller.for,
    object,
  ),
});
