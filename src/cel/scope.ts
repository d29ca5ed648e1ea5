import type { Node } from './ast.js';
import type { Value } from './value.js';
import { NotEvaluated } from './value.js';

/** A variable and those that were there before it. */
export interface Scope {
  readonly name: string;
  readonly value: Value;
  readonly outer: Scope | undefined;
}

/** What an evaluation may still spend. */
export interface Budget {
  steps: number;
}

/** Evaluates a part of an expression. */
export type Evaluate = (node: Node, scope: Scope | undefined, budget: Budget) => Value;

export function lookUp(scope: Scope | undefined, name: string): Scope | undefined {
  for (let each = scope; each; each = each.outer) if (each.name === name) return each;
  return undefined;
}

/** As the API server ends expensive rules; where exactly is not the same. */
export function spend(budget: Budget, steps: number): void {
  budget.steps -= steps;
  if (budget.steps < 0) throw new NotEvaluated('it takes too many steps');
}
