import { isOpen } from '../markers/braces.js';
import { isExampleBlock, type MarkerText } from '../markers/parse.js';
import { isTagOrSlip } from '../markers/slips.js';
import type { Sources, TypeScript } from './load.js';

/** A comment of a source file; `end` is the offset behind it. */
export interface Comment {
  readonly pos: number;
  readonly end: number;
  readonly doc: boolean;
}

/** What a comment says: markers and tags in order, and the prose that is left, line by line. */
export interface CommentText {
  readonly markers: readonly MarkerText[];
  readonly lines: readonly string[];
  /** What looks like a marker but stands behind text: it is text. */
  readonly inText: readonly MarkerText[];
  /** What begins a line as a tag of opgen's outside of a doc comment, or as a marker in a `/* *\/` block: it is text. */
  readonly outsideOfDoc: readonly MarkerText[];
}

/** The comments that belong to a node. */
export interface LeadingComments {
  /** The doc comment or the comment next to the node, and the block before it. */
  readonly own: readonly Comment[];
  /** The last doc comment of `own`: the description. */
  readonly doc?: Comment;
}

/**
 * The comments that belong to a declaration or member: its doc comment and the closest block before that. A comment behind other code belongs to
 * it if the node goes on in the same line: `{ /** … *\/ name: string }`.
 */
export function leadingComments({ ts }: Pick<Sources, 'ts'>, node: TypeScript.Node): LeadingComments {
  const { text } = node.getSourceFile();
  const start = node.getStart();
  const sameLine = (ts.getTrailingCommentRanges(text, node.getFullStart()) ?? []).filter(
    ({ end }) => !text.slice(end, start).includes('\n'),
  );
  const ranges = [...sameLine, ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [])];
  const distinct = [...new Map(ranges.map((range) => [range.pos, toComment(text, range)])).values()];
  const blocks = splitAtBlankLines(text, distinct);
  const last = blocks.at(-1)?.at(-1);
  const isNext = last && (last.doc || !isBlankLineBetween(text, last.end, start));
  const own = blocks.slice(isNext ? -2 : -1).flat();
  const doc = own.filter((comment) => comment.doc).at(-1);
  return doc ? { own, doc } : { own };
}

/** Doc comments behind a member, at the end of its line: readers may take them for its own, opgen does not. */
export function docsBehind({ ts }: Pick<Sources, 'ts'>, node: TypeScript.Node): readonly Comment[] {
  const { text } = node.getSourceFile();
  return (ts.getTrailingCommentRanges(text, node.end) ?? [])
    .filter(({ end }) => /^[^\S\n]*(\n|\}|$)/.test(text.slice(end, end + 200)))
    .map((range) => toComment(text, range))
    .filter((comment) => comment.doc);
}

const toComment = (text: string, range: { pos: number; end: number }): Comment => ({
  pos: range.pos,
  end: range.end,
  doc: text.startsWith('/**', range.pos) && range.end - range.pos > 4,
});

function splitAtBlankLines(text: string, comments: readonly Comment[]): readonly (readonly Comment[])[] {
  const blocks: Comment[][] = [];
  for (const comment of comments) {
    const previous = blocks.at(-1)?.at(-1);
    const apart = !previous || comment.doc || previous.doc || isBlankLineBetween(text, previous.end, comment.pos);
    if (apart) blocks.push([comment]);
    else blocks.at(-1)!.push(comment);
  }
  return blocks;
}

const isBlankLineBetween = (text: string, from: number, to: number): boolean =>
  /\n[^\S\n]*\r?\n/.test(text.slice(from, to));

/** Every comment of a file, in order: around each token, so that text in strings and templates is never taken for one. */
export function allComments(sources: Pick<Sources, 'ts'>, file: TypeScript.SourceFile): readonly Comment[] {
  const { ts } = sources;
  const found = new Map<number, Comment>();
  const add = (ranges: readonly TypeScript.CommentRange[] | undefined) => {
    for (const range of ranges ?? []) found.set(range.pos, toComment(file.text, range));
  };
  const visit = (node: TypeScript.Node): void => {
    const children = node.getChildren(file);
    for (const child of children) visit(child);
    if (children.length > 0 || ts.isJSDoc(node)) return;
    add(ts.getLeadingCommentRanges(file.text, node.pos));
    add(ts.getTrailingCommentRanges(file.text, node.end));
  };
  visit(file);
  return [...found.values()].sort((a, b) => a.pos - b.pos);
}

/**
 * Splits a comment into markers, tags and prose. `+name` counts at the start of a line; `@tag` in a doc comment at the start of a line or,
 * if it is a tag of opgen, behind white space. A value runs to the end of the line or to the next tag of opgen; the braces of `@rule`, `@default` and
 * `@example` may close in a later line. What follows another tool's tag belongs to it, up to the next blank line.
 */
export function readComment(sources: Sources, file: TypeScript.SourceFile, comment: Comment): CommentText {
  const markers: MarkerText[] = [];
  const lines: string[] = [];
  const inText: MarkerText[] = [];
  const at = (offset: number) => sources.positionAt(file, offset);
  const own = commentLines(file.text, comment);
  if (isPlainBlock(file.text, comment)) return { markers, lines, inText, outsideOfDoc: firstWords(own, /^[+@]/, at) };
  let foreignTag = false;
  let fenced = false;
  const all = comment.doc ? joinOpen(own) : own;
  for (const [place, line] of all.entries()) {
    const starts = fenced ? [] : markerStarts(line.text, comment.doc);
    const prose = line.text.slice(0, starts[0]).trimEnd();
    if (foreignTag && hasFence(prose)) fenced = !fenced && all.slice(place + 1).some((each) => hasFence(each.text));
    foreignTag &&= fenced || prose !== '';
    for (const { index } of line.text.matchAll(/\s\+(kubebuilder|k8s|opgen|operator-sdk):/g)) {
      if (index + 1 === starts[0] || isQuoted(line.text, index)) continue;
      inText.push({ text: line.text.slice(index + 2), spelling: '+', at: at(offsetIn(line, index + 1)) });
    }
    if (!foreignTag && (prose !== '' || starts.length === 0)) lines.push(prose);
    starts.forEach((start, index) => {
      const text = line.text.slice(start + 1, starts[index + 1]).trimEnd();
      const spelling = line.text[start] as '+' | '@';
      markers.push({ text, spelling, at: at(offsetIn(line, start)) });
      foreignTag = spelling === '@' && (!isOwnTag(text) || isExampleBlock(text));
      fenced = foreignTag && hasFence(text) && all.slice(place + 1).some((each) => hasFence(each.text));
    });
  }
  return { markers, lines, inText, outsideOfDoc: comment.doc ? [] : firstWords(own, /^@/, at) };
}

/** Whether a line begins or ends a fenced block of code. */
const hasFence = (text: string): boolean => (text.match(/```|~~~/g)?.length ?? 0) % 2 === 1;

/** Whether a place stands between quotation marks, or is a part of code in prose. */
function isQuoted(line: string, index: number): boolean {
  const [before, behind] = [line.slice(0, index), line.slice(index)];
  const isOpen = (mark: string): boolean => before.split(mark).length % 2 === 0;
  return isOpen('"') || (isOpen('`') && behind.includes('`'));
}

const isPlainBlock = (text: string, comment: Comment): boolean => !comment.doc && text.startsWith('/*', comment.pos);

/** Lines that begin as a marker of opgen's would. */
function firstWords(
  lines: readonly Line[],
  sign: RegExp,
  at: (offset: number) => MarkerText['at'],
): readonly MarkerText[] {
  return lines.flatMap(({ text, offset }) => {
    const start = text.length - text.trimStart().length;
    if (!sign.test(text.slice(start)) || !isOwnName(text.slice(start + 1))) return [];
    return [{ text: text.slice(start + 1), spelling: text[start] as '+' | '@', at: at(offset + start) }];
  });
}

const isOwnName = (text: string): boolean => isOwnTag(text) || /^(groupName|versionName)=/.test(text);

/** A line without what it is indented by, or several that are joined. */
interface Line {
  readonly text: string;
  readonly offset: number;
  /** The lines behind the first one: where they begin in the text and in the file. */
  readonly rest?: readonly { readonly start: number; readonly offset: number }[];
}

/** The place in the file of a place in the text. */
function offsetIn({ offset, rest = [] }: Line, index: number): number {
  const part = rest.findLast(({ start }) => start <= index) ?? { start: 0, offset };
  return part.offset + index - part.start;
}

/** The lines of a comment without its delimiters and ` * ` prefixes, each with its offset in the file. */
function commentLines(text: string, comment: Comment): readonly Line[] {
  const isBlock = text.startsWith('/*', comment.pos);
  const bodyStart = comment.pos + (comment.doc ? 3 : 2);
  const body = text.slice(bodyStart, isBlock ? comment.end - 2 : comment.end);
  let offset = bodyStart;
  return body.split('\n').map((raw, index) => {
    const prefix = (isBlock && index > 0 ? /^\s*\*? ?/ : /^ ?/).exec(raw)![0];
    const line = { text: raw.slice(prefix.length).trimEnd(), offset: offset + prefix.length };
    offset += raw.length + 1;
    return line;
  });
}

/** A tag whose braces are still open takes in the lines that follow, up to one that begins with another tag. */
function joinOpen(lines: readonly Line[]): readonly Line[] {
  const joined: Line[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    if (!last || /^\s*@[A-Za-z]/.test(line.text) || !isOpen(last.text)) joined.push(line);
    else joined.splice(-1, 1, join(last, line));
  }
  return joined;
}

const join = (line: Line, next: Line): Line => ({
  text: `${line.text}\n${next.text}`,
  offset: line.offset,
  rest: [...(line.rest ?? []), { start: line.text.length + 1, offset: next.offset }],
});

/** Where the markers and tags of a line begin. */
function markerStarts(line: string, doc: boolean): readonly number[] {
  const first = line.length - line.trimStart().length;
  const isName = /[A-Za-z]/.test(line[first + 1] ?? '');
  if (line[first] === '+' && isName) return [first];
  if (!doc) return [];
  const starts = line[first] === '@' && isName ? [first] : [];
  for (const match of line.matchAll(/\s@(?=[A-Za-z])/g)) {
    const at = match.index + 1;
    if (at > first && !isQuoted(line, at) && isOwnTag(line.slice(at + 1))) starts.push(at);
  }
  return starts;
}

const isOwnTag = (text: string): boolean => {
  const name = /^[\w.:]+/.exec(text)?.[0] ?? '';
  return /^(kubebuilder|k8s|opgen|operator-sdk):/.test(name) || isTagOrSlip(name.replace(/^((items|values)\.)+/, ''));
};

/**
 * The description that is left of a comment: as controller-gen does, a line that starts with `TODO` is dropped and a line that starts with
 * `---` cuts the rest, but not inside of fenced blocks; runs of blank lines collapse.
 */
export function description(lines: readonly string[]): string | undefined {
  const kept: string[] = [];
  let fenced = false;
  for (const line of lines) {
    if (/^(```|~~~)/.test(line.trim())) fenced = !fenced;
    if (!fenced && line.startsWith('---')) break;
    if (!fenced && line.startsWith('TODO')) continue;
    if (line === '' && (kept.length === 0 || kept.at(-1) === '')) continue;
    kept.push(line);
  }
  return kept.join('\n').trim() || undefined;
}
