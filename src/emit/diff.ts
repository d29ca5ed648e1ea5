/** From these lines on, two middle parts count as wholly different: the search is quadratic in their differences. */
const maxEdits = 2000;

const maxDetailLines = 200;

type Op = ' ' | '-' | '+';

interface Line {
  readonly op: Op;
  readonly text: string;
}

/** The difference as `diff -u` prints it, with `path` on both sides; empty for equal texts. */
export function unifiedDiff(path: string, before: string, after: string, context = 3): string {
  if (before === after) return '';
  const lines = compare(splitLines(before), splitLines(after));
  return `--- a/${path}\n+++ b/${path}\n${formatHunks(lines, context)}`;
}

/** `unifiedDiff` for people: cut off after 200 lines, with a last line that says how many follow. */
export function shortDiff(path: string, before: string, after: string): string {
  const lines = unifiedDiff(path, before, after).split('\n');
  const rest = lines.length - 1 - maxDetailLines;
  return rest > 0 ? `${lines.slice(0, maxDetailLines).join('\n')}\n… ${rest} more lines\n` : lines.join('\n');
}

/** Each line with its line end, so that a missing one at the end of the file is a difference. */
function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const middle = compareMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return [...marked(' ', before.slice(0, start)), ...middle, ...marked(' ', before.slice(before.length - end))];
}

const marked = (op: Op, texts: readonly string[]): readonly Line[] => texts.map((text) => ({ op, text }));

function compareMiddle(before: readonly string[], after: readonly string[]): readonly Line[] {
  const trace = before.length === 0 || after.length === 0 ? undefined : search(numbered(before, after));
  return trace ? backtrack(trace, before, after) : [...marked('-', before), ...marked('+', after)];
}

interface Numbered {
  readonly before: Int32Array;
  readonly after: Int32Array;
}

/** Equal lines get equal numbers: they are compared often. */
function numbered(before: readonly string[], after: readonly string[]): Numbered {
  const numbers = new Map<string, number>();
  const numberOf = (line: string): number => {
    const known = numbers.get(line);
    if (known === undefined) numbers.set(line, numbers.size);
    return known ?? numbers.size - 1;
  };
  return { before: Int32Array.from(before, numberOf), after: Int32Array.from(after, numberOf) };
}

/**
 * Myers' greedy search. Entry d of the trace has, for each diagonal k of -d … d at index k + d, how far d edits reach in
 * `before`; undefined: more than `maxEdits` are needed.
 */
function search({ before, after }: Numbered): readonly Int32Array[] | undefined {
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= Math.min(maxEdits, before.length + after.length); edits++) {
    const previous = trace.at(-1);
    const reach = new Int32Array(2 * edits + 1);
    for (let k = -edits; k <= edits; k += 2) {
      let x = previous ? startOf(previous, edits, k) : 0;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x++;
      reach[k + edits] = x;
      if (x >= before.length && x - k >= after.length) return [...trace, reach];
    }
    trace.push(reach);
  }
  return undefined;
}

/** Where edit number `edits` leaves off on diagonal k: below the diagonal above it, or to the right of the one below it. */
function startOf(previous: Int32Array, edits: number, k: number): number {
  return goesDown(previous, edits, k) ? previous[k + edits]! : previous[k + edits - 2]! + 1;
}

function goesDown(previous: Int32Array, edits: number, k: number): boolean {
  return k === -edits || (k !== edits && previous[k + edits - 2]! < previous[k + edits]!);
}

function backtrack(trace: readonly Int32Array[], before: readonly string[], after: readonly string[]): readonly Line[] {
  const lines: Line[] = [];
  let x = before.length;
  let y = after.length;
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const previous = trace[edits - 1]!;
    const k = x - y;
    const down = goesDown(previous, edits, k);
    const start = startOf(previous, edits, k);
    for (; x > start; x--, y--) lines.push({ op: ' ', text: before[x - 1]! });
    if (down) lines.push({ op: '+', text: after[--y]! });
    else lines.push({ op: '-', text: before[--x]! });
  }
  for (; x > 0; x--) lines.push({ op: ' ', text: before[x - 1]! });
  return lines.reverse();
}

function formatHunks(lines: readonly Line[], context: number): string {
  let hunks = '';
  let position = { before: 0, after: 0, index: 0 };
  for (const [from, to] of hunkRanges(lines, context)) {
    position = advance(position, lines.slice(position.index, from));
    const end = advance(position, lines.slice(from, to));
    const sides = [`-${side(position.before, end.before)}`, `+${side(position.after, end.after)}`];
    hunks += `@@ ${sides.join(' ')} @@\n${lines.slice(from, to).map(formatLine).join('')}`;
    position = end;
  }
  return hunks;
}

/** Half-open ranges of lines; neighbours whose contexts touch are one. */
function hunkRanges(lines: readonly Line[], context: number): readonly (readonly [from: number, to: number])[] {
  const ranges: [number, number][] = [];
  for (const [index, { op }] of lines.entries()) {
    if (op === ' ') continue;
    const last = ranges.at(-1);
    const to = Math.min(lines.length, index + 1 + context);
    if (last && last[1] >= index - context) last[1] = to;
    else ranges.push([Math.max(0, index - context), to]);
  }
  return ranges;
}

function advance(position: { before: number; after: number; index: number }, lines: readonly Line[]): typeof position {
  const count = (op: Op) => lines.filter((line) => line.op !== op).length;
  return {
    before: position.before + count('+'),
    after: position.after + count('-'),
    index: position.index + lines.length,
  };
}

/** `start,count`; a side without lines names the line before it, and a count of one is left out. */
function side(from: number, to: number): string {
  if (to - from === 1) return String(to);
  return `${to === from ? from : from + 1},${to - from}`;
}

function formatLine({ op, text }: Line): string {
  return text.endsWith('\n') ? op + text : `${op}${text}\n\\ No newline at end of file\n`;
}
