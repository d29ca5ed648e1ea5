import type { Bytes, List, MapValue, ObjectValue, Optional, Value } from '../value.js';
import { EvaluationError, kindOf, none, some, wholeOf } from '../value.js';
import type { CelFunction } from './function.js';
import { global, member, overload } from './function.js';
import { matchesPattern } from './regex.js';

const sizes = [
  overload<[string]>(['string'], ([text]) => BigInt([...text].length)),
  overload<[Bytes]>(['bytes'], ([{ bytes }]) => BigInt(bytes.length)),
  overload<[List]>(['list'], ([{ items }]) => BigInt(items.length)),
  overload<[MapValue]>(['map'], ([{ entries }]) => BigInt(entries.size)),
  overload<[ObjectValue]>(['object'], ([{ json }]) => BigInt(Object.keys(json).length)),
];

const matching = overload<[string, string]>(['string', 'string'], ([text, pattern], spend) =>
  matchesPattern(pattern, text, spend),
);

const text = (test: (text: string, other: string) => boolean) =>
  overload<[string, string]>(['string', 'string'], ([text, other], spend) => {
    spend(text.length / 10);
    return test(text, other);
  });

function isZero(value: Value): boolean {
  if (value === null || value === false || value === '') return true;
  const whole = wholeOf(value);
  if (whole !== undefined || typeof value !== 'object') return whole === 0n;
  switch (value.kind) {
    case 'list':
      return value.items.length === 0;
    case 'map':
      return value.entries.size === 0;
    case 'duration':
      return value.nanos === 0n;
    case 'bytes':
      return value.bytes.length === 0;
    case 'object':
      return Object.keys(value.json).length === 0;
    default:
      return kindOf(value) === 'optional' && (value as Optional).value === undefined;
  }
}

function held({ value }: Optional): Value {
  if (value === undefined) throw new EvaluationError('optional.none() dereference');
  return value;
}

/** The functions of strings, sizes and optional values that belong to CEL itself. */
export const core: readonly CelFunction[] = [
  global('1.23', 'size', ...sizes),
  member('1.23', 'size', ...sizes),
  member(
    '1.23',
    'contains',
    text((each, other) => each.includes(other)),
  ),
  member(
    '1.23',
    'startsWith',
    text((each, other) => each.startsWith(other)),
  ),
  member(
    '1.23',
    'endsWith',
    text((each, other) => each.endsWith(other)),
  ),
  member('1.23', 'matches', matching),
  global('1.23', 'matches', matching),
  global(
    '1.28',
    'optional.of',
    overload<[Value]>(['any'], ([value]) => some(value)),
  ),
  global(
    '1.28',
    'optional.none',
    overload<[]>([], () => none),
  ),
  global(
    '1.28',
    'optional.ofNonZeroValue',
    overload<[Value]>(['any'], ([value]) => (isZero(value) ? none : some(value))),
  ),
  member(
    '1.28',
    'hasValue',
    overload<[Optional]>(['optional'], ([{ value }]) => value !== undefined),
  ),
  member(
    '1.28',
    'value',
    overload<[Optional]>(['optional'], ([optional]) => held(optional)),
  ),
  member(
    '1.28',
    'orValue',
    overload<[Optional, Value]>(['optional', 'any'], ([{ value }, other]) => (value === undefined ? other : value)),
  ),
  member(
    '1.28',
    'or',
    overload<[Optional, Optional]>(['optional', 'optional'], ([left, right]) =>
      left.value === undefined ? right : left,
    ),
  ),
];
