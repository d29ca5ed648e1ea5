import { setTimeout as sleep } from 'node:timers/promises';
import { start } from '../operators.js';
import { inTurn } from '../rows.js';
import type { ServerScenario } from '../server.js';

const objects = 10_000;

/** From the start of the process to a full cache, and to the last object's reconcile. */
export const coldStart: ServerScenario = async (setting, { envtest, load }) => {
  await load.objects(objects);
  const { synced, reconciled } = await inTurn(setting, async (program) => {
    const began = performance.now();
    const operator = start(program, setting.folder, envtest.kubeconfig);
    await operator.line('synced');
    const synced = performance.now() - began;
    while ((await operator.progress()).reconciles < objects) await sleep(20);
    const reconciled = performance.now() - began;
    await operator.stop();
    return { synced, reconciled };
  });
  return [
    { label: 'cold start to a cache of 10,000 objects', unit: 'ms', ...synced },
    { label: 'cold start to the last of 10,000 reconciles', unit: 'ms', ...reconciled },
  ];
};
