/** The texts of a `Warning` header with the code 299, which the API server warns of deprecated or unknown fields with. */
export function warningsOf(header: string | undefined): string[] {
  if (header === undefined) return [];
  return [...header.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1'));
}

const mostTexts = 1_000;

/** Calls `tell` with each text once; of more than 1000 different ones, the oldest may be told again. */
export function onceEach(tell: (text: string) => void): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (told.has(text)) return;
    const [oldest] = told;
    if (told.size === mostTexts && oldest !== undefined) told.delete(oldest);
    told.add(text);
    tell(text);
  };
}
