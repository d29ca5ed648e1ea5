import { createHash } from 'node:crypto';
import type { Cluster } from '../cluster.js';
import { withDeadline } from '../deadline.js';
import { ApiError } from '../errors.js';
import type { Logger } from '../log.js';
import { createMemory } from './remember.js';
import { reviewAccess, reviewToken, type User, type Wish } from './reviews.js';

/** What a request is answered with that may not pass; undefined lets it pass. */
export interface Refusal {
  readonly status: 401 | 403 | 500;
  readonly text: string;
}

/** Decides by the header `authorization` of a request. */
export type Guard = (authorization: string | undefined, wish: Wish) => Promise<Refusal | undefined>;

export interface GuardTools {
  readonly cluster: Cluster;
  readonly log: Logger;
  /** Ends the questions to the API server. */
  readonly signal: AbortSignal;
}

const minute = 60_000;

/** Milliseconds. */
const times = { token: minute, allowed: 5 * minute, denied: minute / 2, review: 10_000 };

const hint =
  'the service account of the operator needs `create` on tokenreviews.authentication.k8s.io and subjectaccessreviews.authorization.k8s.io, as in config/rbac/metrics_auth_role.yaml';

/**
 * Lets requests pass whose bearer token belongs to a user that may do what it wants, as TokenReview and SubjectAccessReview say.
 *
 * Guarantees: never rejects; tokens are kept as digests only. 401: no token, or none that is known. 403: known, and not allowed. 500: the
 * API server does not say; the reason goes to the log, once until it says something again.
 */
export function createGuard({ cluster, log, signal }: GuardTools): Guard {
  const users = createMemory<User | undefined>(() => times.token);
  const permissions = createMemory<boolean>((isAllowed) => (isAllowed ? times.allowed : times.denied));
  let wasHeard = true;

  const userOf = (token: string): Promise<User | undefined> =>
    users.get(createHash('sha256').update(token).digest('base64'), () =>
      withDeadline(times.review, signal, (within) => reviewToken(cluster, token, within)),
    );
  const isAllowed = (user: User, wish: Wish): Promise<boolean> =>
    permissions.get(JSON.stringify([user, wish]), () =>
      withDeadline(times.review, signal, (within) => reviewAccess(cluster, user, wish, within)),
    );
  const report = (error: unknown): void => {
    const fields = error instanceof ApiError && error.code === 403 ? { hint } : {};
    const message = 'A request for metrics cannot be checked, and is refused';
    if (wasHeard) log.error(error, message, fields);
    else log.debug(message, { error, ...fields });
    wasHeard = false;
  };

  return async (authorization, wish) => {
    const [, token] = /^bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) return refusals.unknown;
    try {
      const user = await userOf(token);
      if (user === undefined) return refusals.unknown;
      const passes = await isAllowed(user, wish);
      wasHeard = true;
      return passes ? undefined : refusals.forbidden;
    } catch (error) {
      report(error);
      return refusals.failed;
    }
  };
}

const refusals = {
  unknown: { status: 401, text: 'Unauthorized\n' },
  forbidden: { status: 403, text: 'Forbidden\n' },
  failed: { status: 500, text: 'Authentication or authorization failed\n' },
} as const;
