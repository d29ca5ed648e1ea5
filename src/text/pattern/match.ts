import { automatonOf, type State } from './automaton.js';
import type { Assertion } from './expression.js';

/** Where a match lies, in code points. */
interface Match {
  readonly start: number;
  readonly end: number;
}

interface Thread {
  readonly state: number;
  readonly start: number;
}

const automatons = new Map<string, readonly State[] | undefined>();

/**
 * Whether a pattern of Go matches somewhere in a text, in time that is linear in the text; absent for a pattern that Go refuses.
 * `spend` is told of the steps and may throw.
 */
export function matches(pattern: string, text: string, spend?: (steps: number) => void): boolean | undefined {
  const states = cached(pattern);
  return states && search(states, codePoints(text), 0, spend, true) !== undefined;
}

/** The matches that do not overlap, from left to right; absent for a pattern that Go refuses. */
export function allMatches(
  pattern: string,
  text: string,
  limit: number,
  spend?: (steps: number) => void,
): readonly string[] | undefined {
  const states = cached(pattern);
  if (!states) return undefined;
  const points = codePoints(text);
  const found: string[] = [];
  let previousEnd = -1;
  for (let from = 0; from <= points.length && found.length < limit; ) {
    const match = search(states, points, from, spend, false);
    if (!match) break;
    const isEmpty = match.start === match.end;
    if (!isEmpty || match.end !== previousEnd)
      found.push(String.fromCodePoint(...points.slice(match.start, match.end)));
    previousEnd = match.end;
    from = isEmpty ? match.end + 1 : match.end;
  }
  return found;
}

function cached(pattern: string): readonly State[] | undefined {
  if (!automatons.has(pattern)) {
    if (automatons.size >= 1000) automatons.clear();
    automatons.set(pattern, automatonOf(pattern));
  }
  return automatons.get(pattern);
}

const codePoints = (text: string): readonly number[] => [...text].map((char) => char.codePointAt(0)!);

/** The leftmost match, of those the preferred one; any match when only `whether` is asked. */
function search(
  states: readonly State[],
  points: readonly number[],
  from: number,
  spend: ((steps: number) => void) | undefined,
  whether: boolean,
): Match | undefined {
  const visited = new Int32Array(states.length).fill(-1);
  let threads: Thread[] = [];
  let found: Match | undefined;
  for (let at = from; at <= points.length; at++) {
    if (!found) enter(states, { state: 0, start: at }, at, points, visited, threads);
    spend?.(threads.length / 10);
    const next: Thread[] = [];
    for (const thread of threads) {
      const state = states[thread.state]!;
      if (state.op === 'done') {
        found = { start: thread.start, end: at };
        if (whether) return found;
        break;
      }
      if (state.op === 'take' && at < points.length && state.test(points[at]!)) {
        enter(states, { state: thread.state + 1, start: thread.start }, at + 1, points, visited, next);
      }
    }
    threads = next;
    if (found && threads.length === 0) break;
  }
  return found;
}

/** Follows forks and assertions from a state, in the order of preference, up to states that take a character or end. */
function enter(
  states: readonly State[],
  thread: Thread,
  at: number,
  points: readonly number[],
  visited: Int32Array,
  threads: Thread[],
): void {
  const pending = [thread.state];
  while (pending.length > 0) {
    const index = pending.pop()!;
    if (visited[index] === at) continue;
    visited[index] = at;
    const state = states[index]!;
    if (state.op === 'fork') pending.push(...[...state.ways].reverse());
    else if (state.op !== 'assert') threads.push({ state: index, start: thread.start });
    else if (holds(state.what, points, at)) pending.push(index + 1);
  }
}

const isWord = (codePoint: number | undefined): boolean =>
  codePoint !== undefined && codePoint < 128 && /\w/.test(String.fromCharCode(codePoint));

function holds(what: Assertion, points: readonly number[], at: number): boolean {
  switch (what) {
    case 'start':
      return at === 0;
    case 'end':
      return at === points.length;
    case 'lineStart':
      return at === 0 || points[at - 1] === 10;
    case 'lineEnd':
      return at === points.length || points[at] === 10;
    default:
      return (isWord(points[at - 1]) !== isWord(points[at])) === (what === 'word');
  }
}
