import type { MarkerText } from '../markers/parse.js';
import { findTag } from '../markers/registry.js';
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
 * if it is a tag of opgen, behind white space. A value runs to the end of the line or to the next tag of opgen; a `@rule` goes on until its
 * braces balance. What follows another tool's tag belongs to it, up to the next blank line.
 */
export function readComment(sources: Sources, file: TypeScript.SourceFile, comment: Comment): CommentText {
  const markers: MarkerText[] = [];
  const lines: string[] = [];
  const inText: MarkerText[] = [];
  let foreignTag = false;
  for (const line of joinRules(commentLines(file.text, comment))) {
    const starts = markerStarts(line.text, comment.doc);
    const prose = line.text.slice(0, starts[0]).trimEnd();
    foreignTag &&= prose !== '';
    for (const { index } of prose.matchAll(/\s\+(kubebuilder|k8s|opgen|operator-sdk):/g)) {
      const at = sources.positionAt(file, line.offset + index + 1);
      inText.push({ text: prose.slice(index + 2), spelling: '+', at });
    }
    if (!foreignTag && (prose !== '' || starts.length === 0)) lines.push(prose);
    starts.forEach((start, index) => {
      const text = line.text.slice(start + 1, starts[index + 1]).trimEnd();
      const spelling = line.text[start] as '+' | '@';
      markers.push({ text, spelling, at: sources.positionAt(file, line.offset + start) });
      foreignTag = spelling === '@' && !isOwnTag(text);
    });
  }
  return { markers, lines, inText };
}

interface Line {
  readonly text: string;
  readonly offset: number;
}

/** The lines of a comment without its delimiters and ` * ` prefixes, each with its offset in the file. */
function commentLines(text: string, comment: Comment): readonly Line[] {
  const isBlock = text.startsWith('/*', comment.pos);
  const bodyStart = comment.pos + (comment.doc ? 3 : 2);
  const body = text.slice(bodyStart, isBlock ? comment.end - 2 : comment.end);
  let offset = bodyStart;
  return body.split('\n').map((raw, index) => {
    const prefix = (isBlock && index > 0 ? /^\s*\*? ?/ : /^ ?/).exec(raw)![0];
    const line = { text: raw.slice(prefix.length).replace(/\s+$/, ''), offset: offset + prefix.length };
    offset += raw.length + 1;
    return line;
  });
}

/** A `@rule` whose braces are still open takes in the lines that follow. */
function joinRules(lines: readonly Line[]): readonly Line[] {
  const joined: Line[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    const rule = last && /(^|\s)@rule\b.*$/s.exec(last.text)?.[0];
    if (!last || !rule || bracesBalance(rule)) joined.push(line);
    else joined.splice(-1, 1, { text: `${last.text}\n${line.text}`, offset: last.offset });
  }
  return joined;
}

/** Where the markers and tags of a line begin. */
function markerStarts(line: string, doc: boolean): readonly number[] {
  const first = line.length - line.trimStart().length;
  const isName = /[A-Za-z]/.test(line[first + 1] ?? '');
  if (line[first] === '+' && isName) return [first];
  if (!doc) return [];
  const starts = line[first] === '@' && isName ? [first] : [];
  for (const match of line.matchAll(/\s@(?=[A-Za-z])/g)) {
    const at = match.index + 1;
    const isQuoted = (line.slice(0, at).match(/"/g)?.length ?? 0) % 2 === 1;
    if (at > first && !isQuoted && isOwnTag(line.slice(at + 1))) starts.push(at);
  }
  return starts;
}

const isOwnTag = (text: string): boolean => {
  const name = /^[\w.:]+/.exec(text)?.[0] ?? '';
  return (
    /^(kubebuilder|k8s|opgen|operator-sdk):/.test(name) ||
    findTag(name.replace(/^((items|values)\.)+/, '')) !== undefined
  );
};

function bracesBalance(text: string): boolean {
  let depth = 0;
  let quote: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quote) {
      if (char === '\\') i++;
      else if (char === quote) quote = undefined;
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '{') depth++;
    else if (char === '}') depth--;
    if (depth === 0 && char === '}') return true;
  }
  return depth === 0;
}

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
