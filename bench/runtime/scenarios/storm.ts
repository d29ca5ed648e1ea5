import { setTimeout as sleep } from 'node:timers/promises';
import { memcacheds } from '../load.js';
import { nameOf, namespace, stampAnnotation } from '../objects.js';
import { start } from '../operators.js';
import { inTurn } from '../rows.js';
import type { Server, ServerScenario } from '../server.js';

const objects = 10;
const writers = 8;
const seconds = 10;
const patience = 90_000;

/**
 * Writers change the same objects as fast as they can, while the operator updates the status of what its cache holds, so that most of its writes
 * are conflicts. How long after the last change each status is that of the newest object.
 */
export const storm: ServerScenario = async (setting, { envtest, load }) => {
  await load.objects(objects);
  const { calm, conflicts } = await inTurn(setting, async (program) => {
    const env = { BENCH_WRITES: 'update' };
    const operator = start(program, setting.folder, envtest.kubeconfig, { env });
    await operator.line('synced');
    const end = performance.now() + seconds * 1000;
    const write = async (first: number): Promise<void> => {
      for (let index = first; performance.now() < end; index += writers) await load.touch(index % objects);
    };
    await Promise.all(Array.from({ length: writers }, (_, index) => write(index)));
    const began = performance.now();
    while (!(await areReconciled({ envtest, load })) && performance.now() - began < patience) await sleep(50);
    const calm = performance.now() - began;
    const { failures } = await operator.progress();
    await operator.stop();
    return { calm: calm / 1000, conflicts: failures };
  });
  return [
    {
      label: 'conflict storm, from its end until all are reconciled',
      unit: 's',
      ...calm,
      budget: { limit: 5, of: 'value' },
    },
    { label: 'conflicts in the 10 s of the storm', unit: '', ...conflicts },
  ];
};

async function areReconciled({ load: { client } }: Server): Promise<boolean> {
  const found = await client.list(memcacheds, { namespace });
  const names = new Set(Array.from({ length: objects }, (_, index) => nameOf(index)));
  const ours = found.filter(({ metadata }) => names.has(metadata?.name ?? ''));
  return ours.every(({ metadata, status }) => metadata?.annotations?.[stampAnnotation] === status?.stamp);
}
