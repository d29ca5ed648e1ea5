import { ApiError, type Status } from '../../runtime/errors.js';
import { type AnyResource, resourceName } from '../../runtime/resource.js';
import type { ValueFinding } from '../../validate/result.js';

type Cause = NonNullable<NonNullable<Status['details']>['causes']>[number];

/** metav1.Status as the API server writes it. */
export function statusBody({ code, reason, message, details }: ApiError): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason && { reason }),
    ...(details && { details }),
    code,
  };
}

const about = ({ group, plural }: AnyResource, name?: string): Status['details'] => ({
  ...(name && { name }),
  ...(group && { group }),
  kind: plural,
});

const named = (resource: AnyResource, name: string): string => `${resourceName(resource)} "${name}"`;

export const notFound = (resource: AnyResource, name: string): ApiError =>
  new ApiError(404, {
    reason: 'NotFound',
    message: `${named(resource, name)} not found`,
    details: about(resource, name) ?? {},
  });

/** `hint` follows the words of the API server. */
export const noSuchPath = (hint = ''): ApiError =>
  new ApiError(404, {
    reason: 'NotFound',
    message: `the server could not find the requested resource${hint}`,
    details: {},
  });

export const alreadyExists = (resource: AnyResource, name: string): ApiError =>
  new ApiError(409, {
    reason: 'AlreadyExists',
    message: `${named(resource, name)} already exists`,
    details: about(resource, name) ?? {},
  });

export const badRequest = (message: string): ApiError => new ApiError(400, { reason: 'BadRequest', message });

export const expired = (message: string): ApiError => new ApiError(410, { reason: 'Expired', message });

export const methodNotAllowed = (resource: AnyResource, verb: string): ApiError =>
  new ApiError(405, {
    reason: 'MethodNotAllowed',
    message: `${verb} is not supported on resources of kind "${resourceName(resource)}"`,
    details: about(resource) ?? {},
  });

export const unsupportedMediaType = (accepted: readonly string[]): ApiError =>
  new ApiError(415, {
    reason: 'UnsupportedMediaType',
    message: `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  });

/** Of a patch of a built-in kind. */
export const unsupportedPatch = (): ApiError =>
  new ApiError(415, { reason: 'UnsupportedMediaType', message: '415: Unsupported Media Type', details: {} });

export const notAcceptable = (): ApiError =>
  new ApiError(406, {
    reason: 'NotAcceptable',
    message:
      'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  });

/** What the API server says of a JSON patch that it cannot apply, a failed test included. */
export const rejectedPatch = (): ApiError =>
  new ApiError(422, {
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });

export const modified = (resource: AnyResource, name: string): ApiError =>
  conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

export const conflict = (resource: AnyResource, name: string, fact: string): ApiError =>
  new ApiError(409, {
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${named(resource, name)}: ${fact}`,
    details: about(resource, name) ?? {},
  });

/** The conflict of a precondition, which names the kind in place of the resource. */
export const preconditionFailed = ({ group, kind }: AnyResource, name: string, fact: string): ApiError =>
  conflict({ group, version: '', kind, plural: kind, namespaced: true }, name, fact);

/** `kind` is the kind, or for some checks the plural, as the API server has it. */
export function invalid(
  { group, kind }: { group: string; kind: string },
  name: string,
  findings: readonly ValueFinding[],
): ApiError {
  const lines = [...new Set(findings.map(({ path, message }) => `${path}: ${message}`))];
  const text = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  return new ApiError(422, {
    reason: 'Invalid',
    message: `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${text}`,
    details: { ...(name && { name }), ...(group && { group }), ...(kind && { kind }), causes: findings.map(causeOf) },
  });
}

/** An option of the request that is wrong, such as `dryRun` of CreateOptions. */
export const invalidOption = (kind: string, path: string, message: string): ApiError =>
  invalid({ group: 'meta.k8s.io', kind }, '', [{ path, message }]);

const reasons: readonly (readonly [RegExp, string])[] = [
  [/must be of type/, 'FieldValueTypeInvalid'],
  [/^Required value/, 'FieldValueRequired'],
  [/^Unsupported value/, 'FieldValueNotSupported'],
  [/^Duplicate value/, 'FieldValueDuplicate'],
  [/^Forbidden/, 'FieldValueForbidden'],
  [/^Too long/, 'FieldValueTooLong'],
  [/^Too many/, 'FieldValueTooMany'],
];

const causeOf = ({ path, message }: ValueFinding): Cause => ({
  reason: reasons.find(([pattern]) => pattern.test(message))?.[1] ?? 'FieldValueInvalid',
  message,
  field: path,
});
