/** The name that is at most a third of its length away by added, removed and changed letters. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const rated = names.map((each) => ({ each, steps: distance(name, each) }));
  const near = rated.filter(({ each, steps }) => steps <= Math.max(1, each.length / 3));
  return near.sort((left, right) => left.steps - right.steps)[0]?.each;
}

function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const letter of left) {
    const next = [(row[0] ?? 0) + 1];
    for (const [index, other] of [...right].entries()) {
      const change = (row[index] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
