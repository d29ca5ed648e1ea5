import { allMatches, matches } from '../../text/pattern/match.js';
import { EvaluationError, list } from '../value.js';
import type { CelFunction, Spend } from './function.js';
import { member, overload } from './function.js';

/** Whether a pattern matches somewhere in a text; never exponential in the text. */
export function matchesPattern(pattern: string, text: string, spend: Spend): boolean {
  return matches(pattern, text, spend) ?? badPattern(pattern);
}

function badPattern(pattern: string): never {
  throw new EvaluationError(`Illegal regex: error parsing regexp: \`${pattern}\``);
}

const find = (text: string, pattern: string, limit: number, spend: Spend): readonly string[] =>
  allMatches(pattern, text, limit, spend) ?? badPattern(pattern);

export const regexes: readonly CelFunction[] = [
  member(
    '1.23',
    'find',
    overload<[string, string]>(
      ['string', 'string'],
      ([text, pattern], spend) => find(text, pattern, 1, spend)[0] ?? '',
    ),
  ),
  member(
    '1.23',
    'findAll',
    overload<[string, string]>(['string', 'string'], ([text, pattern], spend) =>
      list(find(text, pattern, Number.POSITIVE_INFINITY, spend)),
    ),
    overload<[string, string, bigint]>(['string', 'string', 'int'], ([text, pattern, limit], spend) =>
      list(find(text, pattern, limit < 0n ? Number.POSITIVE_INFINITY : Number(limit), spend)),
    ),
  ),
];
