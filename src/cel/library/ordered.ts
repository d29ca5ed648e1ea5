import { compareQuantities, compareSemvers } from '../equal.js';
import type { Quantity, Semver, Value } from '../value.js';
import type { CelFunction } from './function.js';
import { member, overload } from './function.js';

const comparison = (name: string, answer: (order: number) => Value): CelFunction =>
  member(
    '1.28',
    name,
    overload<[Quantity, Quantity]>(['quantity', 'quantity'], (pair) => answer(compareQuantities(...pair))),
    overload<[Semver, Semver]>(['semver', 'semver'], (pair) => answer(compareSemvers(...pair))),
  );

/** The comparisons of quantities, and since 1.33 of semantic versions. */
export const ordered: readonly CelFunction[] = [
  comparison('isGreaterThan', (order) => order > 0),
  comparison('isLessThan', (order) => order < 0),
  comparison('compareTo', (order) => BigInt(Math.sign(order))),
];
