import type { Ending } from '../ending.js';
import type { Sources } from '../sources.js';
import { type Bundler, bundlePath } from './bundle.js';
import type { Generated } from './generate.js';
import type { Operator } from './operator.js';

/** What a session of `opgen dev` works with. */
export interface Session {
  readonly sources: Sources;
  readonly bundler: Bundler;
  generate(): Promise<Generated>;
  start(bundle: string): Operator;
  /** A line about what goes on. */
  say(line: string): void;
  /** A line about what is wrong. */
  warn(line: string): void;
}

/**
 * Generates, bundles and starts the operator, and does it again whenever a source changes, until the signal aborts.
 * With mistakes in the sources the old operator goes on. There are never two operators at once, and none is left at the
 * end.
 */
export async function runSession(session: Session, ending: Ending): Promise<void> {
  const { sources, say } = session;
  let operator: Operator | undefined;
  ending.signal.addEventListener('abort', () => sources.close(), { once: true });
  ending.onAgain(() => operator?.kill());
  try {
    for (;;) {
      await sources.changed();
      if (ending.signal.aborted) return;
      const isNew = await prepare(session, ending.signal, operator?.isRunning() === true);
      if (ending.signal.aborted) return;
      if (isNew === undefined || (!isNew && operator?.isRunning())) continue;
      if (operator?.isRunning()) say('Restarting the operator.');
      await end(operator, say);
      if (ending.signal.aborted) return;
      operator = start(session, ending.signal);
    }
  } finally {
    await end(operator, say);
  }
}

/** Whether the bundle is a new one; undefined if the sources have mistakes. */
async function prepare(
  { bundler, generate, say, warn }: Session,
  signal: AbortSignal,
  isRunning: boolean,
): Promise<boolean | undefined> {
  const generated = await generate();
  if (generated.report !== '') say(generated.report.trimEnd());
  if (/ config\/crd\/bases\//.test(generated.report)) say('`make install` brings the changed CRDs into the cluster.');
  const built = generated.succeeded ? await bundler.build() : { errors: [] };
  if (!('errors' in built)) return !built.unchanged;
  if (signal.aborted) return undefined;
  for (const error of built.errors) warn(error);
  warn(isRunning ? 'The operator stays as it was until this is mended.' : 'The operator starts when this is mended.');
  return undefined;
}

function start({ start, warn }: Session, signal: AbortSignal): Operator {
  const operator = start(bundlePath);
  let isStopping = false;
  const { stop } = operator;
  operator.ended.then((how) => {
    if (!isStopping && !signal.aborted)
      warn(`The operator has ended with ${how}. It starts again after the next change.`);
  });
  return {
    ...operator,
    stop: (onWait) => {
      isStopping = true;
      return stop(onWait);
    },
  };
}

async function end(operator: Operator | undefined, say: (line: string) => void): Promise<void> {
  await operator?.stop(() => say('Waiting for the operator to finish what it is doing.'));
}
