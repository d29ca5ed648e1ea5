import { codes, type Diagnostic, sortDiagnostics } from '../diagnostics.js';
import type { ExitCode, Outcome } from './command.js';
import { printGithub } from './report/github.js';
import { printHuman } from './report/human.js';
import { toJson } from './report/json.js';
import { toSarif } from './report/sarif.js';
import type { Voice } from './report/voice.js';

export { plural } from './report/count.js';
export { humanDiagnostic } from './report/human.js';

/**
 * Prints the outcome of a command, data to stdout and messages to stderr, and gives the exit code that follows from it. Diagnostics come in the order of
 * their places, each once.
 */
export function report(command: string, outcome: Outcome, voice: Voice): ExitCode {
  const sorted = { ...outcome, diagnostics: distinct(sortDiagnostics(outcome.diagnostics)) };
  const exitCode = exitCodeOf(sorted.diagnostics, voice.strict);
  reportAs(command, sorted, exitCode, voice);
  return exitCode;
}

function reportAs(command: string, outcome: Outcome, exitCode: ExitCode, voice: Voice): void {
  const data = (value: object): void => voice.out(`${JSON.stringify(value, null, 2)}\n`);
  if (voice.format === 'json') data(toJson(command, outcome, exitCode, voice.cwd));
  else if (voice.format === 'sarif') data(toSarif(command, outcome, exitCode, voice));
  else if (voice.format === 'github') printGithub(command, outcome, voice);
  else printHuman(outcome, exitCode, voice);
}

/** The worst of the errors decides: usage before findings; warnings count with `--strict` only. */
function exitCodeOf(diagnostics: readonly Diagnostic[], strict: boolean): ExitCode {
  const errors = diagnostics.filter((each) => each.severity === 'error');
  const exits = errors.map((each) => (codes as Record<string, { exit: 1 | 2 }>)[each.code]?.exit ?? 1);
  if (exits.length > 0) return Math.max(...exits) as ExitCode;
  return strict && diagnostics.length > 0 ? 1 : 0;
}

function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((each) => [JSON.stringify(each), each])).values()];
}
