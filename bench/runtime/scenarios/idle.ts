import { setTimeout as sleep } from 'node:timers/promises';
import { type Program, start } from '../operators.js';
import { inTurn } from '../rows.js';
import type { ServerScenario } from '../server.js';

/** The state of rest, with everything that a manager does in production: probes, protected metrics, a lease. */
export const idle: ServerScenario = async (setting, { envtest, load }) => {
  await load.objects(0);
  const { rss } = await inTurn(setting, async (program) => {
    const operator = start(asInstalled(program), setting.folder, envtest.kubeconfig, { args: flagsOf(program) });
    await operator.line('synced');
    await sleep(8000);
    const rss = operator.rss();
    await operator.stop();
    return { rss };
  });
  return [
    {
      label: 'resident memory at rest, with lease, metrics and probes',
      unit: 'MB',
      ...rss,
      budget: { limit: 75, of: 'value' },
    },
  ];
};

const flagsOf = ({ name }: Program): readonly string[] => [
  '--health-probe-bind-address=127.0.0.1:0',
  '--metrics-bind-address=127.0.0.1:0',
  '--leader-elect',
  ...(name === 'opgen' ? ['--leader-election-id=bench.example.com', '--leader-election-namespace=default'] : []),
];

/** Without what is only there to measure the heap. */
function asInstalled({ name, command: [file, ...args] }: Program): Program {
  return { name, command: [file, ...args.filter((word) => word !== '--expose-gc')] };
}
