import type { Json } from '../ir/schema.js';

/** A place in the text of a marker's arguments. */
export interface Cursor {
  readonly text: string;
  pos: number;
}

/** `<marker> expects <expected>, but <got>`; `meant`: the word that is near to what was typed. */
export interface Failure {
  readonly expected: string;
  readonly got: string;
  readonly offset: number;
  readonly meant?: string;
}

/** A value; `doubts`: what its text says in a way that hardly anybody means. */
export type Read<V> = { readonly value: V; readonly doubts?: readonly Failure[] } | Failure;

/** Takes a value off the text; `legacy`: a list may be spelt `a;b` here, which it may not be as an element of another list. */
export type Reader<V> = (cursor: Cursor, legacy?: boolean) => Read<V>;

export const failed = (read: Read<unknown>): read is Failure => 'expected' in read;

/** A failure at the next token of the text. */
export function failure(cursor: Cursor, expected: string): Failure {
  const next = peek(cursor);
  const rest = cursor.text.slice(cursor.pos).trimEnd();
  return { expected, got: next === '' ? 'the text ends' : `got \`${shorten(rest)}\``, offset: cursor.pos };
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

/** The next character that is not white space, or the empty string at the end. */
export function peek(cursor: Cursor): string {
  while (/\s/.test(cursor.text[cursor.pos] ?? '')) cursor.pos++;
  return cursor.text[cursor.pos] ?? '';
}

export function skip(cursor: Cursor, char: string): boolean {
  if (peek(cursor) !== char) return false;
  cursor.pos++;
  return true;
}

const delimiters = ',;}';

/** `"…"` with Go's escapes, `` `…` `` as it stands, or bare text up to a delimiter with the white space around it removed. */
export const readString: Reader<string> = (cursor) => readText(cursor, delimiters);

function readText(cursor: Cursor, stops: string): Read<string> {
  const quote = peek(cursor);
  if (quote === '"') return readQuoted(cursor);
  if (quote !== '`') return readBare(cursor, stops);
  const end = literalEnd(cursor.text, cursor.pos);
  if (end === undefined) return unterminated(cursor, cursor.pos);
  const value = cursor.text.slice(cursor.pos + 1, end - 1);
  cursor.pos = end;
  return { value };
}

/** Bare text; a quoted part inside of it protects its delimiters and keeps its quotes. */
function readBare(cursor: Cursor, stops = delimiters): Read<string> {
  peek(cursor);
  const start = cursor.pos;
  let end = start;
  while (end < cursor.text.length && !stops.includes(cursor.text[end]!)) {
    const next = isQuote(cursor.text[end]!) ? literalEnd(cursor.text, end) : end + 1;
    if (next === undefined) return unterminated(cursor, end);
    end = next;
  }
  cursor.pos = end;
  return { value: cursor.text.slice(start, end).trim() };
}

const isQuote = (char: string): boolean => char === '"' || char === '`';

/** The offset behind the literal that starts at `start`, if it is closed. */
function literalEnd(text: string, start: number): number | undefined {
  const quote = text[start];
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === quote) return i + 1;
    if (quote === '"' && text[i] === '\\') i++;
  }
  return undefined;
}

function unterminated(cursor: Cursor, offset: number): Failure {
  return { expected: `a closing ${cursor.text[offset] === '"' ? '`"`' : 'backquote'}`, got: 'the text ends', offset };
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

const codeEscape = /x([0-9A-Fa-f]{2})|([0-7]{3})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})/y;

function readQuoted(cursor: Cursor): Read<string> {
  const end = literalEnd(cursor.text, cursor.pos);
  if (end === undefined) return unterminated(cursor, cursor.pos);
  let value = '';
  for (let i = cursor.pos + 1; i < end - 1; i++) {
    if (cursor.text[i] !== '\\') {
      value += cursor.text[i];
      continue;
    }
    const escaped = readEscape(cursor.text, i + 1);
    if (!escaped)
      return {
        expected: 'an escape of Go in a quoted string',
        got: `got \`${cursor.text.slice(i, i + 2)}\``,
        offset: i,
      };
    value += escaped.value;
    i += escaped.length;
  }
  cursor.pos = end;
  return { value };
}

/** Bytes beyond ASCII, which Go allows as `\xHH`, need `\u` here: a JavaScript string holds no bytes. */
function readEscape(text: string, at: number): { readonly value: string; readonly length: number } | undefined {
  const simple = simpleEscapes[text[at]!];
  if (simple !== undefined) return { value: simple, length: 1 };
  codeEscape.lastIndex = at;
  const match = codeEscape.exec(text);
  if (!match) return undefined;
  const [all, hex, octal, short, long] = match;
  const code = octal === undefined ? Number.parseInt((hex ?? short ?? long)!, 16) : Number.parseInt(octal, 8);
  const limit = short === undefined && long === undefined ? 0x7f : 0x10ffff;
  return code <= limit ? { value: String.fromCodePoint(code), length: all.length } : undefined;
}

const decimalInteger = /^[+-]?\d+$/;
const decimalNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** Integers of Go that are no decimal ones. */
const otherInteger = /^-?(0[xX][\dA-Fa-f_]+|0[oO][0-7_]+|0[bB][01_]+|\d+(_\d+)+)$/;

export const readInteger: Reader<number> = (cursor) =>
  readWord(cursor, 'an integer', (word) => (decimalInteger.test(word) ? safeInteger(word) : undefined));

export const readNumber: Reader<number> = (cursor) =>
  readWord(cursor, 'a number', (word) => {
    if (decimalInteger.test(word)) return safeInteger(word);
    return decimalNumber.test(word) && Number.isFinite(Number(word)) ? plain(Number(word)) : undefined;
  });

export const readBoolean: Reader<boolean> = (cursor) =>
  readWord(cursor, '`true` or `false`', (word) => (word === 'true' ? true : word === 'false' ? false : undefined));

/** Integers beyond 53 bits would change silently. */
const safeInteger = (word: string): number | undefined =>
  Number.isSafeInteger(Number(word)) ? plain(Number(word)) : undefined;

/** Without the sign of zero, which JSON does not keep. */
const plain = (value: number): number => (value === 0 ? 0 : value);

function readWord<V>(cursor: Cursor, expected: string, convert: (word: string) => V | undefined): Read<V> {
  peek(cursor);
  const start = cursor.pos;
  const word = readBare(cursor);
  if (failed(word)) return word;
  const value = convert(word.value);
  if (value !== undefined) return { value };
  const got = word.value === '' ? 'there is none' : `got \`${shorten(word.value)}\``;
  const isTooLong = decimalInteger.test(word.value) && safeInteger(word.value) === undefined;
  return { expected, got: isTooLong ? `${got}, which has more digits than a number keeps` : got, offset: start };
}

/** `{a, b}`, or `a;b` where no list is around it. */
export const listOf =
  <V>(item: Reader<V>): Reader<readonly V[]> =>
  (cursor) =>
    peek(cursor) === '{' ? readBraced(cursor, item) : readLegacy(cursor, item);

function readBraced<V>(cursor: Cursor, item: Reader<V>): Read<readonly V[]> {
  cursor.pos++;
  const value: V[] = [];
  while (!skip(cursor, '}')) {
    const read = readElement(cursor, item);
    if (failed(read)) return read;
    value.push(read.value);
    if (!skip(cursor, ',') && peek(cursor) !== '}') return failure(cursor, 'a comma or a closing brace in the list');
  }
  return { value };
}

function readLegacy<V>(cursor: Cursor, item: Reader<V>): Read<readonly V[]> {
  const value: V[] = [];
  do {
    const read = readElement(cursor, item);
    if (failed(read)) return read;
    value.push(read.value);
  } while (skip(cursor, ';') && !',}'.includes(peek(cursor)));
  return { value };
}

/** Between two separators stands an element; one that is empty is written `""`. */
function readElement<V>(cursor: Cursor, item: Reader<V>): Read<V> {
  const next = peek(cursor);
  return ',;'.includes(next) ? failure(cursor, 'an element, `""` if it is empty') : item(cursor, false);
}

const readMap: Reader<Json> = (cursor) => {
  skip(cursor, '{');
  const entries: [string, Json][] = [];
  while (!skip(cursor, '}')) {
    const key = readText(cursor, ',;}:');
    if (failed(key)) return key;
    if (!skip(cursor, ':')) return failure(cursor, 'a colon behind the key');
    const value = readAny(cursor, false);
    if (failed(value)) return value;
    entries.push([key.value, value.value]);
    if (!skip(cursor, ',') && peek(cursor) !== '}') return failure(cursor, 'a comma or a closing brace in the map');
  }
  return { value: Object.fromEntries(entries) };
};

/** Guesses the type as controller-gen does: a list has the type of its first element, a number must reach up to a delimiter. */
export const readAny: Reader<Json> = (cursor, legacy = true) => {
  if (nesting(cursor) > deepest) return failure(cursor, `at most ${deepest} levels of braces`);
  const item = guess({ ...cursor });
  return legacy && hasSemicolon(cursor) ? readLegacy(cursor, item) : item(cursor);
};

/** What real values never reach; it keeps a hostile text from exhausting the stack. */
const deepest = 40;

function nesting(cursor: Cursor): number {
  let depth = 0;
  let most = 0;
  for (let i = cursor.pos; i < cursor.text.length; i++) {
    if (cursor.text[i] === '{') most = Math.max(most, ++depth);
    if (cursor.text[i] === '}') depth--;
  }
  return most;
}

function guess(cursor: Cursor): Reader<Json> {
  const next = peek(cursor);
  if (next === '{') return isMap({ ...cursor }) ? readMap : listOf(guessElement({ ...cursor, pos: cursor.pos + 1 }));
  if (isQuote(next) || next === "'") return readString;
  const word = readBare(cursor);
  return failed(word) ? readString : guessWord(word.value);
}

/** An element of a list in braces; `{1;2,3}` is a list of lists. */
function guessElement(cursor: Cursor): Reader<Json> {
  const item = guess({ ...cursor });
  return hasSemicolon(cursor) ? (at) => readLegacy(at, item) : item;
}

/**
 * Go's literals: an integer that starts with 0 is octal, so `0891` is no integer but text; what is an integer in Go but none in decimal is refused,
 * and so is text behind `true` and `false`.
 */
function guessWord(word: string): Reader<Json> {
  if (/^(true|false)(?![\p{L}\p{N}_])/u.test(word)) return readBoolean;
  if (/^-?(0[0-7]*|[1-9]\d*)$/.test(word) || otherInteger.test(word)) return readInteger;
  return !decimalInteger.test(word) && decimalNumber.test(word) ? readNumber : readString;
}

function isMap(cursor: Cursor): boolean {
  cursor.pos++;
  if (peek(cursor) === '}') return true;
  if (peek(cursor) === '{') return false;
  return !failed(readText(cursor, ',;}:')) && peek(cursor) === ':';
}

/** A semicolon outside of quotes and braces, before the next comma, closing brace or the end. */
function hasSemicolon(cursor: Cursor): boolean {
  let depth = 0;
  for (let i = cursor.pos; i < cursor.text.length; i++) {
    const char = cursor.text[i]!;
    if (isQuote(char)) i = (literalEnd(cursor.text, i) ?? cursor.text.length) - 1;
    else if (char === '{') depth++;
    else if (char === '}' && depth-- === 0) return false;
    else if (depth === 0 && char === ',') return false;
    else if (depth === 0 && char === ';') return true;
  }
  return false;
}
