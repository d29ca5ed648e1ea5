import { ApiError, NoAnswerError, RetryLaterError, TerminalError } from '../errors.js';

const kinds = [TerminalError, RetryLaterError, NoAnswerError, ApiError];
const deepest = 10;

/** The first error of the chain of causes that says more than that something failed; the error itself where none does. */
export function tellingCause(error: unknown): unknown {
  let each = error;
  for (let depth = 0; depth < deepest && each instanceof Error; depth++, each = each.cause)
    if (kinds.some((kind) => each instanceof kind)) return each;
  return error;
}
