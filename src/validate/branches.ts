import type { Result } from './result.js';
import { failed, isPassed } from './result.js';

/** A failure of the branches together. */
export const branchFailure = (path: string, fact: string): Result =>
  failed(path, `Invalid value: "": ${JSON.stringify(path)} ${fact}`);

/** The outcome of the failed branch that came closest. */
function best(results: readonly Result[]): Result {
  return results.reduce((left, right) => (right.matches > left.matches ? right : left));
}

/** The outcomes of the branches of anyOf in, what counts of them out. */
export function anyOf(outcomes: readonly Result[], path: string): readonly Result[] {
  if (outcomes.length === 0) return [];
  const success = outcomes.find(isPassed);
  return success ? [success] : [branchFailure(path, 'must validate at least one schema (anyOf)'), best(outcomes)];
}

export function oneOf(outcomes: readonly Result[], path: string): readonly Result[] {
  if (outcomes.length === 0) return [];
  const successes = outcomes.filter(isPassed);
  if (successes.length === 1) return successes;
  const fact = 'must validate one and only one schema (oneOf). Found';
  if (successes.length > 1) return [branchFailure(path, `${fact} ${successes.length} valid alternatives`)];
  return [branchFailure(path, `${fact} none valid`), best(outcomes)];
}

export function allOf(outcomes: readonly Result[], path: string): readonly Result[] {
  if (outcomes.every(isPassed)) return outcomes;
  const fact = `must validate all the schemas (allOf)${outcomes.some(isPassed) ? '' : '. None validated'}`;
  return [...outcomes, branchFailure(path, fact)];
}
