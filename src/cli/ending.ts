/** Who wants a command to end that would go on: the first call ends it gracefully, the next ones at once. */
export interface Ending {
  readonly signal: AbortSignal;
  onAgain(action: () => void): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Turns the signals of this process into an end, until `release` is called. A standard error that nobody reads any more is one too. */
export function onSignals(): Ending & { release(): void } {
  const ending = new AbortController();
  let again = (): void => {};
  const stop = (): void => {
    if (ending.signal.aborted) again();
    else ending.abort();
  };
  for (const signal of signals) process.on(signal, stop);
  const onBroken = (): void => ending.abort();
  process.stderr.on('error', onBroken);
  return {
    signal: ending.signal,
    onAgain(action) {
      again = action;
    },
    release() {
      for (const signal of signals) process.off(signal, stop);
      process.stderr.off('error', onBroken);
    },
  };
}
