/**
 * Cuts a description to `limit` bytes, then back to its last sentence, else to its last word and `...`, as controller-gen's maxDescLen does. 0 drops
 * it; no limit keeps it.
 */
export function shorten(text: string, limit: number | undefined): string | undefined {
  if (limit === 0) return undefined;
  if (limit === undefined || Buffer.byteLength(text) <= limit) return text;
  const cut = cutBytes(text, limit);
  const sentence = Math.max(...[...cut.matchAll(/[.!?。！？]/gu)].map((match) => match.index + match[0].length), 0);
  if (sentence > 0) return cut.slice(0, sentence);
  const word = cut.search(/\s\S*$/);
  return `${word > 0 ? cut.slice(0, word) : cut}...`;
}

function cutBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text).subarray(0, limit);
  return new TextDecoder().decode(bytes).replace(/\uFFFD+$/u, '');
}
