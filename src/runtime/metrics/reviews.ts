import type { Cluster } from '../cluster.js';
import { requestJson } from '../request.js';

/** Who a token belongs to, as a TokenReview says. */
export interface User {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** The user of a token; undefined where the API server does not know it. Rejects with ApiError. */
export async function reviewToken(cluster: Cluster, token: string, signal: AbortSignal): Promise<User | undefined> {
  const { status } = await post<{ authenticated?: boolean; user?: User }>(
    cluster,
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', plural: 'tokenreviews', spec: { token } },
    signal,
  );
  return status?.authenticated === true ? (status.user ?? {}) : undefined;
}

/** What a user wants of a path that is no resource. */
export interface Wish {
  /** A method of HTTP in lower case. */
  readonly verb: string;
  readonly path: string;
}

/** Whether the API server's authorizers allow it. Rejects with ApiError. */
export async function reviewAccess(cluster: Cluster, user: User, wish: Wish, signal: AbortSignal): Promise<boolean> {
  const { username, ...rest } = user;
  const spec = { user: username, ...rest, nonResourceAttributes: wish };
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    plural: 'subjectaccessreviews',
    spec,
  };
  const { status } = await post<{ allowed?: boolean }>(cluster, review, signal);
  return status?.allowed === true;
}

interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly spec: object;
}

function post<S>(cluster: Cluster, { plural, ...body }: Review, signal: AbortSignal): Promise<{ status?: S }> {
  return requestJson(cluster, {
    method: 'POST',
    path: `/apis/${body.apiVersion}/${plural}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
}
