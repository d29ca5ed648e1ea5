import { setTimeout as sleep } from 'node:timers/promises';
import { start } from '../operators.js';
import { startReplay } from '../replay.js';
import { inTurn, parity, quantile, type Scenario } from '../rows.js';

const perSecond = 500;
const seconds = 10;

/** From the moment in which an event is sent to the begin of the reconcile, 10 workers, and nothing but that to do. */
export const latency: Scenario = async (setting) => {
  const { p50, p99 } = await inTurn(setting, async (program) => {
    const replay = await startReplay(1000);
    const operator = start(program, setting.folder, replay.kubeconfig);
    await operator.line('synced');
    await sleep(1000);
    await replay.pace(perSecond, 3);
    await operator.report();
    await replay.pace(perSecond, seconds);
    await sleep(200);
    const { latencies } = await operator.report();
    await operator.stop();
    await replay.stop();
    return { p50: quantile(latencies, 0.5) / 1e6, p99: quantile(latencies, 0.99) / 1e6 };
  });
  return [
    { label: 'event to reconcile at 500/s, p50', unit: 'ms', ...p50, budget: parity },
    { label: 'event to reconcile at 500/s, p99', unit: 'ms', ...p99, budget: { limit: 5, of: 'value' } },
  ];
};
