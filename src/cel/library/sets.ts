import { isEqual } from '../equal.js';
import type { List, Value } from '../value.js';
import type { CelFunction, Spend } from './function.js';
import { global, overload } from './function.js';

const has = ({ items }: List, value: Value): boolean => items.some((each) => isEqual(each, value));

const containsAll = (set: List, other: List, spend: Spend): boolean => {
  spend((set.items.length * other.items.length) / 10);
  return other.items.every((each) => has(set, each));
};

const pair = ['list', 'list'] as const;

/** Lists taken as sets: neither order nor repetitions count. */
export const sets: readonly CelFunction[] = [
  global(
    '1.29',
    'sets.contains',
    overload<[List, List]>(pair, ([set, other], spend) => containsAll(set, other, spend)),
  ),
  global(
    '1.29',
    'sets.equivalent',
    overload<[List, List]>(
      pair,
      ([left, right], spend) => containsAll(left, right, spend) && containsAll(right, left, spend),
    ),
  ),
  global(
    '1.29',
    'sets.intersects',
    overload<[List, List]>(pair, ([left, right], spend) => {
      spend((left.items.length * right.items.length) / 10);
      return left.items.some((each) => has(right, each));
    }),
  ),
];
