import { start } from '../operators.js';
import { startReplay } from '../replay.js';
import { inTurn, type Scenario } from '../rows.js';

const objects = 10_000;
const events = 50_000;

/** Events from the wire into the cache and to a predicate that drops them; and what the cache then holds. */
export const ingest: Scenario = async (setting) => {
  const { empty } = await inTurn({ ...setting, rounds: 1 }, async (program) => ({
    empty: await heapOf(program, setting.folder, 0),
  }));
  const figures = await inTurn(setting, async (program) => {
    const replay = await startReplay(objects);
    const operator = start(program, setting.folder, replay.kubeconfig, { env: { BENCH_EVENTS: String(events) } });
    await operator.line('synced');
    const { heap } = await operator.report();
    const before = operator.cpu();
    const counted = operator.line<{ ns: number }>('counted');
    await replay.burst(events);
    const { ns } = await counted;
    const cpu = operator.cpu() - before;
    const rss = operator.rss();
    await operator.stop();
    await replay.stop();
    return { rate: (events / ns) * 1e9, cpu: (cpu / events) * 1000, heap, rss };
  });
  const { heap } = figures;
  return [
    {
      label: 'events taken in a second (2 KB each)',
      unit: '/s',
      ...figures.rate,
      budget: { limit: 3, atLeast: true, of: 'ratio' },
    },
    { label: 'CPU for an event', unit: 'µs', ...figures.cpu, budget: { limit: 50, of: 'value' } },
    {
      label: 'heap for a cached object of 2 KB, without managed fields',
      unit: 'KB',
      opgen: (heap.opgen - empty.opgen) / objects / 1000,
      peer: (heap.peer - empty.peer) / objects / 1000,
      budget: { limit: 2.2, of: 'value' },
    },
    { label: 'resident memory after that, 10,000 objects', unit: 'MB', ...figures.rss },
  ];
};

async function heapOf(program: Parameters<typeof start>[0], folder: string, count: number): Promise<number> {
  const replay = await startReplay(count);
  const operator = start(program, folder, replay.kubeconfig);
  await operator.line('synced');
  const { heap } = await operator.report();
  await operator.stop();
  await replay.stop();
  return heap;
}
