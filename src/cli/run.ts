import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InternalError, Refusal } from '../diagnostics.js';
import { packageVersion } from '../package.js';
import type { Env, ExitCode, Outcome } from './command.js';
import type { Globals } from './globals.js';
import { parseCommandLine } from './parse.js';
import { isInteractive, prompt } from './prompt.js';
import { toVoice, type Voice } from './report/voice.js';
import { report } from './report.js';

/** Does what the arguments ask for, and prints what came of it. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  const line = await parseCommandLine(argv);
  if ('help' in line) {
    process.stdout.write(line.help);
    return 0;
  }
  const { globals } = line;
  const cwd = resolve(globals.cwd ?? '.');
  const voice = toVoice({ ...globals, cwd: process.cwd() }, process.env, process);
  if (!('command' in line)) return report('', line, voice);
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) return report('', noFolder(globals.cwd ?? '.'), voice);
  const { command, input } = line;
  const outcome = await attempt(() => command.run(input, toEnv(command.name, globals, cwd, voice)));
  if (typeof outcome === 'number') return outcome;
  return report(command.name, outcome, voice);
}

function noFolder(cwd: string): Outcome {
  const message = `\`--cwd\` must name a folder, but \`${cwd}\` is none`;
  return { diagnostics: [{ code: 'OG5001', severity: 'error', message, hint: 'name a folder that exists' }] };
}

/** Refusals become diagnostics here; anything else is a bug in opgen. */
async function attempt(action: () => Promise<Outcome>): Promise<Outcome | ExitCode> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Refusal) return { diagnostics: error.diagnostics };
    if (error instanceof Error && error.name === 'ExitPromptError') return interrupted();
    return reportBug(error);
  }
}

function interrupted(): ExitCode {
  process.stderr.write('Interrupted: nothing was written.\n');
  return 130;
}

function reportBug(error: unknown): ExitCode {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const kind = error instanceof InternalError ? 'opgen found itself in a state that it does not know' : 'opgen failed';
  process.stderr.write(
    `${kind}. This is a bug in opgen ${packageVersion()} (Node.js ${process.version}, ${process.platform}).\n` +
      `Please report it with the command line, the sources that it reads, and this:\n\n${text}\n`,
  );
  return 3;
}

function toEnv(command: string, { format, quiet }: Globals, cwd: string, voice: Voice): Env {
  const interactive = isInteractive();
  return {
    cwd,
    version: packageVersion(),
    interactive,
    colour: voice.colour.out,
    ...(process.stdout.isTTY && { columns: process.stdout.columns }),
    format,
    ask: async (flag, defaultValue) => (interactive ? prompt(flag, defaultValue) : defaultValue),
    progress: (line) => {
      if (!quiet) voice.err(`${line}\n`);
    },
    print: (outcome) => void report(command, outcome, voice),
  };
}
