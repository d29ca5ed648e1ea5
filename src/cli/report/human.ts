import type { Diagnostic } from '../../diagnostics.js';
import { unifiedDiff } from '../../emit/diff.js';
import type { Change } from '../../emit/plan.js';
import type { ExitCode, Outcome } from '../command.js';
import { plural } from './count.js';
import { codeFrame } from './frame.js';
import { paint } from './paint.js';
import { lineReader, type ReadLines } from './source.js';
import type { Voice } from './voice.js';

/**
 * What came of a command, for people. On a terminal each diagnostic has its source and its details below it; in a pipe it is one line, and the details
 * follow the last one.
 */
export function printHuman(outcome: Outcome, exitCode: ExitCode, voice: Voice): void {
  if (outcome.output !== undefined) voice.out(outcome.output);
  printDiagnostics(outcome, voice);
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

function printDiagnostics({ diagnostics, root }: Outcome, voice: Voice): void {
  const { width, colour } = voice;
  const read = lineReader(root);
  const shown = voice.quiet ? diagnostics.filter(({ severity }) => severity === 'error' || voice.strict) : diagnostics;
  for (const diagnostic of shown) {
    const look = width === undefined ? undefined : { read, width };
    voice.err(`${describe(diagnostic, colour.err, look)}\n`);
  }
  if (width !== undefined) return;
  for (const { detail } of shown) if (detail !== undefined) voice.err(`${detail.trimEnd()}\n`);
}

/** ``file:line:column error OG2003: message. hint: …``, then the line of the source with a caret, then the detail. */
export const humanDiagnostic = (diagnostic: Diagnostic, root: string | undefined, colour: boolean): string =>
  describe(diagnostic, colour, { read: lineReader(root), width: 200 });

/** One line, and with `look` what stands below it on a terminal. */
function describe(
  diagnostic: Diagnostic,
  colour: boolean,
  look?: { readonly read: ReadLines; readonly width: number },
): string {
  const { at, code, rule, severity, message, hint, detail } = diagnostic;
  const ink = severity === 'error' ? 'red' : 'yellow';
  const place = at ? `${at.file}:${at.line}:${at.column} ` : '';
  const name = `${paint(severity, ink, colour)} ${code}${rule ? ` [${rule}]` : ''}`;
  const advice = hint ? `. ${paint('hint', 'cyan', colour)}: ${oneLine(hint)}` : '';
  const line = `${place}${name}: ${oneLine(message)}${advice}`;
  if (!look) return line;
  const frame = at && codeFrame(look.read(at.file)?.[at.line - 1], at, { colour, width: look.width, ink });
  return [line, frame, detail?.trimEnd()].filter((part) => part).join('\n');
}

/** A name of the user's may have a line break in it, or control characters that a terminal would obey. */
export const oneLine = (text: string): string =>
  text
    .replace(/\s*[\r\n\u2028\u2029]\s*/g, ' ')
    .replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** The line of a diagnostic in a pipe. */
export const diagnosticLine = (diagnostic: Diagnostic): string => describe(diagnostic, false);

const marks = { create: ['+', 'green'], update: ['~', 'yellow'], delete: ['-', 'red'] } as const;

function humanChange(change: Change, withDiff: boolean, colour: boolean): string {
  const [mark, ink] = marks[change.action as keyof typeof marks];
  const line = `${paint(`${mark} ${change.action}`, ink, colour)} ${change.path}\n`;
  return withDiff ? `${line}${unifiedDiff(change.path, change.before ?? '', change.after ?? '')}` : line;
}
