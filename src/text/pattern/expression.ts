import type { Scanner } from './characters.js';
import { literal, readCharacter, readClass, readSet, take } from './characters.js';
import { patternProblem } from './problem.js';

export type Assertion = 'start' | 'end' | 'lineStart' | 'lineEnd' | 'word' | 'notWord';

/** What a pattern says. `take` stands for one character. */
export type Expression =
  | { readonly type: 'take'; readonly test: (codePoint: number) => boolean }
  | { readonly type: 'assert'; readonly what: Assertion }
  | { readonly type: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly type: 'choice'; readonly branches: readonly Expression[] }
  | {
      readonly type: 'repeat';
      readonly part: Expression;
      readonly min: number;
      /** Infinity without an upper bound. */
      readonly max: number;
      readonly lazy: boolean;
    };

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly u: boolean;
}

interface Reader extends Scanner {
  flags: Flags;
}

/** Reads a pattern of Go; absent for one that Go refuses. */
export function readExpression(pattern: string): Expression | undefined {
  if (patternProblem(pattern) !== undefined) return undefined;
  return readChoice({ text: pattern, at: 0, flags: { i: false, m: false, s: false, u: false } });
}

function readChoice(reader: Reader): Expression {
  const branches = [readSequence(reader)];
  while (take(reader, /\|/)) branches.push(readSequence(reader));
  return branches.length === 1 ? branches[0]! : { type: 'choice', branches };
}

function readSequence(reader: Reader): Expression {
  const parts: Expression[] = [];
  while (reader.at < reader.text.length && !/[|)]/.test(reader.text[reader.at]!)) parts.push(...readPart(reader));
  return { type: 'sequence', parts };
}

/** An atom with what repeats it; several for quoted text, none for flags. */
function readPart(reader: Reader): readonly Expression[] {
  const quoted = take(reader, /\\Q((?:(?!\\E)[\s\S])*)(?:\\E)?/);
  const atoms = quoted ? [...quoted[1]!].map((char) => single(literal(char), reader.flags)) : [readAtom(reader)];
  const last = atoms.at(-1);
  if (!last) return atoms.filter((each) => each !== undefined);
  return [...(atoms.slice(0, -1) as Expression[]), readRepeats(reader, last)];
}

function readRepeats(reader: Reader, atom: Expression): Expression {
  const match = take(reader, /([*+?]|\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\})(\??)/);
  if (!match) return atom;
  const [, text, min, comma, max, mark] = match;
  const lazy = (mark === '?') !== reader.flags.u;
  if (min === undefined) {
    return { type: 'repeat', part: atom, min: text === '+' ? 1 : 0, max: text === '?' ? 1 : Infinity, lazy };
  }
  const upper = max === undefined && comma ? Infinity : Number(max ?? min);
  return { type: 'repeat', part: atom, min: Number(min), max: upper, lazy };
}

const anchors: Readonly<Record<string, Assertion>> = {
  '\\A': 'start',
  '\\z': 'end',
  '\\b': 'word',
  '\\B': 'notWord',
};

function readAtom(reader: Reader): Expression | undefined {
  const { m, s } = reader.flags;
  const anchor = take(reader, /\\[AzbB]/);
  if (anchor) return { type: 'assert', what: anchors[anchor[0]]! };
  if (take(reader, /\^/)) return { type: 'assert', what: m ? 'lineStart' : 'start' };
  if (take(reader, /\$/)) return { type: 'assert', what: m ? 'lineEnd' : 'end' };
  if (take(reader, /\./)) return { type: 'take', test: s ? () => true : (codePoint) => codePoint !== 10 };
  if (reader.text[reader.at] === '(') return readGroup(reader);
  if (reader.text[reader.at] === '[') return single(readClass(reader), reader.flags);
  return single(readSet(reader) ?? literal(readCharacter(reader)), reader.flags);
}

function readGroup(reader: Reader): Expression | undefined {
  const before = reader.flags;
  const flagged = take(reader, /\(\?([imsU]*)(?:-([imsU]+))?([:)])/);
  if (flagged) reader.flags = flagsAfter(before, flagged[1]!, flagged[2] ?? '');
  if (flagged?.[3] === ')') return undefined;
  if (!flagged && !take(reader, /\(\?P?<\w+>/)) take(reader, /\(/);
  const inside = readChoice(reader);
  take(reader, /\)/);
  reader.flags = before;
  return inside;
}

function flagsAfter(flags: Flags, on: string, off: string): Flags {
  const value = (flag: keyof Flags, letter: string) => !off.includes(letter) && (on.includes(letter) || flags[flag]);
  return { i: value('i', 'i'), m: value('m', 'm'), s: value('s', 's'), u: value('u', 'U') };
}

/** What takes one character that a class of JavaScript describes. */
function single(source: string, { i }: Flags): Expression {
  const expression = new RegExp(`^${source}$`, i ? 'iv' : 'v');
  const known = new Map<number, boolean>();
  const test = (codePoint: number): boolean => {
    const answer = known.get(codePoint) ?? expression.test(String.fromCodePoint(codePoint));
    if (known.size < 1024) known.set(codePoint, answer);
    return answer;
  };
  return { type: 'take', test };
}
