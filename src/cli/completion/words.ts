/** The words of a command line up to the cursor, as bash reads them; the last one is being typed. */
export interface TypedLine {
  readonly words: readonly string[];
  /** The last word stands in quotes that are still open. */
  readonly isQuoted: boolean;
}

/** Splits what has been typed at unquoted white space; quotes and backslashes are taken away. An end in white space begins an empty word. */
export function splitLine(line: string): TypedLine {
  const words = [''];
  let quote: '"' | "'" | undefined;
  let isOpen = false;
  const add = (text: string): void => {
    words[words.length - 1] += text;
    isOpen = true;
  };
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (quote === undefined && /\s/.test(char)) {
      if (isOpen) words.push('');
      isOpen = false;
    } else if (char === quote) quote = undefined;
    else if (quote === undefined && (char === '"' || char === "'")) {
      quote = char;
      isOpen = true;
    } else if (char === '\\' && quote !== "'" && i + 1 < line.length) {
      i++;
      add(quote === '"' && !/["\\$`]/.test(line[i]!) ? `\\${line[i]}` : line[i]!);
    } else add(char);
  }
  return { words, isQuoted: quote !== undefined };
}
