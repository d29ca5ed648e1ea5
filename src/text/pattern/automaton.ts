import { PatternError } from './characters.js';
import { type Assertion, type Expression, readExpression } from './expression.js';

/** One state of an automaton: it takes a character, forks (the first way is preferred), asserts or ends. */
export type State =
  | { readonly op: 'take'; readonly test: (codePoint: number) => boolean }
  | { readonly op: 'fork'; readonly ways: number[] }
  | { readonly op: 'assert'; readonly what: Assertion }
  | { readonly op: 'done' };

/** Beyond that, no automaton is built. */
const maxStates = 100_000;

/** The automaton of a pattern of Go; absent for one that Go refuses or that is too large. */
export function automatonOf(pattern: string): readonly State[] | undefined {
  const expression = readExpression(pattern);
  if (!expression) return undefined;
  try {
    const states: State[] = [];
    build(expression, states);
    states.push({ op: 'done' });
    return states;
  } catch (error) {
    if (error instanceof PatternError) return undefined;
    throw error;
  }
}

function build(expression: Expression, states: State[]): void {
  if (states.length > maxStates) throw new PatternError('the pattern is too large');
  switch (expression.type) {
    case 'take':
      states.push({ op: 'take', test: expression.test });
      return;
    case 'assert':
      states.push({ op: 'assert', what: expression.what });
      return;
    case 'sequence':
      for (const part of expression.parts) build(part, states);
      return;
    case 'choice':
      buildChoice(expression.branches, states);
      return;
    case 'repeat':
      buildRepeat(expression, states);
  }
}

const fork = (states: State[]): number[] => {
  const ways: number[] = [];
  states.push({ op: 'fork', ways });
  return ways;
};

function buildChoice(branches: readonly Expression[], states: State[]): void {
  const ways = fork(states);
  const ends: number[][] = [];
  for (const branch of branches) {
    ways.push(states.length);
    build(branch, states);
    ends.push(fork(states));
  }
  for (const end of ends) end.push(states.length);
}

function buildRepeat({ part, min, max, lazy }: Extract<Expression, { type: 'repeat' }>, states: State[]): void {
  for (let count = 0; count < min; count++) build(part, states);
  const order = (into: number, past: number) => (lazy ? [past, into] : [into, past]);
  if (max === Infinity) {
    const loop = states.length;
    const ways = fork(states);
    build(part, states);
    fork(states).push(loop);
    ways.push(...order(loop + 1, states.length));
    return;
  }
  const exits: { ways: number[]; into: number }[] = [];
  for (let count = min; count < max; count++) {
    const ways = fork(states);
    exits.push({ ways, into: states.length });
    build(part, states);
  }
  for (const { ways, into } of exits) ways.push(...order(into, states.length));
}
