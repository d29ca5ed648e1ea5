let shared: AbortSignal | undefined;

/** Aborts at the first SIGTERM or SIGINT; the second one ends the process with 1. Every call gives the same signal. */
export function onSignals(): AbortSignal {
  shared ??= listen();
  return shared;
}

function listen(): AbortSignal {
  const stop = new AbortController();
  const receive = (name: NodeJS.Signals): void => {
    if (stop.signal.aborted) process.exit(1);
    stop.abort(new Error(`received ${name}`));
  };
  process.on('SIGTERM', receive);
  process.on('SIGINT', receive);
  return stop.signal;
}
