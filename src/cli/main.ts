import type { ExitCode } from './command.js';
import { silentRun } from './generate/unchanged.js';

/** Parses the command line, runs one command, reports: nothing but what an unchanged `generate` needs is loaded before that. */
async function main(argv: readonly string[]): Promise<void> {
  process.on('SIGINT', interrupt);
  process.stdout.on('error', onBrokenOutput);
  if (argv[0] === '__complete') {
    const { answer } = await import('./completion/answer.js');
    process.stdout.write(answer(argv.slice(1), process.cwd()));
    return;
  }
  const line = silentRun(argv);
  if (line !== undefined) process.stdout.write(line);
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
