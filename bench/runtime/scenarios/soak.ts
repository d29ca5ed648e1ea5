import { setTimeout as sleep } from 'node:timers/promises';
import { withFreePorts } from '../../../src/testing/ports.js';
import { median } from '../../median.js';
import { settled } from '../load.js';
import { plural } from '../objects.js';
import { start } from '../operators.js';
import type { Server, ServerScenario } from '../server.js';

const objects = 500;
const perSecond = 50;
const slice = 15;
/** The first slices fill caches and warm up the code. */
const settling = 8;

/** Minutes of changes, creations and deletions; what the operator then holds on to. */
export const soak =
  (minutes: number): ServerScenario =>
  async ({ programs, folder }, { envtest, load }) => {
    await load.objects(objects);
    const port = await withFreePorts(1, async (free) => free);
    const operator = start(programs.opgen, folder, envtest.kubeconfig, {
      env: { BENCH_WRITES: 'patch' },
      args: [`--metrics-bind-address=127.0.0.1:${port}`, '--metrics-secure=false'],
    });
    await operator.line('synced');
    const heaps: number[] = [];
    const resident: number[] = [];
    for (let passed = 0; passed < minutes * 60; passed += slice) {
      await load.objects(objects - 50);
      await load.objects(objects);
      await load.pace(perSecond, slice, objects);
      heaps.push((await operator.report()).heap / 1e6);
      resident.push(operator.rss());
    }
    await settled(operator);
    await sleep(1000);
    const depth = sumOf(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text(), /^workqueue_depth\{/);
    const watches = await openWatches({ envtest, load });
    await operator.stop();
    return [
      { label: `growth of the heap over ${minutes} min`, unit: 'MB', opgen: growth(heaps), budget: within(1) },
      {
        label: `growth of the resident memory over ${minutes} min`,
        unit: 'MB',
        opgen: growth(resident),
        budget: within(10),
      },
      { label: 'watches of the kind after that', unit: '', opgen: watches, budget: within(1) },
      { label: 'keys in the queue after that', unit: '', opgen: depth, budget: within(0) },
    ];
  };

const within = (limit: number) => ({ limit, of: 'value' }) as const;

/** From the first third of the time after the start to the last. */
function growth(values: readonly number[]): number {
  const counted = values.length > settling * 2 ? values.slice(settling) : values;
  const third = Math.ceil(counted.length / 3);
  return median(counted.slice(-third)) - median(counted.slice(0, third));
}

function sumOf(metrics: string, series: RegExp): number {
  const values = metrics.split('\n').flatMap((line) => (series.test(line) ? Number(line.split(' ').at(-1)) : []));
  return values.reduce((sum, value) => sum + value, 0);
}

async function openWatches({ envtest: { cluster } }: Server): Promise<number> {
  const { body } = await cluster.request({ method: 'GET', path: '/metrics' });
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const series = new RegExp(`^apiserver_longrunning_requests\\{.*resource="${plural}".*verb="WATCH"`);
  return sumOf(Buffer.concat(chunks).toString(), series);
}
