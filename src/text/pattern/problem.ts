import type { Scanner } from './characters.js';
import { PatternError, readCharacter, readClass, readSet, take } from './characters.js';

interface Reader extends Scanner {
  /** For each open group, with the whole pattern first, the repetitions of its largest chain of nested counted repetitions so far. */
  readonly weights: number[];
  /** Whether there is something to repeat, and its repetitions. */
  operand: number | undefined;
  repeated: boolean;
}

const maxRepeat = 1000;

/**
 * What Go's regexp.Compile (RE2 syntax) would refuse, as the end of "where …"; absent for a good pattern. This is a check of the grammar
 * that builds no automaton, so that a pattern beyond Go's limits of size passes.
 */
export function patternProblem(pattern: string): string | undefined {
  const reader: Reader = { text: pattern, at: 0, weights: [1], operand: undefined, repeated: false };
  try {
    while (reader.at < pattern.length) readNext(reader);
    return reader.weights.length > 1 ? 'a parenthesis is not closed' : undefined;
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
  '[': readBrackets,
  '\\': readEscape,
};

const peek = ({ text, at }: Reader): string => String.fromCodePoint(text.codePointAt(at)!);

function readPlain(reader: Reader, char: string): void {
  reader.at += char.length;
  noteOperand(reader);
}

function readBrackets(reader: Reader): void {
  readClass(reader);
  noteOperand(reader);
}

function noteOperand(reader: Reader): void {
  reader.operand = 1;
  noteWeight(reader, 1);
}

function noteWeight(reader: Reader, weight: number): void {
  reader.weights.push(Math.max(reader.weights.pop()!, weight));
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
  take(reader, /\?/);
  const counted = text.startsWith('{');
  if (counted && (min > maxRepeat || (max !== Number.POSITIVE_INFINITY && max > maxRepeat) || min > max)) {
    throw new PatternError(`the count in \`${text}\` is not possible, at most ${maxRepeat} is`);
  }
  if (reader.operand === undefined) throw new PatternError(`\`${text}\` has nothing to repeat`);
  if (reader.repeated) throw new PatternError(`\`${text}\` follows another quantifier (there are no possessive ones)`);
  if (counted) reader.operand *= Math.max(max === Number.POSITIVE_INFINITY ? min : max, 1);
  if (reader.operand > maxRepeat) throw new PatternError(`nested counts repeat more than ${maxRepeat} times`);
  noteWeight(reader, reader.operand);
  reader.repeated = true;
}

function openGroup(reader: Reader): void {
  if (!take(reader, /\((?!\?)/) && !opensGroup(reader)) return;
  if (reader.weights.length > maxRepeat) throw new PatternError('parentheses are nested too deeply');
  reader.weights.push(1);
  reader.operand = undefined;
}

/** Reads `(?P<name>`, `(?<name>` or `(?flags:`, and `(?flags)`, which opens no group. */
function opensGroup(reader: Reader): boolean {
  const unsupported = take(reader, /\(\?(?:<?[=!]|>|#)/);
  if (unsupported) throw new PatternError(`\`${unsupported[0]}\` is not supported`);
  if (take(reader, /\(\?P?<\w+>/)) return true;
  const flagged = take(reader, /\(\?[imsU]*(?:-[imsU]+)?([:)])/);
  if (!flagged) throw new PatternError('`(?` opens no known group');
  return flagged[1] === ':';
}

function closeGroup(reader: Reader): void {
  if (reader.weights.length === 1) throw new PatternError('a parenthesis is closed that was not opened');
  const weight = reader.weights.pop()!;
  reader.at += 1;
  reader.operand = weight;
  noteWeight(reader, weight);
}

function alternate(reader: Reader): void {
  reader.at += 1;
  reader.operand = undefined;
}

function readEscape(reader: Reader): void {
  const quoted = take(reader, /\\Q((?:(?!\\E)[\s\S])*)(?:\\E)?/);
  if (quoted?.[1] === '') return;
  if (!quoted && !take(reader, /\\[AzbB]/) && readSet(reader) === undefined) readCharacter(reader);
  noteOperand(reader);
}
