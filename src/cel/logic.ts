import type { Value } from './value.js';
import { EvaluationError, NotEvaluated, noSuchOverload } from './value.js';

/** The value of a condition. */
export function isTrue(value: Value): boolean {
  if (typeof value !== 'boolean') throw noSuchOverload();
  return value;
}

/**
 * `||` (decided by true) or `&&` (decided by false) over parts that are asked from left to right until one decides. Then errors of
 * the others do not matter; otherwise the first error is that of the whole.
 */
export function decide(parts: readonly (() => Value)[], decisive: boolean): boolean {
  let failure: Error | undefined;
  for (const part of parts) {
    try {
      const value = part();
      if (value === decisive) return decisive;
      if (typeof value !== 'boolean') throw noSuchOverload();
    } catch (error) {
      if (!(error instanceof EvaluationError || error instanceof NotEvaluated)) throw error;
      failure = failure === undefined || error instanceof NotEvaluated ? error : failure;
    }
  }
  if (failure) throw failure;
  return !decisive;
}
