import { sleep } from '../time.js';

/** Parts that run at the same time and end together. */
export interface Group {
  /** Calls `start`; a rejection goes to `onFailure`, and so does what it throws. */
  run(part: Part): void;
  /** Resolves with the parts that have not ended within so many milliseconds; negative = no limit. */
  ended(within: number): Promise<readonly Part[]>;
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
    async ended(within) {
      await withinTime(Promise.all(going.values()), within);
      return [...going.keys()];
    },
  };
}

/** Resolves when the promise has settled, at the latest after so many milliseconds; negative = no limit. Never rejects. */
export async function withinTime(promise: Promise<unknown>, milliseconds: number): Promise<void> {
  const settled = promise.then(
    () => {},
    () => {},
  );
  if (milliseconds < 0) return settled;
  const timer = new AbortController();
  const late = sleep(milliseconds, timer.signal).catch(() => {});
  await Promise.race([settled, late]);
  timer.abort();
}
