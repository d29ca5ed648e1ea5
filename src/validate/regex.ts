/**
 * The regular expressions of Go (RE2 syntax). `patternProblem` is a check of the grammar: it reads a pattern as Go's parser does and
 * says what that would refuse, but builds no automaton, so that a pattern beyond Go's limits of size passes. `toRegExp` rewrites
 * the same reading for JavaScript.
 */

import type { Scanner } from './characters.js';
import { literal, PatternError, readCharacter, readClass, readSet, take } from './characters.js';

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly u: boolean;
}

interface Group {
  /** The flags to return to at the closing parenthesis. */
  readonly flags: Flags;
  /** The repetitions of the largest chain of nested counted repetitions so far. */
  weight: number;
}

interface Reader extends Scanner {
  flags: Flags;
  /** The open groups, with the whole pattern first. */
  readonly groups: Group[];
  /** Whether there is something to repeat, and its repetitions. */
  operand: number | undefined;
  repeated: boolean;
  readonly output: string[];
  /** Ignores case throughout; absent when only a part does. */
  ignoreCase: boolean | undefined;
}

const maxRepeat = 1000;
const compiled = new Map<string, RegExp | undefined>();

/** What Go's regexp.Compile would refuse, as the end of "where …"; absent for a good pattern. */
export function patternProblem(pattern: string): string | undefined {
  const result = read(pattern);
  return typeof result === 'string' ? result : undefined;
}

/** The pattern for JavaScript, unanchored as in Go; absent when it is not valid or JavaScript cannot express it. */
export function toRegExp(pattern: string): RegExp | undefined {
  if (!compiled.has(pattern)) compiled.set(pattern, translate(pattern));
  return compiled.get(pattern);
}

function translate(pattern: string): RegExp | undefined {
  const result = read(pattern);
  if (typeof result === 'string' || result.ignoreCase === undefined) return undefined;
  try {
    return new RegExp(result.output.join(''), result.ignoreCase ? 'iv' : 'v');
  } catch {
    return undefined;
  }
}

/** The reader at the end of the pattern, or what is wrong with it. */
function read(text: string): Reader | string {
  const flags = { i: false, m: false, s: false, u: false };
  const groups = [{ flags, weight: 1 }];
  const reader: Reader = {
    text,
    at: 0,
    flags,
    groups,
    operand: undefined,
    repeated: false,
    output: [],
    ignoreCase: false,
  };
  try {
    while (reader.at < text.length) readNext(reader);
    if (reader.groups.length > 1) throw new PatternError('a parenthesis is not closed');
    return reader;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

function readNext(reader: Reader): void {
  const repeat = readRepeat(reader);
  if (repeat) {
    applyRepeat(reader, repeat);
    return;
  }
  reader.repeated = false;
  const char = peek(reader);
  const readSpecial = Object.hasOwn(specials, char) ? specials[char] : undefined;
  if (readSpecial) readSpecial(reader);
  else readPlain(reader, char);
}

const specials: Readonly<Record<string, (reader: Reader) => void>> = {
  '(': openGroup,
  ')': closeGroup,
  '|': alternate,
  '[': (reader) => emit(reader, readClass(reader)),
  '\\': readEscape,
};

function readPlain(reader: Reader, char: string): void {
  const { m, s } = reader.flags;
  reader.at += char.length;
  if (char === '.') emit(reader, s ? '[\\s\\S]' : '[^\\n]');
  else if (char === '^') emit(reader, m ? '(?:(?<![^\\n]))' : '(?:^)');
  else if (char === '$') emit(reader, m ? '(?:(?![^\\n]))' : '(?:$)');
  else emit(reader, literal(char));
}

const peek = ({ text, at }: Reader): string => String.fromCodePoint(text.codePointAt(at)!);

function emit(reader: Reader, source: string): void {
  reader.output.push(source);
  reader.operand = 1;
  noteWeight(reader, 1);
}

function noteWeight(reader: Reader, weight: number): void {
  const group = reader.groups.at(-1)!;
  group.weight = Math.max(group.weight, weight);
}

interface Repeat {
  readonly text: string;
  readonly min: number;
  /** Infinity without an upper bound. */
  readonly max: number;
}

/** `*`, `+`, `?` or a count; braces that hold no count are literal text. */
function readRepeat(reader: Reader): Repeat | undefined {
  const match = take(reader, /[*+?]|\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\}/);
  if (!match) return undefined;
  const [text, min, comma, max] = match;
  if (min === undefined) return { text, min: text === '+' ? 1 : 0, max: text === '?' ? 1 : Number.POSITIVE_INFINITY };
  return { text, min: Number(min), max: max === undefined && comma ? Number.POSITIVE_INFINITY : Number(max ?? min) };
}

function applyRepeat(reader: Reader, { text, min, max }: Repeat): void {
  const lazy = take(reader, /\?/) !== undefined;
  const counted = text.startsWith('{');
  if (counted && (min > maxRepeat || (max !== Number.POSITIVE_INFINITY && max > maxRepeat) || min > max)) {
    throw new PatternError(`the count in \`${text}\` is not possible, at most ${maxRepeat} is`);
  }
  if (reader.operand === undefined) throw new PatternError(`\`${text}\` has nothing to repeat`);
  if (reader.repeated) throw new PatternError(`\`${text}\` follows another quantifier (there are no possessive ones)`);
  if (counted) reader.operand *= Math.max(max === Number.POSITIVE_INFINITY ? min : max, 1);
  if (reader.operand > maxRepeat) throw new PatternError(`nested counts repeat more than ${maxRepeat} times`);
  noteWeight(reader, reader.operand);
  reader.output.push(`${text}${lazy === reader.flags.u ? '' : '?'}`);
  reader.repeated = true;
}

function openGroup(reader: Reader): void {
  const { flags } = reader;
  const opening = take(reader, /\((?!\?)/) ? '(' : perlGroup(reader);
  if (opening === undefined) return;
  if (reader.groups.length > maxRepeat) throw new PatternError('parentheses are nested too deeply');
  reader.groups.push({ flags, weight: 1 });
  reader.operand = undefined;
  reader.output.push(opening);
}

/** The opening of `(?P<name>`, `(?<name>` or `(?flags:`; absent for `(?flags)`, which goes on in the same group. */
function perlGroup(reader: Reader): string | undefined {
  const unsupported = take(reader, /\(\?(?:<?[=!]|>|#)/);
  if (unsupported) throw new PatternError(`\`${unsupported[0]}\` is not supported`);
  if (take(reader, /\(\?P?<\w+>/)) return '(';
  const flagged = take(reader, /\(\?([imsU]*)(?:-([imsU]+))?([:)])/);
  if (!flagged) throw new PatternError('`(?` opens no known group');
  setFlags(reader, flagged[1]!, flagged[2] ?? '');
  return flagged[3] === ':' ? '(?:' : undefined;
}

function setFlags(reader: Reader, on: string, off: string): void {
  const value = (flag: keyof Flags, letter: string) =>
    !off.includes(letter) && (on.includes(letter) || reader.flags[flag]);
  reader.flags = { i: value('i', 'i'), m: value('m', 'm'), s: value('s', 's'), u: value('u', 'U') };
  const isFirst = reader.output.length === 0 && reader.groups.length === 1;
  if (isFirst && reader.text[reader.at - 1] === ')') reader.ignoreCase = reader.flags.i;
  else if (reader.flags.i !== reader.ignoreCase) reader.ignoreCase = undefined;
}

function closeGroup(reader: Reader): void {
  if (reader.groups.length === 1) throw new PatternError('a parenthesis is closed that was not opened');
  const { flags, weight } = reader.groups.pop()!;
  reader.at += 1;
  reader.flags = flags;
  reader.operand = weight;
  noteWeight(reader, weight);
  reader.output.push(')');
}

function alternate(reader: Reader): void {
  reader.at += 1;
  reader.operand = undefined;
  reader.output.push('|');
}

const anchors: Readonly<Record<string, string>> = { A: '(?:^)', z: '(?:$)', b: '(?:\\b)', B: '(?:\\B)' };

function readEscape(reader: Reader): void {
  const anchor = take(reader, /\\([AzbB])/);
  if (anchor) emit(reader, anchors[anchor[1]!]!);
  else if (take(reader, /\\Q/)) readQuoted(reader);
  else emit(reader, readSet(reader) ?? literal(readCharacter(reader)));
}

function readQuoted(reader: Reader): void {
  for (const char of take(reader, /((?:(?!\\E)[\s\S])*)(?:\\E)?/)![1]!) emit(reader, literal(char));
}
