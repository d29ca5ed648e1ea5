import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codes, type Diagnostic } from '../diagnostics.js';
import { unifiedDiff } from '../emit/diff.js';
import type { Change } from '../emit/plan.js';
import type { ExitCode, Outcome } from './command.js';

/** How a run speaks. */
export interface Voice {
  readonly format: 'human' | 'json';
  readonly quiet: boolean;
  /** Warnings count as errors. */
  readonly strict: boolean;
  readonly colour: { readonly out: boolean; readonly err: boolean };
  out(text: string): void;
  err(text: string): void;
}

/** Prints the outcome of a command, data to stdout and messages to stderr, and gives the exit code that follows from it. */
export function report(command: string, outcome: Outcome, voice: Voice): ExitCode {
  const exitCode = exitCodeOf(outcome.diagnostics, voice.strict);
  if (voice.format === 'json') voice.out(`${JSON.stringify(toJson(command, outcome, exitCode), null, 2)}\n`);
  else printHuman(outcome, exitCode, voice);
  return exitCode;
}

/** The worst of the errors decides: usage before findings; warnings count with `--strict` only. */
export function exitCodeOf(diagnostics: readonly Diagnostic[], strict: boolean): ExitCode {
  const errors = diagnostics.filter((each) => each.severity === 'error');
  const exits = errors.map((each) => (codes as Record<string, { exit: 1 | 2 }>)[each.code]?.exit ?? 1);
  if (exits.length > 0) return Math.max(...exits) as ExitCode;
  return strict && diagnostics.length > 0 ? 1 : 0;
}

/** The report of every command in `--format json`; `version` changes when a consumer would have to. */
function toJson(command: string, outcome: Outcome, exitCode: ExitCode) {
  const changes = outcome.changes ?? [];
  return {
    version: 1,
    command,
    exitCode,
    dryRun: outcome.dryRun ?? false,
    diagnostics: outcome.diagnostics,
    changes: changes.map(({ path, action, owner, source }) => ({ path, action, owner, source })),
    ...(outcome.output === undefined ? {} : { output: outcome.output }),
    next: outcome.next ?? [],
  };
}

function printHuman(outcome: Outcome, exitCode: ExitCode, voice: Voice): void {
  if (outcome.output !== undefined) voice.out(outcome.output);
  for (const diagnostic of outcome.diagnostics)
    voice.err(`${humanDiagnostic(diagnostic, outcome.root, voice.colour.err)}\n`);
  if (voice.quiet) return;
  const written = (outcome.changes ?? []).filter(({ action }) => action !== 'keep' && action !== 'conflict');
  const print = outcome.output === undefined ? voice.out : voice.err;
  for (const change of written) print(humanChange(change, outcome.dryRun === true, voice.colour.out));
  if (exitCode !== 0) return;
  if (outcome.dryRun && written.length > 0)
    print(`Nothing was written: ${plural(written.length, 'file')} would change.\n`);
  if (outcome.summary !== undefined) print(`${outcome.summary}\n`);
  if (outcome.next?.length) print(`\nNext:\n${outcome.next.map((line) => `  ${line}\n`).join('')}`);
}

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** ``file:line:column error OG2003: message. hint: …``, then the line of the source with a mark, then the detail. */
export function humanDiagnostic(diagnostic: Diagnostic, root: string | undefined, colour: boolean): string {
  const { at, code, rule, severity, message, hint, detail } = diagnostic;
  const place = at ? `${at.file}:${at.line}:${at.column} ` : '';
  const name = `${paint(severity, severity === 'error' ? 'red' : 'yellow', colour)} ${code}${rule ? ` [${rule}]` : ''}`;
  const advice = hint ? `. ${paint('hint', 'cyan', colour)}: ${hint}` : '';
  const frame = at && root ? codeFrame(root, at, colour) : undefined;
  return [`${place}${name}: ${message}${advice}`, frame, detail?.trimEnd()].filter((part) => part).join('\n');
}

/** The line of the source and a caret; nothing if the file cannot be read or has been changed. */
function codeFrame(root: string, at: NonNullable<Diagnostic['at']>, colour: boolean): string | undefined {
  const line = readLines(join(root, at.file))?.[at.line - 1];
  if (line === undefined || line.trim() === '' || line.length > 200 || at.column > line.length + 1) return undefined;
  const number = String(at.line);
  const indent = line.slice(0, at.column - 1).replace(/[^\t]/g, ' ');
  return paint(`  ${number} | ${line}\n  ${' '.repeat(number.length)} | ${indent}^`, 'dim', colour);
}

function readLines(file: string): readonly string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    return undefined;
  }
}

const marks = { create: ['+', 'green'], update: ['~', 'yellow'], delete: ['-', 'red'] } as const;

function humanChange(change: Change, withDiff: boolean, colour: boolean): string {
  const [mark, ink] = marks[change.action as keyof typeof marks];
  const line = `${paint(`${mark} ${change.action}`, ink, colour)} ${change.path}\n`;
  return withDiff ? `${line}${unifiedDiff(change.path, change.before ?? '', change.after ?? '')}` : line;
}

const inks = { red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39], dim: [2, 22] } as const;

function paint(text: string, ink: keyof typeof inks, colour: boolean): string {
  const [on, off] = inks[ink];
  return colour ? `\x1b[${on}m${text}\x1b[${off}m` : text;
}
