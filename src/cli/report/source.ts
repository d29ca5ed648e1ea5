import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The lines of a file below a root, as positions in diagnostics count them; `undefined` if it cannot be read. */
export type ReadLines = (file: string) => readonly string[] | undefined;

/** Reads each file once. */
export function lineReader(root: string | undefined): ReadLines {
  const known = new Map<string, readonly string[] | undefined>();
  return (file) => {
    if (root !== undefined && !known.has(file)) known.set(file, linesOf(join(root, file)));
    return known.get(file);
  };
}

/** TypeScript ends a line at more characters than other formats do; a byte order mark is no column. */
function linesOf(path: string): readonly string[] | undefined {
  try {
    const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    return text.split(path.endsWith('.ts') ? /\r\n|[\n\r\u2028\u2029]/ : /\r?\n/);
  } catch {
    return undefined;
  }
}
