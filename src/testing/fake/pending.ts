/** What is under way in a fake cluster. */
export interface Pending {
  /** Counts one thing until the returned function is called. */
  begin(): () => void;
  /** Resolves when nothing is under way for some turns of the event loop; rejects after 10 s. */
  settle(): Promise<void>;
}

// Taken at the start, so that fake timers of a test do not stop them.
const { setImmediate: nextTurn } = globalThis;
const clock = performance.now.bind(performance);

const quietTurns = 6;
const patienceMilliseconds = 10_000;

export function createPending(): Pending {
  let count = 0;
  return {
    begin() {
      let counted = true;
      count++;
      return () => {
        if (counted) count--;
        counted = false;
      };
    },
    async settle() {
      const start = clock();
      for (let quiet = 0; quiet < quietTurns; quiet = count === 0 ? quiet + 1 : 0) {
        await new Promise<void>((done) => nextTurn(done));
        if (clock() - start > patienceMilliseconds) throw new Error(tooBusy(count));
      }
    },
  };
}

const tooBusy = (count: number): string =>
  `A fake cluster must come to rest within ${patienceMilliseconds / 1000} s, but ${count} requests and watch events are pending, ` +
  'or new ones follow all the time';
