import { setTimeout as sleep } from 'node:timers/promises';
import { settled } from '../load.js';
import { start } from '../operators.js';
import { startProxy } from '../proxy.js';
import { inTurn } from '../rows.js';
import type { ServerScenario } from '../server.js';

const objects = 500;

/** Connections that are made once everything runs: each of them is a TLS handshake. */
export const handshakes: ServerScenario = async (setting, { envtest, load }) => {
  await load.objects(objects);
  const { made } = await inTurn({ ...setting, rounds: 1 }, async (program) => {
    const proxy = await startProxy(new URL(envtest.url));
    const kubeconfig = envtest.kubeconfig.replace(envtest.url, proxy.url);
    const operator = start(program, setting.folder, kubeconfig, { env: { BENCH_WRITES: 'patch' } });
    await operator.line('synced');
    await load.pace(50, 5, objects);
    await settled(operator);
    const before = proxy.connections;
    await load.pace(50, 20, objects);
    await sleep(5000);
    await load.pace(50, 5, objects);
    const made = proxy.connections - before;
    await operator.stop();
    await proxy.stop();
    return { made };
  });
  return [{ label: 'TLS handshakes in 30 s of steady work', unit: '', ...made, budget: { limit: 0, of: 'value' } }];
};
