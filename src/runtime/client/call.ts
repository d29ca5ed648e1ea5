import type { Cluster, ClusterRequest } from '../cluster.js';
import { ApiError } from '../errors.js';
import { requestJson } from '../request.js';
import { type AnyResource, apiVersionOf, type K8sObject, resourceName } from '../resource.js';
import type { CallOptions } from './types.js';

/** Where the calls of a client go, and what they have in common. */
export interface Caller {
  readonly cluster: Cluster;
  readonly defaults: CallOptions;
}

/** A request, and what it is about. */
export interface Call extends Omit<ClusterRequest, 'body' | 'signal'> {
  resource: AnyResource;
  subresource?: string | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/**
 * Sends a request with JSON and gives the parsed answer. Rejects with ApiError; that of a kind which the API server does not serve says
 * so, for its own message is `404 page not found`.
 */
export async function call<T>({ cluster, defaults }: Caller, about: Call): Promise<T> {
  const { resource, subresource, body, signal = defaults.signal, ...request } = about;
  try {
    return await requestJson<T>(cluster, {
      ...request,
      ...(signal && { signal }),
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json', ...request.headers },
        body: JSON.stringify(body),
      }),
    });
  } catch (error) {
    throw error instanceof ApiError && error.isNotServed ? notServed(error, resource, subresource) : error;
  }
}

function notServed({ code, reason, details }: ApiError, resource: AnyResource, subresource?: string): ApiError {
  const kind = `\`${resourceName(resource)}\` in the version ${resource.version}`;
  const message =
    subresource === undefined
      ? `the API server serves no ${kind}: install its CRD, or correct the resource handle`
      : `the API server serves no \`${subresource}\` of ${kind}: its CRD is missing, or has no such subresource`;
  return new ApiError(code, { message, reason: reason || 'NotFound', ...(details && { details }) });
}

/** The query of a write. */
export function queryOf({ defaults }: Caller, options: CallOptions = {}): Record<string, string> {
  const { dryRun, fieldOwner, fieldValidation } = { ...defaults, ...options };
  return {
    ...(dryRun && { dryRun: 'All' }),
    ...(fieldOwner && { fieldManager: fieldOwner }),
    ...(fieldValidation && { fieldValidation }),
  };
}

/** The object with the `apiVersion` and `kind` of its resource where it has none: items of lists lack them, and bodies need them. */
export function typed<T extends K8sObject>(resource: AnyResource, object: T): T {
  return object.apiVersion && object.kind
    ? object
    : { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind };
}
