import { sleep } from './time.js';

/** metav1.Status: what the API server answers when a request fails. */
export interface Status {
  message?: string;
  reason?: string;
  code?: number;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    causes?: { reason?: string; message?: string; field?: string }[];
    retryAfterSeconds?: number;
  };
}

/** An answer of the API server that is not a success. */
export class ApiError extends Error {
  override name = 'ApiError';
  /** The HTTP status. */
  readonly code: number;
  /** `NotFound`, `Conflict`, `Forbidden`, …; empty where the server gives none. */
  readonly reason: string;
  readonly details?: Status['details'];

  constructor(code: number, status: Status) {
    super(status.message || `the API server answered with the status ${code}`);
    this.code = code;
    this.reason = status.reason ?? '';
    if (status.details) this.details = status.details;
  }

  get isNotFound(): boolean {
    return this.code === 404;
  }

  /**
   * Not the object is missing, but its kind (or the subresource): the CRD is not installed, or the version is not served. `isNotFound`
   * is true as well.
   */
  get isNotServed(): boolean {
    return this.code === 404 && !this.details?.name;
  }

  get isAlreadyExists(): boolean {
    return this.reason === 'AlreadyExists';
  }

  get isForbidden(): boolean {
    return this.code === 403;
  }

  /** A ResourceQuota leaves no room: 403 on the wire, and nothing to be done about in a hurry. */
  get isQuotaExceeded(): boolean {
    return this.code === 403 && /\bexceeded quota: /.test(this.message);
  }

  /** The API server, or something before it, has too much to do or is not there: 429, 502, 503, 504. */
  get isOverloaded(): boolean {
    return this.code === 429 || (this.code >= 502 && this.code <= 504);
  }

  /** The resource version is too old to go on from: list again. */
  get isGone(): boolean {
    return this.code === 410;
  }

  get isTimeout(): boolean {
    return this.code === 504 || this.reason === 'Timeout' || this.reason === 'ServerTimeout';
  }

  /**
   * Another writer was first: read again, then try again. Also a JSON patch that does not fit the object, such as after a failed `test`,
   * which is 422 on the wire and names no object, unlike an object that is invalid.
   */
  get isConflict(): boolean {
    if (this.code === 409) return !this.isAlreadyExists && !this.isApplyConflict;
    return this.code === 422 && this.reason === 'Invalid' && !this.details?.name && !this.details?.causes;
  }

  /** Another field manager owns a field: a matter of ownership, which trying again does not solve. */
  get isApplyConflict(): boolean {
    return this.code === 409 && (this.details?.causes ?? []).some((cause) => cause.reason === 'FieldManagerConflict');
  }
}

/** Whether anything is an ApiError with the code 404. */
export const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.isNotFound;

/** Whether the API server says that the object is missing, and not its kind. */
export const isMissingObject = (error: unknown): boolean =>
  error instanceof ApiError && error.isNotFound && !error.isNotServed;

/** A failure that trying again does not solve: it is logged and counted, and the object waits for its next change. */
export class TerminalError extends Error {
  override name = 'TerminalError';
}

/** A write that was kept back, or broken off, because this process does not hold the lease of its leader election. */
export class NotLeaderError extends Error {
  override name = 'NotLeaderError';
}

/** There is no answer: the API server cannot be reached, or its answer broke off. A write may have happened nevertheless. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError';
  /** Of the system or of TLS: `ECONNREFUSED`, `ETIMEDOUT`, … */
  readonly code?: string;

  constructor(message: string, options: { cause?: unknown; code?: string | undefined } = {}) {
    super(message, { cause: options.cause });
    if (options.code !== undefined) this.code = options.code;
  }
}

/** A reconcile that cannot succeed before a time: it is tried again then, and counts as no failure. */
export class RetryLaterError extends Error {
  override name = 'RetryLaterError';
  /** Milliseconds. */
  readonly retryAfter: number;

  /** Throws TypeError for a time that is none. */
  constructor(message: string, { retryAfter, cause }: { retryAfter: number; cause?: unknown }) {
    super(message, { cause });
    if (!(Number.isFinite(retryAfter) && retryAfter >= 0))
      throw new TypeError(`\`retryAfter\` must be milliseconds from 0 on, but is ${String(retryAfter)}`, {
        cause: this,
      });
    this.retryAfter = retryAfter;
  }
}

/**
 * A mistake of who runs the operator: no kubeconfig, a wrong context, an unknown flag. The message says what to do, so it is printed
 * without a stack.
 */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Calls `fn` again after an optimistic conflict: `steps` times in all, by default 5, 10 ms apart with a tenth of jitter. Other errors pass;
 * the signal ends the waiting.
 */
export async function retryOnConflict<T>(
  fn: () => Promise<T>,
  { steps = 5, signal }: { steps?: number; signal?: AbortSignal } = {},
): Promise<T> {
  if (!(steps >= 1)) throw new TypeError(`\`steps\` must be a number from 1 on, but is ${steps}`);
  for (let step = 1; ; step++) {
    try {
      return await fn();
    } catch (error) {
      if (!(error instanceof ApiError && error.isConflict) || step >= steps) throw error;
      await sleep(10 * (1 + Math.random() / 10), signal);
    }
  }
}
