import { stampAnnotation } from '../objects.js';

/** What a process has done so far. */
export interface Progress {
  readonly reconciles: number;
  readonly failures: number;
}

/** What a process has measured since the last report. */
export interface Report {
  /** Bytes, after a collection where `--expose-gc` is set. */
  readonly heap: number;
  /** Nanoseconds from the change of an object to its reconcile, in order. */
  readonly latencies: readonly number[];
}

export const print = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

/** Counts up to `expected` events and says how long that took, again and again. */
export function createCounter(expected: number): () => void {
  let counted = 0;
  let first = 0n;
  return () => {
    const at = process.hrtime.bigint();
    if (counted === 0) first = at;
    counted++;
    if (counted < expected) return;
    print({ counted, ns: Number(at - first) });
    counted = 0;
  };
}

/** Notes how long after its stamp an object is reconciled for the first time. Answers SIGUSR2 with the progress, and SIGHUP with a report. */
export function createMeter() {
  const seen = new Map<string, string>();
  let latencies: number[] = [];
  let reconciles = 0;
  let failures = 0;
  process.on('SIGUSR2', () => print({ reconciles, failures } satisfies Progress));
  process.on('SIGHUP', () => {
    globalThis.gc?.();
    globalThis.gc?.();
    print({ heap: process.memoryUsage().heapUsed, latencies: latencies.sort((a, b) => a - b) } satisfies Report);
    latencies = [];
  });
  return {
    started(name: string, annotations: Readonly<Record<string, string>> | undefined): void {
      reconciles++;
      const stamp = annotations?.[stampAnnotation];
      if (stamp === undefined || seen.get(name) === stamp) return;
      seen.set(name, stamp);
      latencies.push(Number(process.hrtime.bigint() - BigInt(stamp)));
    },
    failed(): void {
      failures++;
    },
  };
}
