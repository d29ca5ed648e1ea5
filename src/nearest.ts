/**
 * The name of `candidates` that is nearest to `name`, if it is near enough to be a slip of the finger. Of names with colons only the parts that
 * differ are compared: a long prefix in common makes nothing more alike.
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const start = sharedPrefix(name, candidate);
    const [typed, meant] = [name.slice(start).toLowerCase(), candidate.slice(start).toLowerCase()];
    const distance = editDistance(typed, meant);
    const isNear = typed !== '' && distance <= Math.max(1, Math.floor(typed.length / 3));
    if (isNear && (!best || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** The length of what two names share up to their last common colon. */
function sharedPrefix(a: string, b: string): number {
  let end = 0;
  for (let i = 0; i < a.length && a[i] === b[i]; i++) if (a[i] === ':') end = i + 1;
  return end;
}

/** Insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? beforeLast[j - 2]! + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(last[j]! + 1, current[j - 1]! + 1, substitution, swap));
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length]!;
}
