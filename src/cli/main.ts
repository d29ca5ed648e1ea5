import type { ExitCode } from './command.js';
import { unchangedRun } from './unchanged.js';

/** Parses the command line, runs one command, reports: nothing but what an unchanged `generate` needs is loaded before that. */
async function main(argv: readonly string[]): Promise<void> {
  process.on('SIGINT', interrupt);
  process.stdout.on('error', onBrokenOutput);
  const unchanged = unchangedRun(argv);
  if (unchanged !== undefined) process.stdout.write(unchanged);
  else process.exitCode = await (await import('./run.js')).run(argv);
}

/** A command that ends in its own way has a listener of its own. */
function interrupt(): void {
  if (process.listenerCount('SIGINT') === 1) exit(130);
}

/** `opgen … | head` is not an error; a full disk is. */
function onBrokenOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') exit(0);
  process.stderr.write(`The output cannot be written (${error.code}).\n`);
  exit(2);
}

/** The only caller of `process.exit`: what holds a lock releases it on `exit`. */
function exit(code: ExitCode): never {
  process.exit(code);
}

await main(process.argv.slice(2));
