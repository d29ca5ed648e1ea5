import { calculate } from '../arithmetic.js';
import { compare, isEqual } from '../equal.js';
import type { List, Value } from '../value.js';
import { EvaluationError, list } from '../value.js';
import type { CelFunction, Spend } from './function.js';
import { global, member, overload } from './function.js';

const isSorted = ({ items }: List): boolean =>
  items.every((each, index) => index === 0 || compare(items[index - 1]!, each) <= 0);

/** The least of the list by the order, from which max takes the opposite. */
function extreme({ items }: List, name: string, factor: 1 | -1): Value {
  if (items.length === 0) throw new EvaluationError(`${name} called on empty list`);
  return items.reduce((best, each) => (factor * compare(each, best) < 0 ? each : best));
}

const sum = ({ items }: List): Value =>
  items.length === 0 ? 0n : items.reduce((total, each) => calculate('+', total, each));

function slice({ items }: List, start: bigint, end: bigint): Value {
  if (start < 0n || end < 0n || start > end || end > BigInt(items.length)) {
    throw new EvaluationError(`cannot slice(${start}, ${end}), list is length ${items.length}`);
  }
  return list(items.slice(Number(start), Number(end)));
}

function flatten(items: readonly Value[], depth: bigint): readonly Value[] {
  if (depth < 0n) throw new EvaluationError('level must be non-negative');
  return items.flatMap((each) => {
    const nested = typeof each === 'object' && each?.kind === 'list' && depth > 0n;
    return nested ? flatten(each.items, depth - 1n) : [each];
  });
}

function distinct({ items }: List, spend: Spend): Value {
  spend(items.length ** 2 / 10);
  const kept: Value[] = [];
  for (const each of items) if (!kept.some((other) => isEqual(each, other))) kept.push(each);
  return list(kept);
}

function range(count: bigint, spend: Spend): Value {
  spend(Number(count));
  return list(Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index)));
}

/** The items in the order of their keys; equal keys keep their order. */
export function sortBy(items: readonly Value[], keys: readonly Value[]): Value {
  const order = items.map((_, index) => index).sort((a, b) => compare(keys[a]!, keys[b]!));
  return list(order.map((index) => items[index]!));
}

const place = (name: string, find: (items: readonly Value[], test: (each: Value) => boolean) => number): CelFunction =>
  member(
    '1.23',
    name,
    overload<[List, Value]>(['list', 'any'], ([{ items }, value]) =>
      BigInt(find(items, (each) => isEqual(each, value))),
    ),
  );

export const lists: readonly CelFunction[] = [
  member(
    '1.23',
    'isSorted',
    overload<[List]>(['list'], ([items]) => isSorted(items)),
  ),
  member(
    '1.23',
    'sum',
    overload<[List]>(['list'], ([items]) => sum(items)),
  ),
  member(
    '1.23',
    'min',
    overload<[List]>(['list'], ([items]) => extreme(items, 'min', 1)),
  ),
  member(
    '1.23',
    'max',
    overload<[List]>(['list'], ([items]) => extreme(items, 'max', -1)),
  ),
  place('indexOf', (items, test) => items.findIndex(test)),
  place('lastIndexOf', (items, test) => items.findLastIndex(test)),
  member(
    '1.34',
    'slice',
    overload<[List, bigint, bigint]>(['list', 'int', 'int'], (args) => slice(...args)),
  ),
  member(
    '1.34',
    'flatten',
    overload<[List]>(['list'], ([{ items }]) => list(flatten(items, 1n))),
    overload<[List, bigint]>(['list', 'int'], ([{ items }, depth]) => list(flatten(items, depth))),
  ),
  member(
    '1.34',
    'distinct',
    overload<[List]>(['list'], ([items], spend) => distinct(items, spend)),
  ),
  member(
    '1.34',
    'reverse',
    overload<[List]>(['list'], ([{ items }]) => list([...items].reverse())),
  ),
  member(
    '1.34',
    'sort',
    overload<[List]>(['list'], ([{ items }]) => sortBy(items, items)),
  ),
  global(
    '1.34',
    'lists.range',
    overload<[bigint]>(['int'], ([count], spend) => range(count, spend)),
  ),
];
