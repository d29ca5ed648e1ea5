import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Envtest, startEnvtest } from '../src/testing/index.js';

/** Shows opgen at work in a temporary folder: from nothing to manifests, a mistake, a hand edit, and how both are repaired. */
const folder = mkdtempSync(join(tmpdir(), 'opgen-demo-'));
const project = join(folder, 'memcached-operator');
const assets = process.env.KUBEBUILDER_ASSETS;
const types = 'src/api/v1alpha1/memcached.ts';
const crd = 'config/crd/bases/cache.example.com_memcacheds.yaml';

process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

heading('Pack opgen and start a project with it');
const tarball = await pack();
mkdirSync(project);
await show('npx', [
  '--yes',
  `--package=file:${tarball}`,
  'opgen',
  'init',
  '--domain',
  'example.com',
  '--opgen',
  `file:${tarball}`,
]);

heading('Add a kind, and say what a Memcached is');
await show('npx', ['opgen', 'create', 'api', '--group', 'cache', '--version', 'v1alpha1', '--kind', 'Memcached']);
copyFileSync('fixtures/crds/memcached/src/api/v1alpha1/memcached.ts', join(project, types));
print(types);

heading('Generate what follows from the types');
await show('npx', ['opgen', 'generate']);
printTree();
print(crd);
print('config/rbac/role.yaml');

heading('A mistake in the types: nothing is written, and the message says what to type');
const good = readFileSync(join(project, types), 'utf8');
writeFileSync(
  join(project, types),
  good
    .replace('@pattern', '@minimum 1\n   * @pattern')
    .replace('kubebuilder:printcolumn:name=Size', 'kubebuilder:printcolum:name=Size'),
);
await show('npx', ['opgen', 'generate'], 1);
writeFileSync(join(project, types), good);

heading('A generated file edited by hand: drift, with the fix');
appendFileSync(join(project, crd), '# looks harmless\n');
await show('npx', ['opgen', 'generate', '--check'], 1);
await show('npx', ['opgen', 'generate', `--force=${crd}`]);
await show('npx', ['opgen', 'generate', '--check']);

heading('The project compiles');
await show('npx', ['tsc', '--noEmit']);

if (assets) await onCluster();
else process.stdout.write('\nSet KUBEBUILDER_ASSETS to see the manifests applied to a real API server.\n');
process.stdout.write('\nDone: the folder of the demo is removed.\n');

async function pack(): Promise<string> {
  const { stdout } = await execa('npm', ['pack', '--silent', '--pack-destination', folder]);
  return join(folder, stdout.trim().split('\n').at(-1)!);
}

function heading(text: string): void {
  process.stdout.write(`\n── ${text} ──\n`);
}

/** Runs a command in the project, as a user would, and insists on its exit code. */
async function show(
  command: string,
  args: readonly string[],
  expected = 0,
  env: Record<string, string> = {},
): Promise<void> {
  const line = [command, ...args].join(' ').replaceAll(folder, '..');
  process.stdout.write(`\n$ ${line}\n`);
  const { exitCode } = await execa(command, args, {
    cwd: project,
    reject: false,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    env,
  });
  if (exitCode !== expected) throw new Error(`\`${line}\` ended with exit code ${exitCode}, expected ${expected}`);
}

function print(path: string): void {
  process.stdout.write(`\n$ cat ${path}\n${readFileSync(join(project, path), 'utf8')}`);
}

function printTree(): void {
  const skipped = new Set(['node_modules', '.git']);
  const walk = (dir: string): readonly string[] =>
    readdirSync(join(project, dir), { withFileTypes: true })
      .filter(({ name }) => !skipped.has(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => (entry.isDirectory() ? walk(join(dir, entry.name)) : [join(dir, entry.name)]));
  process.stdout.write(`\n$ ls -R\n${walk('.').join('\n')}\n`);
}

async function onCluster(): Promise<void> {
  heading('A real API server accepts it');
  const cluster = await startEnvtest();
  try {
    await applyAll(cluster);
  } finally {
    await cluster.stop();
  }
}

async function applyAll(cluster: Envtest): Promise<void> {
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
  const kubectl = join(assets!, 'kubectl');
  const run = (...args: readonly string[]) => show(kubectl, args, 0, { KUBECONFIG: kubeconfig });
  await run('apply', '--server-side', '-k', 'config/crd');
  await run('wait', '--for=condition=Established', 'crd/memcacheds.cache.example.com');
  await run('apply', '--server-side', '-f', 'config/samples/cache_v1alpha1_memcached.yaml');
  await run('get', 'memcacheds');
  await run('get', 'memcacheds', 'memcached-sample', '-o', 'yaml');
}
