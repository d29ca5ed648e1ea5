import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InternalError, Refusal } from '../diagnostics.js';
import { packageVersion } from '../package.js';
import type { Env, ExitCode, Outcome } from './command.js';
import { type Globals, parseCommandLine } from './parse.js';
import { isInteractive, prompt } from './prompt.js';
import { report, type Voice } from './report.js';

/** Does what the arguments ask for, and prints what came of it. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  const line = await parseCommandLine(argv);
  if ('help' in line) {
    process.stdout.write(line.help);
    return 0;
  }
  const voice = toVoice(line.globals);
  if (!('command' in line)) return report('', line, voice);
  const cwd = resolve(line.globals.cwd ?? '.');
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory())
    return report('', noFolder(line.globals.cwd ?? '.'), voice);
  const outcome = await attempt(() => line.command.run(line.input, toEnv(line.globals, cwd)));
  return typeof outcome === 'number' ? outcome : report(line.command.name, outcome, voice);
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

function toEnv(globals: Globals, cwd: string): Env {
  const interactive = isInteractive();
  return {
    cwd,
    version: packageVersion(),
    interactive,
    colour: coloursOf(globals) && process.stdout.isTTY === true,
    ask: async (flag, defaultValue) => (interactive ? prompt(flag, defaultValue) : defaultValue),
    progress: (line) => {
      if (!globals.quiet) process.stderr.write(`${line}\n`);
    },
  };
}

const coloursOf = ({ color, format }: Globals): boolean => color && !process.env.NO_COLOR && format === 'human';

function toVoice(globals: Globals): Voice {
  const colours = coloursOf(globals);
  return {
    format: globals.format,
    quiet: globals.quiet,
    strict: globals.strict,
    colour: { out: colours && process.stdout.isTTY === true, err: colours && process.stderr.isTTY === true },
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  };
}
