import type { Json } from '../../ir/schema.js';
import { isObject, type JsonObject } from '../../json.js';
import { parseJson } from '../../markers/define.js';
import type { WebhookValue } from '../../markers/defs/webhook.js';
import { applyPatch, patchMisfits } from './patch.js';
import { type Misfit, webhookShape } from './shape.js';

/** The words that the API knows, in its spelling. */
export const words = {
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT', '*'],
  failurePolicy: ['Fail', 'Ignore'],
  matchPolicy: ['Exact', 'Equivalent'],
  sideEffects: ['None', 'NoneOnDryRun'],
  reinvocationPolicy: ['Never', 'IfNeeded'],
  scope: ['Cluster', 'Namespaced', '*'],
} as const;

/** The object that the marker asks for, and what of its patch cannot be applied. Words are in the spelling of the API, as far as it knows them. */
export interface Built {
  readonly object: JsonObject;
  /** Absent: the patch is applied. */
  readonly problem?: { readonly fact: string; readonly hint: string } | { readonly misfits: readonly Misfit[] };
}

/** A webhook of admissionregistration.k8s.io/v1, right or wrong. */
export function toWebhook(value: WebhookValue): Built {
  const object = unpatched(value);
  if (!value.patch) return { object };
  const patch = parseJson(value.patch)?.value;
  if (patch === undefined || !isObject(patch)) {
    const fact = patch === undefined ? 'it does not parse' : `it is \`${JSON.stringify(patch)}\``;
    return { object, problem: { fact, hint: 'write it in backquotes, as in `` patch=`{"timeoutSeconds": 5}` ``' } };
  }
  const shape = webhookShape(value.mutating);
  const misfits = patchMisfits(patch, shape);
  return misfits.length > 0 ? { object, problem: { misfits } } : { object: applyPatch(object, patch, shape) };
}

function unpatched(value: WebhookValue): JsonObject {
  const { name, timeoutSeconds, admissionReviewVersions, namespaceSelector, objectSelector, matchConditions } = value;
  return {
    name,
    clientConfig: clientConfig(value),
    rules: [rule(value)],
    failurePolicy: spelled(value.failurePolicy, words.failurePolicy),
    ...(value.matchPolicy && { matchPolicy: spelled(value.matchPolicy, words.matchPolicy) }),
    ...(value.sideEffects && { sideEffects: spelled(value.sideEffects, words.sideEffects) }),
    ...(value.mutating &&
      value.reinvocationPolicy && {
        reinvocationPolicy: spelled(value.reinvocationPolicy, words.reinvocationPolicy),
      }),
    ...given({ timeoutSeconds, admissionReviewVersions, namespaceSelector, objectSelector, matchConditions }),
  };
}

function rule({ groups, versions, resources, verbs, scope }: WebhookValue): JsonObject {
  return {
    apiGroups: groups.map((group) => (group === 'core' ? '' : group)),
    apiVersions: versions,
    resources,
    operations: verbs.map((verb) => spelled(verb, words.operations)),
    ...(scope && { scope: spelled(scope, words.scope) }),
  };
}

function clientConfig({ path, url, serviceName, serviceNamespace, servicePort }: WebhookValue): JsonObject {
  const service = {
    name: serviceName || 'webhook-service',
    namespace: serviceNamespace || 'system',
    ...given({ path, port: servicePort }),
  };
  return { ...(path ? { service } : {}), ...(url ? { url } : {}) };
}

/** Without what is absent. */
const given = (object: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(object).filter((entry): entry is [string, Json] => entry[1] !== undefined));

/** The word in the API's spelling; any other text as it is. */
const spelled = (text: string, known: readonly string[]): string =>
  known.find((word) => word.toLowerCase() === text.toLowerCase()) ?? text;
