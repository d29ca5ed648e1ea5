import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSection } from '../document.js';
import { sizes, toRows } from './budgets.js';
import { type Case, measure, peakMemory } from './measure.js';
import { caseName, controllerGenCase, nodeCase, opgenCases } from './projects.js';
import { toDocument, toTable } from './report.js';
import { kindSource } from './typescript.js';

/** `npm run bench`: prints the budgets of speed and whether they are kept. `--write` puts the table into docs/benchmarks.md. */
const rounds = 30;
const seconds = 200;

const folder = mkdtempSync(join(tmpdir(), 'opgen-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));
main();

function main(): void {
  const opgen = sizes.flatMap((kinds) => opgenCases(folder, kinds));
  const peers = sizes.map((kinds) => controllerGenCase(folder, kinds));
  const skipped = peers.flatMap((peer) => ('skipped' in peer ? peer.skipped : []))[0];
  const cases: readonly Case[] = [nodeCase(folder), ...opgen, ...peers.flatMap((peer) => ('name' in peer ? peer : []))];
  const times = measure(cases, rounds, seconds);
  const clean = opgen.find(({ name }) => name === caseName.clean(100))!;
  const rows = toRows(times, peakMemory(clean));
  process.stdout.write(toTable(rows));
  if (skipped) process.stdout.write(`\ncontroller-gen was not measured: ${skipped}.\n`);
  if (!process.argv.includes('--write')) return;
  const source = kindSource(1, 100);
  const document = toDocument(rows, {
    rounds: times.get(caseName.node)!.length,
    slowRounds: times.get(clean.name)!.length,
    lines: source.split('\n').length - 1,
    bytes: source.length,
    ...(skipped ? { skipped } : {}),
  });
  writeSection('opgen generate', document);
}
