import { type Ink, paint } from './paint.js';

/** How a code frame looks: `width` is that of the terminal, in cells. */
export interface FrameLook {
  readonly colour: boolean;
  readonly width: number;
  readonly ink: Ink;
}

/** What stands in one place of a line: its text as it is shown, how many cells that takes, and where it ends in the line. */
interface Cell {
  readonly text: string;
  readonly width: number;
  readonly end: number;
}

const tabWidth = 4;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A line of a source with its number, and a caret below the column, which counts UTF-16 units from 1. A line that is wider than the terminal is cut
 * around the caret. Nothing for a blank line, or if the line has no such column: the file is another one by now.
 */
export function codeFrame(
  line: string | undefined,
  at: { readonly line: number; readonly column: number },
  { colour, width, ink }: FrameLook,
): string | undefined {
  if (line === undefined || line.trim() === '' || at.column > line.length + 1) return undefined;
  const number = String(at.line);
  const shown = cut(cellsOf(line), at.column - 1, Math.max(20, width - number.length - 5));
  const gutter = (text: string): string => paint(`  ${text} |`, 'dim', colour);
  return [
    `${gutter(number)} ${shown.text}`,
    `${gutter(' '.repeat(number.length))} ${' '.repeat(shown.indent)}${paint('^', ink, colour)}`,
  ].join('\n');
}

function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (const { segment, index } of graphemes.segment(line)) {
    const text =
      segment === '\t' ? ' '.repeat(tabWidth - (column % tabWidth)) : segment.replace(/[\x00-\x1f\x7f-\x9f]/g, '�');
    const width = segment === '\t' ? text.length : widthOf(text);
    cells.push({ text, width, end: index + segment.length });
    column += width;
  }
  return cells;
}

const wide =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;

/** Of one character as a reader sees it. */
function widthOf(text: string): number {
  if (/^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(text)) return 0;
  return wide.test(text) ? 2 : 1;
}

/** The part of a line around an offset that fits into `room` cells, and how many cells stand before the offset. */
function cut(cells: readonly Cell[], offset: number, room: number): { text: string; indent: number } {
  const found = cells.findIndex(({ end }) => offset < end);
  const place = found < 0 ? cells.length : found;
  const width = (from: number, to: number): number => cells.slice(from, to).reduce((sum, cell) => sum + cell.width, 0);
  const text = (from: number, to: number): string =>
    cells
      .slice(from, to)
      .map((cell) => cell.text)
      .join('');
  if (width(0, cells.length) <= room) return { text: text(0, cells.length), indent: width(0, place) };
  const { from, to } = around(cells, place, room - 2);
  const [before, after] = [from > 0 ? '…' : '', to < cells.length ? '…' : ''];
  return { text: before + text(from, to) + after, indent: before.length + width(from, place) };
}

/** The cells that fit: up to half of the room before the place, then what follows, then more before it. */
function around(cells: readonly Cell[], place: number, room: number): { from: number; to: number } {
  let [from, to] = [place, place];
  let used = 0;
  const before = (limit: number): void => {
    for (; from > 0 && used + cells[from - 1]!.width <= limit; from--) used += cells[from - 1]!.width;
  };
  before(room / 2);
  for (; to < cells.length && used + cells[to]!.width <= room; to++) used += cells[to]!.width;
  before(room);
  return { from, to };
}
