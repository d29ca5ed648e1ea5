import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEnvtest } from '../../src/testing/index.js';
import { writeSection } from '../document.js';
import { createLoad } from './load.js';
import { crd } from './objects.js';
import { buildPrograms, cores } from './operators.js';
import { toDocument, toSoak, toTable } from './report.js';
import type { Row, Scenario, Setting } from './rows.js';
import { clientNode } from './scenarios/clientnode.js';
import { coldStart } from './scenarios/coldstart.js';
import { handshakes } from './scenarios/handshakes.js';
import { idle } from './scenarios/idle.js';
import { ingest } from './scenarios/ingest.js';
import { latency } from './scenarios/latency.js';
import { soak } from './scenarios/soak.js';
import { storm } from './scenarios/storm.js';
import { update } from './scenarios/update.js';
import type { ServerScenario } from './server.js';

/**
 * `npm run bench:runtime`: an operator on `opgen/runtime` against the same one on controller-runtime, each on one core, in turn. `--write` puts the
 * tables into docs/benchmarks.md, `--rounds=N` changes the number of turns, `--soak=MINUTES` the length of the soak, `--only=NAME,…` leaves out
 * all others.
 */
const { values: flags } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    soak: { type: 'string', default: '10' },
    only: { type: 'string' },
  },
});

const replayed: Readonly<Record<string, Scenario>> = { ingest, latency };
const served: Readonly<Record<string, ServerScenario>> = {
  idle,
  update,
  handshakes,
  storm,
  coldStart,
  soak: soak(Number(flags.soak)),
};
const names = ['clientNode', ...Object.keys(replayed), ...Object.keys(served)];
const only = flags.only?.split(',') ?? names;
const unknown = only.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`--only takes ${names.join(', ')}, but there is ${unknown.join(', ')}`);
const isWanted = (name: string): boolean => only.includes(name);

const folder = mkdtempSync(join(tmpdir(), 'opgen-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
await main();

async function main(): Promise<void> {
  const rounds = Number(flags.rounds);
  const setting: Setting = { programs: await buildPrograms(folder), folder, rounds };
  execFileSync('taskset', ['-apc', cores.others, String(process.pid)], { stdio: 'ignore' });
  const rows: Row[] = [];
  for (const [name, scenario] of Object.entries(replayed))
    if (isWanted(name)) rows.push(...(await tell(name, scenario(setting))));
  const skipped = process.env.KUBEBUILDER_ASSETS ? [] : Object.keys(served).filter(isWanted);
  if (skipped.length > 0) process.stderr.write(`Not measured without KUBEBUILDER_ASSETS: ${skipped.join(', ')}\n`);
  else if (Object.keys(served).some(isWanted)) rows.push(...(await withServer(setting)));
  const others = isWanted('clientNode') ? await tell('clientNode', clientNode(setting)) : [];
  const isSoak = ({ peer }: Row): boolean => peer === undefined;
  const tables = [rows.filter((row) => !isSoak(row)), others, rows.filter(isSoak)] as const;
  for (const table of tables) process.stdout.write(`${toTable(table)}\n`);
  const [twin, clientNodes, soaked] = tables;
  if (flags.write && twin.length > 0 && clientNodes.length > 0)
    writeSection('The runtime', toDocument(twin, clientNodes, rounds));
  if (flags.write && soaked.length > 0) writeSection('The soak', toSoak(soaked, Number(flags.soak)));
  process.exit(0);
}

async function withServer(setting: Setting): Promise<readonly Row[]> {
  const file = join(folder, 'crd.json');
  writeFileSync(file, JSON.stringify(crd));
  const envtest = await startEnvtest({ crdPaths: [file] });
  const server = { envtest, load: createLoad(envtest) };
  const rows: Row[] = [];
  try {
    for (const [name, scenario] of Object.entries(served)) {
      if (isWanted(name)) rows.push(...(await tell(name, scenario(setting, server))));
    }
  } finally {
    await envtest.stop();
  }
  return rows;
}

async function tell(name: string, measured: Promise<readonly Row[]>): Promise<readonly Row[]> {
  process.stderr.write(`${name} …\n`);
  const rows = await measured;
  process.stderr.write(`${toTable(rows)}\n`);
  return rows;
}
