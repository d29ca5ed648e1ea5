import { randomUUID } from 'node:crypto';
import { createClient } from '../runtime/client/index.js';
import type { Cluster } from '../runtime/cluster.js';
import { checkController, controllerName } from '../runtime/controller/define.js';
import { runPass } from '../runtime/controller/pass.js';
import type { Controller, Reconciled } from '../runtime/controller/types.js';
import { createRecorder } from '../runtime/events/recorder.js';
import { silentLogger } from '../runtime/log.js';
import type { K8sObject, Key } from '../runtime/resource.js';

/**
 * One pass for one key, without queue and cache: reads come from the cluster, nothing is logged, and the events are written when it
 * settles. Rejects with what the controller throws.
 */
export async function reconcileOnce<T extends K8sObject>(c: Controller<T>, cluster: Cluster, key: Key): Reconciled {
  checkController(c);
  const events = createRecorder({ cluster, controller: controllerName(c), log: silentLogger });
  const { signal } = new AbortController();
  const tools = { client: createClient({ cluster }), log: silentLogger, events, reconcileID: randomUUID(), signal };
  try {
    return await runPass(c, key, tools);
  } finally {
    await events.stop();
  }
}
