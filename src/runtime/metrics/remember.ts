/** The results of questions, each for a time of its own. */
export interface Memory<T> {
  /** The result that is remembered, or that of `ask`; who asks while it is asked waits for the same one. A rejection is not remembered. */
  get(key: string, ask: () => Promise<T>): Promise<T>;
}

/** More results than that are not kept: strangers may ask anything. */
const mostResults = 1000;

/** `lifetime` says for how many milliseconds a result counts. */
export function createMemory<T>(lifetime: (result: T) => number): Memory<T> {
  const results = new Map<string, { readonly result: T; readonly until: number }>();
  const asking = new Map<string, Promise<T>>();

  const keep = (key: string, result: T): void => {
    results.delete(key);
    results.set(key, { result, until: performance.now() + lifetime(result) });
    const [oldest] = results.keys();
    if (results.size > mostResults && oldest !== undefined) results.delete(oldest);
  };

  return {
    async get(key, ask) {
      const known = results.get(key);
      if (known && performance.now() < known.until) return known.result;
      const waiting = asking.get(key);
      if (waiting) return waiting;
      const answer = ask();
      asking.set(key, answer);
      try {
        const result = await answer;
        keep(key, result);
        return result;
      } finally {
        asking.delete(key);
      }
    },
  };
}
