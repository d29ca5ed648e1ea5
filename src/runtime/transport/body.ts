import type { IncomingMessage } from 'node:http';

export interface BodyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that the next piece may take; undefined: as long as it likes. */
  readonly patience: number | undefined;
  /** Makes the error of a body that breaks off. */
  broken(error: unknown): Error;
}

/**
 * The body of an answer, piece by piece. Rejects with the reason of the signal, or when the body breaks off or stands still; then its
 * connection ends. Time that the reader takes does not count.
 */
export async function* bodyOf(answer: IncomingMessage, { signal, patience, broken }: BodyOptions) {
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    if (patience !== undefined) timer = setTimeout(() => answer.destroy(standstill(patience)), patience);
  };
  try {
    wait();
    for await (const chunk of answer) {
      clearTimeout(timer);
      signal?.throwIfAborted();
      yield chunk as Uint8Array;
      wait();
    }
  } catch (error) {
    throw signal?.aborted ? signal.reason : broken(error);
  } finally {
    clearTimeout(timer);
  }
}

const standstill = (milliseconds: number): Error =>
  Object.assign(new Error(`nothing came for ${milliseconds / 1000} seconds`), { code: 'ETIMEDOUT' });

/** Milliseconds that the rest of an answer may take for its connection to be used again. */
const discardPatience = 1000;

/** Drops an answer that nobody reads. */
export function discard(answer: IncomingMessage): void {
  const timer = setTimeout(() => answer.destroy(), discardPatience);
  answer.once('close', () => clearTimeout(timer)).resume();
}
