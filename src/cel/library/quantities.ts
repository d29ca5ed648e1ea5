import { aligned, compareQuantities } from '../equal.js';
import type { Quantity } from '../value.js';
import { EvaluationError } from '../value.js';
import type { CelFunction } from './function.js';
import { global, member, overload } from './function.js';

const decimals: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binaries: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** A quantity as Kubernetes reads it, rounded up to the ninth decimal; absent for other text. Digits may be missing: `Mi` is zero. */
function parseQuantity(text: string): Quantity | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(text);
  if (!match || text === '') return undefined;
  const [, sign, whole = '', fraction = '', power, suffix = ''] = match;
  const number = whole.replace(/^0+/, '') || '0';
  const shift = binaries[suffix];
  const exponent = (power ? Number(power.slice(1)) : (decimals[suffix] ?? 0)) - fraction.length;
  const digits = BigInt(`${number}${fraction}`) * (shift === undefined ? 1n : 2n ** BigInt(shift));
  const rounded = roundUp({ kind: 'quantity', digits, exponent, small: isSmall(number, fraction, exponent, shift) });
  return sign === '-' ? { ...rounded, digits: -rounded.digits } : rounded;
}

/** Whether Kubernetes keeps the number in 64 bits; only such quantities count as integers. */
function isSmall(whole: string, fraction: string, exponent: number, shift: number | undefined): boolean {
  if (shift === undefined) return whole.length + fraction.length <= 18 && exponent >= -9;
  return fraction === '' && 15 - whole.length - Math.trunc((shift * 3) / 10) - 1 >= 0;
}

function roundUp(quantity: Quantity): Quantity {
  if (quantity.exponent >= -9 || quantity.exponent < -10_000) return quantity;
  const unit = 10n ** BigInt(-9 - quantity.exponent);
  return { ...quantity, digits: (quantity.digits + unit - 1n) / unit, exponent: -9 };
}

function quantity(text: string): Quantity {
  const value = parseQuantity(text);
  if (!value) throw new EvaluationError('quantities must match the regular expression of quantities');
  return value;
}

const whole = (digits: bigint): Quantity => ({ kind: 'quantity', digits, exponent: 0, small: true });

function sum(left: Quantity, right: Quantity, factor: bigint): Quantity {
  if (left.digits === 0n) return { ...right, digits: right.digits * factor };
  if (right.digits === 0n) return left;
  const [a, b, exponent] = aligned(left, right);
  return { kind: 'quantity', digits: a + factor * b, exponent, small: left.small && right.small };
}

/** The integer, unless there is a fraction or it is beyond 64 bits. */
function integer({ digits, exponent, small }: Quantity): bigint | undefined {
  if (digits === 0n && small) return 0n;
  if (!small || exponent < 0) return undefined;
  const value = digits * 10n ** BigInt(exponent);
  return value < 2n ** 63n && value >= -(2n ** 63n) ? value : undefined;
}

const arithmetic = (name: string, factor: bigint): CelFunction =>
  member(
    '1.28',
    name,
    overload<[Quantity, Quantity]>(['quantity', 'quantity'], ([left, right]) => sum(left, right, factor)),
    overload<[Quantity, bigint]>(['quantity', 'int'], ([left, right]) => sum(left, whole(right), factor)),
  );

/** Comparisons are in `ordered.ts`, which quantities share with versions. */
export const quantities: readonly CelFunction[] = [
  global(
    '1.28',
    'quantity',
    overload<[string]>(['string'], ([text]) => quantity(text)),
  ),
  global(
    '1.28',
    'isQuantity',
    overload<[string]>(['string'], ([text]) => parseQuantity(text) !== undefined),
  ),
  global(
    '1.28',
    'sign',
    overload<[Quantity]>(['quantity'], ([value]) => BigInt(compareQuantities(value, whole(0n)))),
  ),
  member(
    '1.28',
    'isInteger',
    overload<[Quantity]>(['quantity'], ([value]) => integer(value) !== undefined),
  ),
  member(
    '1.28',
    'asInteger',
    overload<[Quantity]>(['quantity'], ([value]) => {
      const result = integer(value);
      if (result === undefined) throw new EvaluationError('cannot convert value to integer');
      return result;
    }),
  ),
  member(
    '1.28',
    'asApproximateFloat',
    overload<[Quantity]>(['quantity'], ([{ digits, exponent }]) => Number(`${digits}e${exponent}`)),
  ),
  arithmetic('add', 1n),
  arithmetic('sub', -1n),
];
