import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { runOperator } from './operator.js';
import { heading, print, printTree, type Stage, show } from './terminal.js';

/** Shows opgen at work in a temporary folder: from nothing to an operator that reconciles, by way of a mistake and a hand edit. */
const folder = mkdtempSync(join(tmpdir(), 'opgen-demo-'));
const stage: Stage = { folder, project: join(folder, 'memcached-operator') };
const types = join(stage.project, 'src/api/v1alpha1/memcached.ts');
const crd = 'config/crd/bases/cache.example.com_memcacheds.yaml';

process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const opgen = (...args: readonly string[]) => show(stage, ['npx', 'opgen', ...args]);
const refused = (...args: readonly string[]) => show(stage, ['npx', 'opgen', ...args], 1);

heading('Pack opgen and start a project with it');
const tarball = await pack();
mkdirSync(stage.project);
const init = ['opgen', 'init', '--domain', 'example.com', '--opgen', `file:${tarball}`];
await show(stage, ['npx', '--yes', `--package=file:${tarball}`, ...init]);

heading('Add a kind, with a controller that runs an image');
const image = ['--image', 'memcached:1.6.39-alpine', '--image-container-port', '11211', '--run-as-user', '11211'];
await opgen('create', 'api', '--group', 'cache', '--version', 'v1alpha1', '--kind', 'Memcached', ...image);
printTree(stage);
print(stage, 'src/api/v1alpha1/memcached.ts');
print(stage, 'src/controllers/memcached.ts');

heading('The types are the source: change them, and generate what follows');
const scaffolded = readFileSync(types, 'utf8');
const changed = scaffolded.replace('@minimum 0\n', '@minimum 0\n   * @maximum 5\n');
if (changed === scaffolded) throw new Error('The types must have a minimum, but have none');
writeFileSync(types, changed);
await opgen('generate');
print(stage, crd);
print(stage, 'config/rbac/role.yaml');

heading('A mistake in the types: nothing is written, and the message says what to type');
writeFileSync(types, changed.replace('@maximum 5', '@maximun 5').replace('printcolumn:', 'printcolum:'));
await refused('generate');
writeFileSync(types, changed);

heading('A generated file edited by hand: drift, with the fix');
appendFileSync(join(stage.project, crd), '# looks harmless\n');
await refused('generate', '--check');
await opgen('generate', `--force=${crd}`);
await opgen('generate', '--check');

heading('The project passes its own tests and builds');
await show(stage, ['npm', 'test']);
await show(stage, ['npm', 'run', 'build']);

await runOperator(stage, crd);
process.stdout.write('\nDone: the folder of the demo is removed.\n');

async function pack(): Promise<string> {
  const { stdout } = await execa('npm', ['pack', '--silent', '--pack-destination', folder]);
  return join(folder, stdout.trim().split('\n').at(-1)!);
}
