import type { Diagnostic } from '../../diagnostics.js';
import type { Outcome } from '../command.js';
import { diagnosticLine, oneLine } from './human.js';
import { markdownSummary } from './markdown.js';
import { repositoryPath } from './place.js';
import type { Voice } from './voice.js';

/** GitHub shows so many of each severity for one step. */
const shownOfEach = 10;

/**
 * Annotations for GitHub Actions, those with a place first; what is more than GitHub shows follows as plain lines, and all of it goes to the summary of
 * the job. A command with data of its own leaves stdout to it.
 */
export function printGithub(command: string, outcome: Outcome, voice: Voice): void {
  const print = outcome.output === undefined ? voice.out : voice.err;
  if (outcome.output !== undefined) voice.out(outcome.output);
  const kinds = (['error', 'warning'] as const).map((severity) => mostRelevant(outcome.diagnostics, severity));
  for (const kind of kinds)
    for (const each of kind.slice(0, shownOfEach)) print(`${annotation(each, outcome, voice)}\n`);
  const rest = kinds.flatMap((kind) => kind.slice(shownOfEach));
  if (rest.length > 0) print(`${rest.length} more:\n${rest.map((each) => `${diagnosticLine(each)}\n`).join('')}`);
  if (outcome.diagnostics.length === 0 && !voice.quiet && outcome.summary) print(`${outcome.summary}\n`);
  if (outcome.diagnostics.length === 0) return;
  const problem = voice.summarize?.((bytes) => markdownSummary(command, outcome, bytes));
  if (problem) voice.err(`The summary of the job cannot be written (${problem}).\n`);
}

/** Findings in sources before the drift that follows from them, and what can be shown at its line before the rest. */
function mostRelevant(diagnostics: readonly Diagnostic[], wanted: Diagnostic['severity']): readonly Diagnostic[] {
  const rank = ({ at, code }: Diagnostic): number => (at ? 0 : 2) + (code.startsWith('OG4') ? 1 : 0);
  return diagnostics.filter(({ severity }) => severity === wanted).sort((a, b) => rank(a) - rank(b));
}

function annotation(diagnostic: Diagnostic, { root }: Outcome, { repository, cwd }: Voice): string {
  const { at, code, rule, severity, message, hint } = diagnostic;
  const file = at && repositoryPath(repository, root ?? cwd, at.file);
  const place = at && file !== undefined ? { file, line: at.line, col: at.column, endLine: at.line } : {};
  const properties = Object.entries({ ...place, title: rule ? `${code} [${rule}]` : code });
  const outside = at && file === undefined ? `${at.file}:${at.line}:${at.column} ` : '';
  const text = `${outside}${oneLine(message)}${hint ? `\nhint: ${oneLine(hint)}` : ''}`;
  return `::${severity} ${properties.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',')}::${escapeData(text)}`;
}

const escapeData = (text: string): string => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const escapeProperty = (text: string): string => escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
