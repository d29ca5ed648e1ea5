import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './process.js';

/** The operators of fixtures/projects: whole projects, with the commands that scaffolded them. */
export const examples: readonly string[] = readdirSync('fixtures/projects').sort();

/** What belongs to the example as a fixture, and not to the project. */
const ownFiles: readonly string[] = ['steps.sh', 'authored.txt'];

const linesOf = (file: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Scaffolds the example in an empty folder, puts the files of its author in, and generates. */
export async function makeExample(name: string, folder: string): Promise<void> {
  const source = join('fixtures/projects', name);
  for (const line of linesOf(join(source, 'steps.sh'))) {
    const [, ...args] = line.split(' ');
    await opgen(folder, ...args, ...(args[0] === 'init' ? ['--skip-install'] : []));
  }
  for (const path of linesOf(join(source, 'authored.txt'))) cpSync(join(source, path), join(folder, path));
  await opgen(folder, 'generate');
}

async function opgen(folder: string, ...args: readonly string[]): Promise<void> {
  const { status, stderr } = await run(process.execPath, [join(process.cwd(), 'bin/opgen.js'), ...args], {
    cwd: folder,
  });
  if (status !== 0) throw new Error(`\`opgen ${args.join(' ')}\` ended with exit code ${status}: ${stderr}`);
}

/** Copies the files of an example, without those that describe it. */
export function copyExample(name: string, folder: string): void {
  cpSync(join('fixtures/projects', name), folder, {
    recursive: true,
    filter: (path) => !ownFiles.some((file) => path.endsWith(`${name}/${file}`)),
  });
}

/** Paths and contents of a project, without what is installed or cached. */
export function filesOf(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('node_modules/') && !ownFiles.includes(path))
    .sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}
