import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Program, start } from '../operators.js';
import { startReplay } from '../replay.js';
import { inTurn, type Scenario } from '../rows.js';

/** The newest release that runs on Node.js 20. */
const release = '@kubernetes/client-node@1.4.0';

/** An operator that is not bundled against one that imports client-node: to the first list, and what they then hold. */
export const clientNode: Scenario = async ({ folder, rounds }) => {
  const opgen: Program = { name: 'opgen', command: [process.execPath, place(folder, 'opgen.mjs', linkOpgen)] };
  const peer: Program = { name: 'client-node', command: [process.execPath, place(folder, 'peer.mjs', install)] };
  const replay = await startReplay(100);
  const { synced, rss } = await inTurn({ folder, rounds, programs: { opgen, go: peer } }, async (program) => {
    const began = performance.now();
    const operator = start(program, folder, replay.kubeconfig);
    await operator.line('synced');
    const synced = performance.now() - began;
    await sleep(10_000);
    const rss = operator.rss();
    await operator.stop();
    return { synced, rss };
  });
  await replay.stop();
  return [
    { label: 'start to the first list, not bundled', unit: 'ms', ...synced, budget: { limit: 0.25, of: 'ratio' } },
    { label: 'resident memory at rest, 10 s later', unit: 'MB', ...rss, budget: { limit: 0.5, of: 'ratio' } },
  ];
};

/** A program in a folder with its packages. */
function place(folder: string, program: string, packages: (dir: string) => void): string {
  const dir = join(folder, program.replace('.mjs', ''));
  mkdirSync(join(dir, 'node_modules'), { recursive: true });
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }\n');
  packages(dir);
  cpSync(resolve('bench/runtime/clientnode', program), join(dir, program));
  return join(dir, program);
}

const linkOpgen = (dir: string): void => symlinkSync(resolve('.'), join(dir, 'node_modules/opgen'));

function install(dir: string): void {
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', release], {
    cwd: dir,
    stdio: 'ignore',
  });
}
