import { appendFileSync, statSync } from 'node:fs';

/** What GitHub takes as the summary of one step. */
const limit = 1024 * 1024;

/** Adds text to the file of a summary, as long as it stays below the limit. Gives what went wrong, if something did. */
export function appendToSummary(file: string, make: (bytes: number) => string): string | undefined {
  try {
    appendFileSync(file, make(limit - (statSync(file, { throwIfNoEntry: false })?.size ?? 0)));
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
