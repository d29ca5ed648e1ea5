import type { BinarySign } from './ast.js';
import { isEqual, sameKeys } from './equal.js';
import { moment, span } from './time.js';
import type { Bytes, List, Moment, Span, Tagged, Uint, Value } from './value.js';
import { EvaluationError, int, kindOf, noSuchOverload, uint } from './value.js';

type Sign = Extract<BinarySign, '+' | '-' | '*' | '/' | '%'>;

/** The value of an arithmetic operator; both sides have the same type, but for times. */
export function calculate(sign: Sign, left: Value, right: Value): Value {
  const kinds = `${kindOf(left)} ${kindOf(right)}`;
  switch (kinds) {
    case 'int int':
      return int(wholeNumbers(sign, left as bigint, right as bigint));
    case 'uint uint':
      return unsigned(wholeNumbers(sign, (left as Uint).value, (right as Uint).value));
    case 'double double':
      return doubles(sign, left as number, right as number);
    case 'string string':
      return sign === '+' ? `${left}${right}` : refuse();
    default:
      return sign === '+' || sign === '-' ? others(sign, kinds, left as Tagged, right as Tagged) : refuse();
  }
}

function refuse(): never {
  throw noSuchOverload();
}

export function unsigned(value: bigint): Value {
  if (value < 0n || value >= 2n ** 64n) throw new EvaluationError('unsigned integer overflow');
  return uint(value);
}

function wholeNumbers(sign: Sign, left: bigint, right: bigint): bigint {
  switch (sign) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    default:
      if (right === 0n) throw new EvaluationError(sign === '/' ? 'division by zero' : 'modulus by zero');
      return sign === '/' ? left / right : left % right;
  }
}

function doubles(sign: Sign, left: number, right: number): number {
  switch (sign) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    default:
      return refuse();
  }
}

function others(sign: '+' | '-', kinds: string, left: Tagged, right: Tagged): Value {
  const factor = sign === '+' ? 1n : -1n;
  const [a, b] = [left, right] as [Moment | Span, Moment | Span];
  switch (kinds) {
    case 'duration duration':
      return span(a.nanos + factor * b.nanos);
    case 'timestamp duration':
      return moment(a.nanos + factor * b.nanos);
    case 'duration timestamp':
      return sign === '+' ? moment(a.nanos + b.nanos) : refuse();
    case 'timestamp timestamp':
      return sign === '-' ? span(a.nanos - b.nanos) : refuse();
    case 'list list':
      return sign === '+' ? joined(left as List, right as List) : refuse();
    case 'bytes bytes':
      return sign === '+' ? concatenated(left as Bytes, right as Bytes) : refuse();
    default:
      return refuse();
  }
}

const concatenated = (left: Bytes, right: Bytes): Bytes => ({
  kind: 'bytes',
  bytes: Uint8Array.from([...left.bytes, ...right.bytes]),
});

/** Sets are united; items of a list of type map replace those with the same keys; other lists are put one behind the other. */
function joined(left: List, right: List): List {
  const { merge } = left;
  if (!merge) return { ...left, items: [...left.items, ...right.items] };
  const items = [...left.items];
  for (const each of right.items) {
    const at = items.findIndex((mine) =>
      merge.type === 'set' ? isEqual(mine, each) : sameKeys(merge.keys, mine, each),
    );
    if (at < 0) items.push(each);
    else if (merge.type === 'map') items[at] = each;
  }
  return { ...left, items };
}

/** The value with the other sign. */
export function negate(value: Value): Value {
  if (typeof value === 'number') return -value;
  if (typeof value === 'bigint') return int(-value);
  throw noSuchOverload();
}
