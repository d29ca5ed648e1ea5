import { ApiError } from '../errors.js';
import { messageOf } from '../log.js';
import { type AnyResource, apiVersionOf, resourceName } from '../resource.js';
import { BrokenWatch } from './watchstream.js';

export type Verb = 'list' | 'watch';

/** What keeps a reflector from its work. */
export interface Problem {
  /** `expired`: the resource version, or the token of the next page, is too old. */
  readonly kind: 'expired' | 'missing' | 'forbidden' | 'unauthorized' | 'failing' | 'broken' | 'unreachable';
  /** For the user: what is wrong, and what to do where that is known. */
  readonly sentence: string;
  /** Whether a watch cannot go on from where it was. */
  readonly relist: boolean;
  /** Milliseconds that the server asks for; 5 minutes at most. */
  readonly retryAfter: number;
}

/** The problem behind an error of a list or of a watch. */
export function problemOf(error: unknown, verb: Verb, resource: AnyResource): Problem {
  if (error instanceof ApiError) return answered(error, verb, resource);
  const name = resourceName(resource);
  const sentence =
    error instanceof BrokenWatch
      ? `The watch of ${name} breaks off: ${error.message}`
      : `The operator cannot ${verb} ${name}: ${messageOf(error)}`;
  return { kind: error instanceof BrokenWatch ? 'broken' : 'unreachable', sentence, relist: false, retryAfter: 0 };
}

function answered(error: ApiError, verb: Verb, resource: AnyResource): Problem {
  const kind = kindOf(error);
  return {
    kind,
    sentence: sentenceOf(kind, error, verb, resource),
    relist: kind === 'expired' || kind === 'missing' || error.code === 400,
    retryAfter: Math.min(error.details?.retryAfterSeconds ?? 0, 300) * 1000,
  };
}

function kindOf(error: ApiError): Problem['kind'] {
  if (isExpired(error)) return 'expired';
  if (error.code === 404) return 'missing';
  if (error.code === 403) return 'forbidden';
  return error.code === 401 ? 'unauthorized' : 'failing';
}

const isExpired = ({ isGone, reason, details, message }: ApiError): boolean =>
  isGone ||
  reason === 'Expired' ||
  reason === 'Gone' ||
  (details?.causes ?? []).some((cause) => cause.reason === 'ResourceVersionTooLarge') ||
  /too large resource version/i.test(message);

function sentenceOf(kind: Problem['kind'], { message }: ApiError, verb: Verb, resource: AnyResource): string {
  const name = resourceName(resource);
  switch (kind) {
    case 'missing':
      return `The API server has no ${name}/${resource.version}: ${remedyFor(resource)}`;
    case 'forbidden':
      return `The operator may not ${verb} ${name}: ${message}. Add \`${markerFor(resource)}\` and run \`opgen generate rbac\``;
    case 'unauthorized':
      return `The API server does not accept the credentials of the operator: ${message}. Check the kubeconfig, or the service account of the pod`;
    default:
      return `The API server fails to ${verb} ${name}: ${message}`;
  }
}

/** Groups of CRDs have a dot. */
const remedyFor = (resource: AnyResource): string =>
  resource.group.includes('.')
    ? 'the CRD is not installed. Run `make install` if it is a CRD of this project'
    : `it does not serve ${apiVersionOf(resource)}. Use a version that \`kubectl api-versions\` prints`;

const markerFor = ({ group, plural }: AnyResource): string =>
  `// +kubebuilder:rbac:groups=${group === '' ? '""' : group},resources=${plural},verbs=get;list;watch`;
