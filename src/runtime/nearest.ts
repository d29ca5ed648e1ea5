/** The candidate with the fewest letters to change, if these are no more than a third of the word. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 3));
  const [best] = candidates
    .map((candidate) => ({ candidate, edits: editsBetween(word, candidate) }))
    .filter(({ edits }) => edits <= most)
    .sort((left, right) => left.edits - right.edits);
  return best?.candidate;
}

/** Insertions, deletions and substitutions that make `to` of `from`. */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const letter of from) {
    const above = row;
    row = [(above[0] ?? 0) + 1];
    for (let at = 0; at < to.length; at++) {
      const replaced = (above[at] ?? 0) + (letter === to[at] ? 0 : 1);
      row.push(Math.min(replaced, (above[at + 1] ?? 0) + 1, (row[at] ?? 0) + 1));
    }
  }
  return row.at(-1) ?? 0;
}
