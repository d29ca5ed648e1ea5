import type { Diagnostic } from '../../diagnostics.js';
import type { Outcome } from '../command.js';
import { countText } from './count.js';
import { oneLine } from './human.js';

/** The diagnostics as Markdown of at most so many bytes: a table, then the details; what has no room is counted. */
export function markdownSummary(command: string, { diagnostics }: Outcome, bytes: number): string {
  const head = `### opgen ${command}: ${countText(diagnostics)}\n\n| severity | code | place | message |\n|---|---|---|---|\n`;
  const reserve = 200;
  let text = head;
  let left = bytes - Buffer.byteLength(head) - reserve;
  let missing = 0;
  const add = (part: string): void => {
    left -= Buffer.byteLength(part);
    if (left >= 0) text += part;
    else missing++;
  };
  for (const diagnostic of diagnostics) add(row(diagnostic));
  const blocks = diagnostics.flatMap(({ detail }) => (detail === undefined ? [] : [block(detail)]));
  for (const [index, each] of blocks.entries()) add(index === 0 ? `\n${each}` : each);
  if (missing > 0) text += `\n${missing} more did not fit.\n`;
  return Buffer.byteLength(text) < bytes ? `${text.trimEnd()}\n\n` : '';
}

function row({ severity, code, rule, at, message, hint }: Diagnostic): string {
  const place = at ? cell(`${at.file}:${at.line}:${at.column}`) : '';
  const advice = hint ? `<br>hint: ${cell(hint)}` : '';
  return `| ${severity} | ${code}${rule ? ` (${cell(rule)})` : ''} | ${place} | ${cell(message)}${advice} |\n`;
}

/** What stands in backticks is code; elsewhere a `<` would begin a tag. */
const cell = (text: string): string =>
  oneLine(text)
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/[<&*_[\]\\]/g, (char) => `\\${char}`)))
    .join('')
    .replace(/\|/g, '\\|');

/** A fence that is longer than any in the text. */
function block(detail: string): string {
  const longest = Math.max(2, ...[...detail.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${/^(---|@@) /m.test(detail) ? 'diff' : ''}\n${detail.trimEnd()}\n${fence}\n\n`;
}
