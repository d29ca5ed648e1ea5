import { withinTime } from '../deadline.js';

/** Parts that run at the same time and end together. */
export interface Group {
  /** Calls `start`; a rejection goes to `onFailure`, and so does what it throws. */
  run(part: Part): void;
  /** Resolves with the parts that have not ended within so many milliseconds (negative = no limit), or when `hurry` settles. */
  ended(within: number, hurry?: Promise<unknown>): Promise<readonly Part[]>;
}

export interface Part {
  /** For messages: `controller memcached`. */
  readonly title: string;
  start(): Promise<unknown>;
  /** What it is still busy with, for messages. */
  readonly running?: () => readonly string[];
}

export function createGroup(onFailure: (error: unknown) => void): Group {
  const going = new Map<Part, Promise<void>>();
  return {
    run(part) {
      const end = (async () => void (await part.start()))()
        .catch(onFailure)
        .finally(() => going.delete(part));
      going.set(part, end);
    },
    async ended(within, hurry) {
      const all = Promise.all(going.values());
      await withinTime(hurry ? Promise.race([all, hurry]) : all, within);
      return [...going.keys()];
    },
  };
}
