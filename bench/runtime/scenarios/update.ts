import { createCache } from '../../../src/runtime/cache/index.js';
import { silentLogger } from '../../../src/runtime/index.js';
import type { Envtest } from '../../../src/testing/index.js';
import { memcacheds, settled } from '../load.js';
import { stampAnnotation } from '../objects.js';
import { start } from '../operators.js';
import { inTurn, parity, quantile } from '../rows.js';
import type { ServerScenario } from '../server.js';

const perSecond = 50;
const seconds = 15;
const objects = 500;

/** A change by somebody, the begin of its reconcile, and the status that follows from it as a third party sees it. */
export const update: ServerScenario = async (setting, { envtest, load }) => {
  await load.objects(objects);
  const { p50, p99, seen, cpu } = await inTurn(setting, async (program) => {
    const env = { BENCH_WRITES: 'patch' };
    const operator = start(program, setting.folder, envtest.kubeconfig, { env });
    await operator.line('synced');
    await load.pace(perSecond, 3, objects);
    await settled(operator);
    await operator.report();
    const watched = await watchStatus(envtest);
    const before = operator.cpu();
    await load.pace(perSecond, seconds, objects);
    await settled(operator);
    const cpu = operator.cpu() - before;
    const { latencies } = await operator.report();
    await operator.stop();
    return {
      p50: quantile(latencies, 0.5) / 1e6,
      p99: quantile(latencies, 0.99) / 1e6,
      seen: quantile(watched.stop(), 0.5) / 1e6,
      cpu: cpu / latencies.length,
    };
  });
  return [
    { label: 'update to reconcile at 50/s, API server, p50', unit: 'ms', ...p50, budget: parity },
    { label: 'update to reconcile at 50/s, API server, p99', unit: 'ms', ...p99, budget: parity },
    { label: 'update to a status that others see, p50', unit: 'ms', ...seen },
    { label: 'CPU for such an update, status write included', unit: 'ms', ...cpu },
  ];
};

/** How long after its stamp the status of each object has followed, in ns. */
async function watchStatus({ cluster }: Envtest) {
  const end = new AbortController();
  const cache = createCache({ cluster, log: silentLogger });
  const informer = cache.informer(memcacheds);
  const latencies: number[] = [];
  cache.start(end.signal);
  await informer.synced;
  informer.addHandler((event) => {
    if (event.type !== 'update' || event.old.status?.stamp === event.object.status?.stamp) return;
    const stamp = event.object.metadata?.annotations?.[stampAnnotation] ?? '';
    if (stamp === event.object.status?.stamp) latencies.push(Number(process.hrtime.bigint() - BigInt(stamp)));
  });
  return {
    stop(): readonly number[] {
      end.abort();
      return latencies.sort((a, b) => a - b);
    },
  };
}
