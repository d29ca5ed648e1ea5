import { type Document, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLSeq } from 'yaml';
import type { Diagnostic } from '../diagnostics.js';
import { yaml } from './encode.js';
import { findAnchors, lineBreak } from './insert.js';

type Path = readonly string[];

/**
 * `before` with `item` in the list at `path`, such as `['resources']` of a kustomization: in front of the first anchor below the
 * list's key, or else as the last element. Comments, order and the rest of the text stay; a text that has the item comes back as it is.
 */
export function addToList(before: string, path: Path, item: string, file: string): string | Diagnostic {
  const document = parseDocument(before, { prettyErrors: false, logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined) return unreadable(error.message, before.slice(0, error.pos[0]), file);
  if (hasItem(document, path, item)) return before;
  if (!canHold(document, path)) return noList(path, item, file);
  const after = splice(before, document, path, item);
  return hasItem(parseDocument(after, { logLevel: 'error' }), path, item)
    ? after
    : rewrite(before, document, path, item);
}

function hasItem(document: Document.Parsed, path: Path, item: string): boolean {
  const list = document.errors.length === 0 ? document.getIn(path, true) : undefined;
  return isSeq(list) && list.items.some((each) => isScalar(each) && each.value === item);
}

/** Whether the path ends in a list, or in nothing, which can become one. */
function canHold(document: Document, path: Path): boolean {
  const parents = path.map((_, length) => document.getIn(path.slice(0, length), true));
  const list = document.getIn(path, true);
  return parents.every((each) => isEmpty(each) || isMap(each)) && (isEmpty(list) || isSeq(list));
}

const isEmpty = (node: unknown): boolean =>
  node === undefined || node === null || (isScalar(node) && node.value === null);

function splice(text: string, document: Document.Parsed, path: Path, item: string): string {
  const place = find(document, path, text.length);
  const eol = lineBreak(text);
  if (place === undefined) {
    const start = text === '' || text.endsWith('\n') ? text : text + eol;
    return path.length > 1 ? text : `${start}${path[0]}:${eol}- ${yaml(item)}${eol}`;
  }
  const list = document.getIn(path, true);
  if (!isSeq(list) || list.items.length === 0) return fill(text, place, `- ${yaml(item)}${eol}`);
  const end = endOf(list.items.at(-1) as Node);
  if (list.flow) return `${text.slice(0, end)}, ${yaml(item)}${text.slice(end)}`;
  return insertLine(text, { from: end, to: place.end }, `${indentation(text, startOf(list))}- ${yaml(item)}${eol}`);
}

interface Place {
  readonly pair: Pair;
  /** Where the next key begins. */
  readonly end: number;
}

function find(document: Document, path: Path, length: number): Place | undefined {
  let node: unknown = document.contents;
  let place: Place | undefined;
  for (const key of path) {
    const pairs = isMap(node) ? node.items : [];
    const index = pairs.findIndex((pair) => isScalar(pair.key) && pair.key.value === key);
    if (index < 0) return undefined;
    const next = pairs[index + 1];
    place = { pair: pairs[index]!, end: next === undefined ? (place?.end ?? length) : startOf(next.key as Node) };
    node = place.pair.value;
  }
  return place;
}

/** The first line of a list whose value is missing, `null` or `[]`. */
function fill(text: string, { pair, end }: Place, line: string): string {
  const key = startOf(pair.key as Node);
  const [from, to] = (pair.value as Node | null)?.range ?? [key, key];
  const rest = from === to ? text : text.slice(0, from).trimEnd() + text.slice(to);
  return insertLine(rest, { from: key, to: end - (text.length - rest.length) }, indentation(text, key) + line);
}

/** Puts the line in front of the first anchor that begins between the two offsets, or else below the line of the first. */
function insertLine(text: string, { from, to }: { from: number; to: number }, line: string): string {
  const anchor = findAnchors(text).find((each) => each.offset >= from && each.offset < to);
  const below = text[from - 1] === '\n' ? from : text.indexOf('\n', from) + 1;
  const at = anchor?.offset ?? below;
  if (at > 0) return text.slice(0, at) + line + text.slice(at);
  return `${text}${line.endsWith('\r\n') ? '\r\n' : '\n'}${line}`;
}

/** The whole text anew, where its form leaves no place for a line. */
function rewrite(text: string, document: Document, path: Path, item: string): string {
  const list = document.getIn(path, true);
  if (isSeq(list)) (list as YAMLSeq).add(item);
  else document.setIn(path, [item]);
  const after = document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false });
  return after.replaceAll(/\r?\n/g, lineBreak(text));
}

const startOf = (node: Node): number => node.range![0];
const endOf = (node: Node): number => node.range![1];

function indentation(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))![0];
}

function unreadable(message: string, before: string, file: string): Diagnostic {
  const lines = before.split('\n');
  return {
    code: 'OG4006',
    severity: 'error',
    message: `\`${file}\` must be YAML, but: ${message.split('\n')[0]}`,
    at: { file, line: lines.length, column: lines.at(-1)!.length + 1 },
    hint: 'correct the syntax',
  };
}

function noList(path: Path, item: string, file: string): Diagnostic {
  const name = path.join('.');
  return {
    code: 'OG4008',
    severity: 'error',
    message: `\`${name}\` in \`${file}\` must be a list, but is something else`,
    at: { file, line: 1, column: 1 },
    hint: `make \`${name}\` a list with the line below`,
    detail: `- ${yaml(item)}`,
  };
}
