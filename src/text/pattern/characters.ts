/** A pattern and how far it is read. */
export interface Scanner {
  readonly text: string;
  at: number;
}

/** A pattern that Go refuses, or that is too large; it never leaves `problem.ts` and `automaton.ts`. */
export class PatternError extends Error {}

/** Reads what the expression matches right here. */
export function take(scanner: Scanner, expression: RegExp): RegExpExecArray | undefined {
  const sticky = new RegExp(expression, 'uy');
  sticky.lastIndex = scanner.at;
  const match = sticky.exec(scanner.text);
  if (match) scanner.at = sticky.lastIndex;
  return match ?? undefined;
}

/** A character for JavaScript, under flag v, inside of a class and outside. */
export const literal = (char: string): string =>
  /^[A-Za-z0-9]$/.test(char) ? char : `\\u{${char.codePointAt(0)!.toString(16)}}`;

const perlSets: Readonly<Record<string, string>> = {
  '\\d': '[0-9]',
  '\\D': '[^0-9]',
  '\\s': '[\\t\\n\\f\\r\\u{20}]',
  '\\S': '[^\\t\\n\\f\\r\\u{20}]',
  '\\w': '[0-9A-Za-z_]',
  '\\W': '[^0-9A-Za-z_]',
};

/** A set of characters that is written as an escape; it may stand inside of a class and outside. */
export function readSet(scanner: Scanner): string | undefined {
  const perl = take(scanner, /\\[dDsSwW]/);
  if (perl) return perlSets[perl[0]];
  const unicode = take(scanner, /\\([pP])(?:\{(\^?)([^}]*)\}|([^{]))/);
  if (!unicode) return undefined;
  const negated = (unicode[1] === 'P') !== (unicode[2] === '^');
  const name = unicode[3] ?? unicode[4]!;
  const property = ['', 'Script='].map((prefix) => `{${prefix}${name}}`).find((each) => isProperty(each));
  if (!property) throw new PatternError(`\`${unicode[0]}\` is no class of Unicode`);
  return `\\${negated ? 'P' : 'p'}${property}`;
}

/** General categories and scripts, whose names JavaScript shares with Go. */
function isProperty(name: string): boolean {
  if (!/^\{(Script=)?\w+\}$/.test(name)) return false;
  try {
    return new RegExp(`^\\p${name}$`, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

const controls: Readonly<Record<string, string>> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** One character, plain or escaped. A digit other than 0 is a backreference unless another octal digit follows. */
export function readCharacter(scanner: Scanner): string {
  const plain = take(scanner, /[^\\]/);
  if (plain) return plain[0];
  const octal = take(scanner, /\\([1-7][0-7]{1,2}|0[0-7]{0,2})/);
  if (octal) return String.fromCodePoint(Number.parseInt(octal[1]!, 8));
  const hex = take(scanner, /\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/);
  if (hex) return characterOf(Number.parseInt(hex[1] ?? hex[2]!, 16), hex[0]);
  const control = take(scanner, /\\([afnrtv])/);
  if (control) return controls[control[1]!]!;
  const punctuation = take(scanner, /\\([\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f])/);
  if (punctuation) return punctuation[1]!;
  const text = take(scanner, /\\[\s\S]?/)![0];
  if (text === '\\') throw new PatternError('it ends in a backslash');
  throw new PatternError(
    `\`${text}\` is ${/\d|k/.test(text) ? 'a backreference, which is not supported' : 'no known escape'}`,
  );
}

function characterOf(codePoint: number, text: string): string {
  if (codePoint > 0x10ffff) throw new PatternError(`\`${text}\` is beyond Unicode`);
  return String.fromCodePoint(codePoint);
}

const posixSets: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\u{0}-\\u{7f}',
  blank: '\\t\\u{20}',
  cntrl: '\\u{0}-\\u{1f}\\u{7f}',
  digit: '0-9',
  graph: '\\u{21}-\\u{7e}',
  lower: 'a-z',
  print: '\\u{20}-\\u{7e}',
  punct: '\\u{21}-\\u{2f}\\u{3a}-\\u{40}\\u{5b}-\\u{60}\\u{7b}-\\u{7e}',
  space: '\\t\\n\\v\\f\\r\\u{20}',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** A class in brackets, from the opening one. */
export function readClass(scanner: Scanner): string {
  const members = [take(scanner, /\[\^?/)![0]];
  for (let first = true; first || !take(scanner, /\]/); first = false) members.push(readMember(scanner));
  return `${members.join('')}]`;
}

/** A set, a character or a range of a class; a bracket right at the start stands for itself. */
function readMember(scanner: Scanner): string {
  if (scanner.at >= scanner.text.length) throw new PatternError('a bracket is not closed');
  const posix = take(scanner, /\[:(\^?)((?:(?!:\])[\s\S])*):\]/);
  if (posix) return posixSet(posix[0], posix[1]!, posix[2]!);
  const set = readSet(scanner);
  if (set !== undefined) return set;
  const low = readCharacter(scanner);
  if (!take(scanner, /-(?!\]|$)/)) return literal(low);
  const high = readCharacter(scanner);
  if (high.codePointAt(0)! < low.codePointAt(0)!) throw new PatternError(`the range \`${low}-${high}\` runs backwards`);
  return `${literal(low)}-${literal(high)}`;
}

function posixSet(text: string, negation: string, name: string): string {
  if (!Object.hasOwn(posixSets, name)) throw new PatternError(`\`${text}\` is no known class`);
  return `[${negation}${posixSets[name]}]`;
}
