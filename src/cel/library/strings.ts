import type { List, Value } from '../value.js';
import { EvaluationError, list } from '../value.js';
import { formatText } from './formatting.js';
import type { CelFunction } from './function.js';
import { global, member, overload } from './function.js';

const points = (text: string): readonly string[] => [...text];

function outOfRange(index: bigint): never {
  throw new EvaluationError(`index out of range: ${index}`);
}

function charAt(text: string, index: bigint): string {
  const chars = points(text);
  if (index < 0n || index > BigInt(chars.length)) outOfRange(index);
  return chars[Number(index)] ?? '';
}

function indexOf(text: string, part: string, from: bigint): bigint {
  if (part === '') return from;
  if (from < 0n) outOfRange(from);
  const [chars, wanted] = [points(text), points(part)];
  for (let at = Number(from); at + wanted.length <= chars.length; at++) {
    if (wanted.every((char, index) => chars[at + index] === char)) return BigInt(at);
  }
  return -1n;
}

function lastIndexOf(text: string, part: string, from: bigint): bigint {
  if (part === '') return from;
  if (from < 0n) outOfRange(from);
  const [chars, wanted] = [points(text), points(part)];
  if (from >= BigInt(chars.length)) return -1n;
  for (let at = Math.min(Number(from), chars.length - wanted.length); at >= 0; at--) {
    if (wanted.every((char, index) => chars[at + index] === char)) return BigInt(at);
  }
  return -1n;
}

const lastOf = (text: string, part: string): bigint => {
  const length = points(text).length;
  if (part === '') return BigInt(length);
  return length === 0 ? -1n : lastIndexOf(text, part, BigInt(length - 1));
};

function substring(text: string, start: bigint, end: bigint | undefined): string {
  const chars = points(text);
  const to = end ?? BigInt(chars.length);
  if (end !== undefined && start > end) {
    throw new EvaluationError(`invalid substring range. start: ${start}, end: ${end}`);
  }
  if (start < 0n || start > BigInt(chars.length)) outOfRange(start);
  if (to < 0n || to > BigInt(chars.length)) outOfRange(to);
  return chars.slice(Number(start), Number(to)).join('');
}

/** With a limit below zero, all; an empty part stands before every character and at the end. */
function replace(text: string, part: string, by: string, limit: bigint): string {
  const count = limit < 0n ? Number.POSITIVE_INFINITY : Number(limit);
  if (part === '') return insertBetween(points(text), by, count);
  const pieces = text.split(part);
  const kept = Math.min(count, pieces.length - 1);
  return pieces.slice(1).reduce((sum, piece, index) => `${sum}${index < kept ? by : part}${piece}`, pieces[0]!);
}

function insertBetween(chars: readonly string[], by: string, count: number): string {
  return [...chars, ''].map((char, index) => `${index < count ? by : ''}${char}`).join('');
}

/** At most `limit` pieces, the last of which holds the rest; all with a limit below zero. */
function split(text: string, separator: string, limit: bigint): readonly string[] {
  if (limit === 0n) return [];
  const pieces = separator === '' ? points(text) : text.split(separator);
  const most = limit < 0n ? pieces.length : Number(limit);
  if (pieces.length <= most) return pieces;
  return [...pieces.slice(0, most - 1), pieces.slice(most - 1).join(separator)];
}

function join({ items }: List, separator: string): string {
  const text = items.map((each) => {
    if (typeof each !== 'string') throw new EvaluationError(`join: invalid input: ${String(each)}`);
    return each;
  });
  return text.join(separator);
}

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const quote = (text: string): string =>
  `"${points(text)
    .map((char) => escapes[char] ?? char)
    .join('')}"`;

const lowerAscii = (text: string): string => text.replace(/[A-Z]/g, (char) => char.toLowerCase());
const upperAscii = (text: string): string => text.replace(/[a-z]/g, (char) => char.toUpperCase());

/** White space of Unicode as Go has it: without the byte order mark, with the next-line character. */
const trim = (text: string): string => text.replace(/^[\p{White_Space}]+|[\p{White_Space}]+$/gu, '');

/** The extended functions of strings. */
export const strings: readonly CelFunction[] = [
  member(
    '1.23',
    'charAt',
    overload<[string, bigint]>(['string', 'int'], ([text, index]) => charAt(text, index)),
  ),
  member(
    '1.23',
    'indexOf',
    overload<[string, string]>(['string', 'string'], ([text, part]) => indexOf(text, part, 0n)),
    overload<[string, string, bigint]>(['string', 'string', 'int'], (args) => indexOf(...args)),
  ),
  member(
    '1.23',
    'lastIndexOf',
    overload<[string, string]>(['string', 'string'], ([text, part]) => lastOf(text, part)),
    overload<[string, string, bigint]>(['string', 'string', 'int'], (args) => lastIndexOf(...args)),
  ),
  member(
    '1.23',
    'lowerAscii',
    overload<[string]>(['string'], ([text]) => lowerAscii(text)),
  ),
  member(
    '1.23',
    'upperAscii',
    overload<[string]>(['string'], ([text]) => upperAscii(text)),
  ),
  member(
    '1.23',
    'trim',
    overload<[string]>(['string'], ([text]) => trim(text)),
  ),
  member(
    '1.23',
    'replace',
    overload<[string, string, string]>(['string', 'string', 'string'], ([text, part, by], spend) => {
      spend((text.length * (by.length + 1)) / 10);
      return replace(text, part, by, -1n);
    }),
    overload<[string, string, string, bigint]>(
      ['string', 'string', 'string', 'int'],
      ([text, part, by, limit], spend) => {
        spend((text.length * (by.length + 1)) / 10);
        return replace(text, part, by, limit);
      },
    ),
  ),
  member(
    '1.23',
    'split',
    overload<[string, string]>(['string', 'string'], ([text, separator], spend) => {
      spend(text.length / 10);
      return list(split(text, separator, -1n));
    }),
    overload<[string, string, bigint]>(['string', 'string', 'int'], ([text, separator, limit], spend) => {
      spend(text.length / 10);
      return list(split(text, separator, limit));
    }),
  ),
  member(
    '1.23',
    'substring',
    overload<[string, bigint]>(['string', 'int'], ([text, start]) => substring(text, start, undefined)),
    overload<[string, bigint, bigint]>(['string', 'int', 'int'], (args) => substring(...args)),
  ),
  member(
    '1.23',
    'join',
    overload<[List]>(['list'], ([items]) => join(items, '')),
    overload<[List, string]>(['list', 'string'], (args) => join(...args)),
  ),
  member(
    '1.29',
    'format',
    overload<[string, List]>(['string', 'list'], ([text, { items }]): Value => formatText(text, items)),
  ),
  global(
    '1.29',
    'strings.quote',
    overload<[string]>(['string'], ([text]) => quote(text)),
  ),
];
