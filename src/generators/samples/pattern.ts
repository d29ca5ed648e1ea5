import { type Expression, readExpression } from '../../text/pattern/expression.js';
import { matches } from '../../text/pattern/match.js';

/**
 * A string that matches the regular expression and has at least `minLength` characters, or undefined where none is found: only the first
 * alternative is tried, one character for each class and, as far as the length asks for it, more than the fewest repetitions. Whatever it
 * returns has been matched.
 */
export function matchingText(pattern: string, minLength = 0, maxLength = Number.POSITIVE_INFINITY): string | undefined {
  const expression = readExpression(pattern);
  if (!expression) return undefined;
  let mismatches = 0;
  for (let extra = 0; extra <= Math.max(2, Math.min(minLength, mostRepetitions)) && mismatches < 3; extra++) {
    const text = write(expression, extra);
    if (text === undefined) return undefined;
    if (text.length < minLength || text.length > maxLength) continue;
    if (matches(pattern, text)) return text;
    mismatches++;
  }
  return undefined;
}

const mostRepetitions = 1000;

/** Repeats each open-ended part `extra` times more than it must; undefined where a class has no character. */
function write(expression: Expression, extra: number): string | undefined {
  switch (expression.type) {
    case 'take':
      return characterFor(expression.test);
    case 'assert':
      return '';
    case 'sequence':
      return joined(expression.parts.map((part) => write(part, extra)));
    case 'choice':
      return write(expression.branches[0]!, extra);
    case 'repeat':
      return repeated(write(expression.part, extra), Math.min(expression.max, expression.min + extra));
  }
}

const joined = (texts: readonly (string | undefined)[]): string | undefined =>
  texts.includes(undefined) ? undefined : texts.join('');

/** Open-ended parts within each other would grow beyond all use; a text that was cut will not match. */
function repeated(text: string | undefined, count: number): string | undefined {
  if (count === 0) return '';
  return text?.repeat(Math.min(count, Math.ceil(longest / (text.length + 1))));
}

const longest = 8192;

const usual = [...'a1A0-._/: @b2B+=,;#~%$&!?*()[]{}<>|^\'"`\\'].map((char) => char.codePointAt(0)!);
const lastOfPlane = 0xffff;

/** The first of the usual characters that the class accepts, or else its first one at all. */
function characterFor(test: (codePoint: number) => boolean): string | undefined {
  const found = usual.find(test) ?? firstOf(test);
  return found === undefined ? undefined : String.fromCodePoint(found);
}

function firstOf(test: (codePoint: number) => boolean): number | undefined {
  for (let codePoint = 0; codePoint <= lastOfPlane; codePoint++) if (test(codePoint)) return codePoint;
  return undefined;
}
