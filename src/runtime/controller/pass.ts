import type { Client } from '../client/types.js';
import type { EventRecorder } from '../events/types.js';
import { containsFinalizer, dropFinalizer, putFinalizer } from '../finalizers.js';
import { copyOf } from '../json.js';
import type { Logger } from '../log.js';
import type { K8sObject, Key } from '../resource.js';
import { withDeadline } from './deadline.js';
import { statusPatcher } from './status.js';
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
}

type Outcome = Awaited<Reconciled>;

type GoneContext = Omit<Context<K8sObject>, 'object' | 'patchStatus'>;

/**
 * One reconcile of one key.
 *
 * Guarantees: an object that is gone goes to `onGone`. With a finalizer, an object that is being deleted goes to `cleanup` as long as it
 * has the finalizer, then it is left alone, and any other one has the finalizer before `reconcile` sees it; the finalizer goes once
 * `cleanup` resolves without `requeueAfter`. Without one, every object goes to `reconcile`. Rejects with whatever the functions of the
 * controller throw, and settles no earlier than they do.
 */
export function runPass<T extends K8sObject>(c: Controller<T>, key: Key, tools: PassTools): Promise<Outcome> {
  const { signal, log } = tools;
  return withDeadline({ signal, timeout: c.reconcileTimeout, log }, async (signal) => {
    const gone: GoneContext = { ...tools, key, signal };
    const object = await gone.client.get(c.for, key, { signal });
    return object === undefined ? c.onGone?.(key, gone) : settle(c, object, gone);
  });
}

async function settle<T extends K8sObject>(c: Controller<T>, object: T, gone: GoneContext): Promise<Outcome> {
  const { finalizer } = c;
  if (finalizer === undefined) return c.reconcile(contextOf(c, object, gone));
  const isHeld = containsFinalizer(object, finalizer.name);
  if (object.metadata?.deletionTimestamp !== undefined)
    return isHeld ? cleanUp(c, finalizer, contextOf(c, object, gone)) : undefined;
  const held = isHeld ? object : await putFinalizer(gone.client, c.for, object, finalizer.name);
  return c.reconcile(contextOf(c, held, gone));
}

async function cleanUp<T extends K8sObject>(
  c: Controller<T>,
  finalizer: NonNullable<Controller<T>['finalizer']>,
  ctx: Context<T>,
): Promise<Outcome> {
  const { client } = ctx;
  const object = copyOf(ctx.object);
  const result = await finalizer.cleanup(ctx);
  if (result?.requeueAfter) return result;
  await dropFinalizer(client, c.for, object, finalizer.name);
  return result;
}

const contextOf = <T extends K8sObject>(c: Controller<T>, object: T, gone: GoneContext): Context<T> => ({
  ...gone,
  object,
  patchStatus: statusPatcher(gone.client, c.for, object, gone.signal),
});
