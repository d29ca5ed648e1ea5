import type { Kind, Value } from '../value.js';

/** What a function may spend beyond the step that its call costs; throws when there is no more. */
export type Spend = (steps: number) => void;

/** `any` fits every value. A member function has its receiver as the first parameter. */
export interface Overload {
  readonly params: readonly (Kind | 'any')[];
  readonly call: (args: never, spend: Spend) => Value;
}

/**
 * A function of CEL. `name`: the name, after its namespace (`sets.contains`) if it has one. `member`: it is called on a receiver.
 * `since`: the minor version of Kubernetes that introduced it; new rules may use it from the next one on.
 */
export interface CelFunction {
  readonly name: string;
  readonly member: boolean;
  readonly since: string;
  readonly overloads: readonly Overload[];
}

/** An overload; the tuple of `call` follows from the parameters. */
export const overload = <Args extends readonly Value[]>(
  params: readonly (Kind | 'any')[],
  call: (args: Args, spend: Spend) => Value,
): Overload => ({ params, call: call as Overload['call'] });

export const member = (since: string, name: string, ...overloads: readonly Overload[]): CelFunction => ({
  name,
  member: true,
  since,
  overloads,
});

export const global = (since: string, name: string, ...overloads: readonly Overload[]): CelFunction => ({
  name,
  member: false,
  since,
  overloads,
});
