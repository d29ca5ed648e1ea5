/**
 * A string that matches the regular expression and has at least `minLength` characters, or undefined where this simple reader of
 * regular expressions finds none: it takes the first alternative, the first character of a class and, as far as the length asks for
 * it, more than the fewest repetitions. Whatever it returns has been matched.
 */
export function matchingText(pattern: string, minLength = 0, maxLength = Number.POSITIVE_INFINITY): string | undefined {
  const node = parse(pattern);
  const regex = compile(pattern);
  if (!node || !regex || repetitions(node) > mostRepetitions) return undefined;
  let mismatches = 0;
  for (let extra = 0; extra <= Math.max(2, Math.min(minLength, mostRepetitions)) && mismatches < 3; extra++) {
    const text = write(node, extra);
    if (text.length < minLength || text.length > maxLength) continue;
    if (regex.test(text)) return text;
    mismatches++;
  }
  return undefined;
}

/**
 * Whether the text matches, as far as that is certain: what JavaScript reads otherwise than the API server, or not at all, counts as a
 * mismatch, and so does a text so long that a mismatch could take exponential time.
 */
export function matches(pattern: string, text: string): boolean {
  const node = parse(pattern);
  if (!node || text.length > 40 || repetitions(node) > mostRepetitions) return false;
  return compile(pattern)?.test(text) ?? false;
}

/** The API server refuses expressions that repeat a part more often, all counts around it multiplied. */
const mostRepetitions = 1000;

/** The `u` flag is closer to what the API server does, but refuses escapes such as `\-` that the API server takes. */
function compile(pattern: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      // Not a regular expression under these flags.
    }
  }
  return undefined;
}

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly min: number; readonly max: number };

/** Repeats each open-ended part `extra` times more than it must. */
function write(node: Node, extra: number): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'sequence':
      return node.parts.map((part) => write(part, extra)).join('');
    case 'repeat':
      return repeated(write(node.of, extra), Math.min(node.max, node.min + extra));
  }
}

/** Open-ended parts within each other would grow beyond all use; a text that was cut will not match. */
const repeated = (text: string, count: number): string =>
  text.repeat(Math.min(count, Math.ceil(longest / (text.length + 1))));

const longest = 8192;

/** How often the innermost part is repeated, counting what is bounded. */
function repetitions(node: Node): number {
  switch (node.kind) {
    case 'text':
      return 1;
    case 'sequence':
      return Math.max(1, ...node.parts.map(repetitions));
    case 'repeat':
      return repetitions(node.of) * Math.max(1, Number.isFinite(node.max) ? node.max : node.min);
  }
}

interface Reader {
  readonly source: string;
  at: number;
}

const nothing: Node = { kind: 'text', text: '' };

function parse(pattern: string): Node | undefined {
  const reader = { source: pattern, at: 0 };
  const node = alternatives(reader);
  return reader.at === pattern.length ? node : undefined;
}

/** Reads `a|b|c` and keeps the first. */
function alternatives(reader: Reader): Node | undefined {
  const first = sequence(reader);
  while (first && reader.source[reader.at] === '|') {
    reader.at++;
    if (!sequence(reader)) return undefined;
  }
  return first;
}

function sequence(reader: Reader): Node | undefined {
  const parts: Node[] = [];
  while (reader.at < reader.source.length && !'|)'.includes(reader.source[reader.at]!)) {
    const part = atom(reader);
    const repeated = part && quantified(reader, part);
    if (!repeated) return undefined;
    parts.push(repeated);
  }
  return { kind: 'sequence', parts };
}

function atom(reader: Reader): Node | undefined {
  const char = reader.source[reader.at++]!;
  switch (char) {
    case '^':
    case '$':
      return nothing;
    case '(':
      return group(reader);
    case '[':
      return characterClass(reader);
    case '\\':
      return escaped(reader);
    case '.':
      return { kind: 'text', text: 'a' };
    default:
      return { kind: 'text', text: char };
  }
}

/** A group; a look-around asserts something about what the other parts write, so it writes nothing itself. */
function group(reader: Reader): Node | undefined {
  const opening = /^\?(?:<?[=!]|:|P?<[A-Za-z]\w*>)/.exec(reader.source.slice(reader.at, reader.at + 80))?.[0] ?? '';
  reader.at += opening.length;
  const inner = alternatives(reader);
  if (reader.source[reader.at] !== ')') return undefined;
  reader.at++;
  return inner && /[=!]$/.test(opening) ? nothing : inner;
}

const escapes: Readonly<Record<string, string>> = {
  d: '1',
  w: 'a',
  s: ' ',
  D: 'a',
  W: '-',
  S: 'a',
  n: '\n',
  t: '\t',
  r: '\r',
};

function escaped(reader: Reader): Node | undefined {
  const char = reader.source[reader.at++];
  if (char === undefined) return undefined;
  if ('bB'.includes(char)) return nothing;
  if (char in escapes) return { kind: 'text', text: escapes[char]! };
  return /[\dA-Za-z]/.test(char) ? undefined : { kind: 'text', text: char };
}

const candidates = [...'a1A0-._/: @b2B+=,;#~%$&!?*()[]{}<>|^\'"`\\'];

/** The first of the usual characters that the class accepts, or else a character that the class names. */
function characterClass(reader: Reader): Node | undefined {
  const end = classEnd(reader.source, reader.at);
  const text = reader.source.slice(reader.at, end);
  reader.at = end + 1;
  if (text.includes('[:')) return undefined; // a POSIX class, which JavaScript does not know
  const regex = compile(`^[${text}]$`);
  const char = regex && [...candidates, ...text].find((each) => regex.test(each));
  return char === undefined ? undefined : { kind: 'text', text: char };
}

function classEnd(source: string, from: number): number {
  for (let at = from; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === ']') return at;
  }
  return source.length;
}

function quantified(reader: Reader, of: Node): Node | undefined {
  const found = /^(?:([*+?])|\{(\d+)(,(\d*))?\})[?+]?/.exec(reader.source.slice(reader.at, reader.at + 24));
  if (!found) return of;
  reader.at += found[0].length;
  const [, sign, least, open, most] = found;
  const min = sign ? Number(sign === '+') : Number(least);
  const max = sign ? (sign === '?' ? 1 : Number.POSITIVE_INFINITY) : upperBound(min, open, most);
  return { kind: 'repeat', of, min, max };
}

const upperBound = (min: number, open?: string, most?: string): number => {
  if (open === undefined) return min;
  return most ? Number(most) : Number.POSITIVE_INFINITY;
};
