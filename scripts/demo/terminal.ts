import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** Where the demo works, and how its output names the place. */
export interface Stage {
  /** Holds everything that the demo makes. */
  readonly folder: string;
  readonly project: string;
}

export function heading(text: string): void {
  process.stdout.write(`\n── ${text} ──\n`);
}

/** Runs a command in the project, as a user would, and insists on its exit code. */
export async function show(stage: Stage, words: readonly string[], expected = 0): Promise<void> {
  const [command = '', ...args] = words;
  const line = words.join(' ').replaceAll(stage.folder, '..');
  process.stdout.write(`\n$ ${line}\n`);
  const { exitCode } = await execa(command, args, {
    cwd: stage.project,
    reject: false,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
  });
  if (exitCode !== expected) throw new Error(`\`${line}\` ended with exit code ${exitCode}, expected ${expected}`);
}

export function print({ project }: Stage, path: string): void {
  process.stdout.write(`\n$ cat ${path}\n${readFileSync(join(project, path), 'utf8')}`);
}

export function printTree({ project }: Stage): void {
  const skipped = new Set(['node_modules', '.git']);
  const walk = (dir: string): readonly string[] =>
    readdirSync(join(project, dir), { withFileTypes: true })
      .filter(({ name }) => !skipped.has(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => (entry.isDirectory() ? walk(join(dir, entry.name)) : [join(dir, entry.name)]));
  process.stdout.write(`\n$ ls -R\n${walk('.').join('\n')}\n`);
}
