import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { goModule } from './go.js';
import type { Case } from './measure.js';
import { kindPath, kindSource, typescriptProject } from './typescript.js';

const bin = resolve('bin/opgen.js');
const outputs = ['config', 'src/generated', 'Makefile', '.opgen', 'node_modules/.cache'];

/** Names of the cases with their number of kinds. */
export const caseName = {
  node: 'node empty.mjs',
  unchanged: (kinds: number) => `unchanged, ${kinds}`,
  check: (kinds: number) => `--check, ${kinds}`,
  changed: (kinds: number) => `one changed, ${kinds}`,
  clean: (kinds: number) => `clean, ${kinds}`,
  controllerGen: (kinds: number) => `controller-gen, ${kinds}`,
};

export function nodeCase(folder: string): Case {
  write(folder, { 'empty.mjs': '' });
  return { name: caseName.node, command: [process.execPath, 'empty.mjs'], cwd: folder, every: 1 };
}

/** Makes a project of `kinds` kinds with all of its outputs in `folder`. */
export function opgenCases(folder: string, kinds: number): readonly Case[] {
  const cwd = join(folder, `typescript-${kinds}`);
  write(cwd, typescriptProject(kinds));
  mkdirSync(join(cwd, 'node_modules'));
  const generate = (...flags: string[]): Case['command'] => [process.execPath, bin, 'generate', ...flags];
  const every = kinds >= 100 ? 3 : 1;
  return [
    { name: caseName.clean(kinds), command: generate(), cwd, every, prepare: () => clean(cwd) },
    { name: caseName.changed(kinds), command: generate(), cwd, every, prepare: changer(cwd, kinds - 1) },
    { name: caseName.unchanged(kinds), command: generate(), cwd, every: 1 },
    { name: caseName.check(kinds), command: generate('--check'), cwd, every: 1 },
  ];
}

function clean(cwd: string): void {
  for (const path of outputs) rmSync(join(cwd, path), { recursive: true, force: true });
}

/** Gives a kind another limit each time, which changes its CRD. */
function changer(cwd: string, index: number): () => void {
  let maximum = 100;
  return () => write(cwd, { [kindPath(index)]: kindSource(index, ++maximum) });
}

/** controller-gen on the Go twin, or why it cannot run: its modules come from the module cache, nothing is downloaded. */
export function controllerGenCase(folder: string, kinds: number): Case | { readonly skipped: string } {
  const version = spawnSync('controller-gen', ['--version'], { encoding: 'utf8' });
  if (version.status !== 0) return { skipped: 'controller-gen is not on PATH' };
  const cwd = join(folder, `go-${kinds}`);
  write(cwd, goModule(kinds));
  const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOSUMDB: 'off' };
  const listed = spawnSync('go', ['list', '-deps', './...'], { cwd, env, encoding: 'utf8' });
  if (listed.status !== 0)
    return { skipped: 'the Go modules k8s.io/api and k8s.io/apimachinery v0.36.3 are not there' };
  const command: Case['command'] = ['controller-gen', 'crd', 'paths=./...', 'output:crd:dir=crd'];
  return { name: caseName.controllerGen(kinds), command, cwd, every: kinds >= 100 ? 3 : 1 };
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
