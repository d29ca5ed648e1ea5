import type { Json } from '../../../src/ir/schema.js';
import type { WebhookValue } from '../../../src/markers/defs/webhook.js';

/** A webhook that opgen refuses, why, and whether the API server refuses it too when it is applied nevertheless. */
export interface Refused {
  readonly claim: string;
  readonly change: Partial<WebhookValue>;
  /** Part of the message. */
  readonly says: string;
  /** Absent: by the API server as well. */
  readonly only?: 'opgen';
}

export const sound: WebhookValue = {
  mutating: false,
  failurePolicy: 'fail',
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  groups: ['cache.example.com'],
  resources: ['memcacheds'],
  verbs: ['create'],
  versions: ['v1'],
  name: 'vmemcached-v1.kb.io',
  path: '/validate-cache-example-com-v1-memcached',
};

const at = (url: string): Partial<WebhookValue> => ({ path: '', url });
const selector = (namespaceSelector: Json): Partial<WebhookValue> => ({
  namespaceSelector,
});
const expression = (key: string, operator: string, ...values: string[]) =>
  selector({ matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }] });
const conditions = (...list: { readonly [key: string]: string }[]): Partial<WebhookValue> => ({
  matchConditions: list,
});

export const refused: readonly Refused[] = [
  { claim: 'a name of two parts', change: { name: 'kb.io' }, says: 'a name of three or more parts' },
  { claim: 'a name in upper case', change: { name: 'Memcached.kb.io' }, says: 'a name of three or more parts' },
  { claim: 'no name', change: { name: '' }, says: 'a name of three or more parts' },
  { claim: 'neither path nor url', change: { path: '' }, says: 'either `path` or `url`, but it has neither' },
  { claim: 'path and url', change: { url: 'https://example.com' }, says: 'either `path` or `url`, but it has both' },
  { claim: 'a path without a slash', change: { path: 'validate' }, says: 'a path of lower case letters' },
  { claim: 'an empty segment of a path', change: { path: '/a//b' }, says: 'a path of lower case letters' },
  { claim: 'two slashes as a path', change: { path: '//' }, says: 'a path of lower case letters' },
  { claim: 'an underscore in a path', change: { path: '/validate_pod' }, says: 'a path of lower case letters' },
  { claim: 'a query in a path', change: { path: '/validate?x=1' }, says: 'a path of lower case letters' },
  { claim: 'a url of http', change: at('http://example.com/x'), says: 'but it is `http://example.com/x`' },
  { claim: 'a url without a scheme', change: at('example.com/x'), says: 'but it is `example.com/x`' },
  { claim: 'a url without a host', change: at('https:///x'), says: 'has no host' },
  { claim: 'a url with a user', change: at('https://me:pw@example.com/x'), says: 'has a user' },
  { claim: 'a url with a query', change: at('https://example.com/x?y=1'), says: 'has a query' },
  { claim: 'a url with a fragment', change: at('https://example.com/x#y'), says: 'has a fragment' },
  {
    claim: 'a url with a bad escape',
    change: at('https://example.com/%zz'),
    says: 'characters that a URL cannot have',
  },
  {
    claim: 'a service beside a url',
    change: { ...at('https://example.com/x'), serviceName: 'x' },
    says: '`path` for `serviceName` to have an effect',
    only: 'opgen',
  },
  { claim: 'a port beyond the last', change: { servicePort: 65_536 }, says: 'a port between 1 and 65535' },
  { claim: 'port 0', change: { servicePort: 0 }, says: 'a port between 1 and 65535' },
  { claim: 'a bad name of a service', change: { serviceName: 'My_Service' }, says: 'name a Service', only: 'opgen' },
  { claim: 'a bad namespace', change: { serviceNamespace: 'My.Ns' }, says: 'name a namespace', only: 'opgen' },
  { claim: 'no verbs', change: { verbs: [] }, says: '`verbs`, but the list is empty' },
  { claim: 'a verb of RBAC', change: { verbs: ['create', 'patch'] }, says: '`patch` is none' },
  { claim: 'a star among verbs', change: { verbs: ['*', 'create'] }, says: '`*` alone in `verbs`' },
  { claim: 'no groups', change: { groups: [] }, says: '`groups`, but the list is empty' },
  { claim: 'a star among groups', change: { groups: ['apps', '*'] }, says: '`*` alone in `groups`' },
  { claim: 'a group with a version', change: { groups: ['apps/v1'] }, says: '`apps/v1` is neither', only: 'opgen' },
  { claim: 'no versions', change: { versions: [] }, says: '`versions`, but the list is empty' },
  { claim: 'an empty version', change: { versions: [''] }, says: '`` is neither' },
  { claim: 'a star among versions', change: { versions: ['*', 'v1'] }, says: '`*` alone in `versions`' },
  { claim: 'no resources', change: { resources: [] }, says: '`resources`, but the list is empty' },
  { claim: 'an empty resource', change: { resources: [''] }, says: '`` is none' },
  { claim: 'a resource in upper case', change: { resources: ['Pods'] }, says: '`Pods` is none', only: 'opgen' },
  { claim: 'a star and a resource', change: { resources: ['*', 'pods'] }, says: '`*` includes `pods`' },
  { claim: 'a resource and a star', change: { resources: ['pods', '*'] }, says: '`*` includes `pods`', only: 'opgen' },
  { claim: 'everything and a resource', change: { resources: ['*/*', 'pods'] }, says: '`*/*` includes `pods`' },
  {
    claim: 'all subresources and one of them',
    change: { resources: ['pods/*', 'pods/status'] },
    says: '`pods/*` includes `pods/status`',
  },
  {
    claim: 'a subresource of all and of one',
    change: { resources: ['*/scale', 'pods/scale'] },
    says: '`*/scale` includes `pods/scale`',
  },
  {
    claim: 'one subresource and all of them',
    change: { resources: ['pods/status', 'pods/*'] },
    says: '`pods/*` includes `pods/status`',
    only: 'opgen',
  },
  { claim: 'an unknown scope', change: { scope: 'Everywhere' }, says: 'for `scope`' },
  {
    claim: 'an unknown failure policy',
    change: { failurePolicy: 'maybe' },
    says: '`failurePolicy`, but it is `maybe`',
  },
  { claim: 'an unknown match policy', change: { matchPolicy: 'Loose' }, says: '`matchPolicy`, but it is `Loose`' },
  { claim: 'no side effects', change: { sideEffects: '' }, says: '`sideEffects`, but it has none' },
  { claim: 'side effects that are some', change: { sideEffects: 'Some' }, says: '`sideEffects`, but it is `Some`' },
  { claim: 'unknown side effects', change: { sideEffects: 'Unknown' }, says: '`sideEffects`, but it is `Unknown`' },
  {
    claim: 'an unknown reinvocation policy',
    change: { mutating: true, reinvocationPolicy: 'Always' },
    says: '`reinvocationPolicy`, but it is `Always`',
  },
  {
    claim: 'a reinvocation policy of a validating webhook',
    change: { reinvocationPolicy: 'Never' },
    says: 'must be mutating',
    only: 'opgen',
  },
  { claim: 'a timeout of 0', change: { timeoutSeconds: 0 }, says: 'between 1 and 30' },
  { claim: 'a timeout of 31', change: { timeoutSeconds: 31 }, says: 'between 1 and 30' },
  { claim: 'no review versions', change: { admissionReviewVersions: [] }, says: 'but it has none' },
  { claim: 'an unknown review version', change: { admissionReviewVersions: ['v2'] }, says: 'but it has `v2`' },
  {
    claim: 'an unknown review version beside v1',
    change: { admissionReviewVersions: ['v2', 'v1'] },
    says: '`v2` is not known',
    only: 'opgen',
  },
  {
    claim: 'an old review version alone',
    change: { admissionReviewVersions: ['v1beta1'] },
    says: 'but it has `v1beta1`',
    only: 'opgen',
  },
  { claim: 'a review version twice', change: { admissionReviewVersions: ['v1', 'v1'] }, says: 'is there twice' },
  {
    claim: 'another version of the configuration',
    change: { webhookVersions: ['v1beta1'] },
    says: '`webhookVersions`',
    only: 'opgen',
  },
  {
    claim: 'a label that is no text',
    change: selector({ matchLabels: { tier: 1 } }),
    says: 'text in `namespaceSelector.matchLabels.tier`, but it is `1`',
  },
  { claim: 'a bad key of a label', change: selector({ matchLabels: { 'a b': 'c' } }), says: 'but one is `a b`' },
  { claim: 'a bad value of a label', change: selector({ matchLabels: { a: '-b' } }), says: 'but one is `-b`' },
  {
    claim: 'an unknown field of a selector',
    change: selector({ matchLabel: { a: 'b' } }),
    says: 'fields that webhooks know, but `namespaceSelector.matchLabel` is none',
  },
  { claim: 'an unknown operator', change: expression('a', 'Equals', 'b'), says: 'but one is `Equals`' },
  { claim: 'In without values', change: expression('a', 'In'), says: '`In` has none' },
  { claim: 'Exists with values', change: expression('a', 'Exists', 'b'), says: '`Exists` has some' },
  { claim: 'a bad value in a list', change: expression('a', 'In', 'b c'), says: 'but one is `b c`' },
  {
    claim: 'an expression without a key',
    change: selector({ matchExpressions: [{ operator: 'Exists' }] }),
    says: 'one is missing',
  },
  {
    claim: 'a selector that is a list',
    change: { objectSelector: ['a'] },
    says: 'a map in `objectSelector`, but it is',
  },
  { claim: 'a condition without a name', change: conditions({ expression: 'true' }), says: 'but one has none' },
  {
    claim: 'a bad name of a condition',
    change: conditions({ name: 'a b', expression: 'true' }),
    says: 'one has `a b`',
  },
  { claim: 'a condition without an expression', change: conditions({ name: 'a' }), says: 'an `expression` in CEL' },
  { claim: 'a blank expression', change: conditions({ name: 'a', expression: ' ' }), says: 'an `expression` in CEL' },
  {
    claim: 'a name of two conditions',
    change: conditions({ name: 'a', expression: 'true' }, { name: 'a', expression: 'false' }),
    says: '`a` is there twice',
  },
  {
    claim: '65 conditions',
    change: conditions(...Array.from({ length: 65 }, (_, i) => ({ name: `c${i}`, expression: 'true' }))),
    says: 'but it has 65',
  },
  { claim: 'a patch that is no JSON', change: { patch: '{a: 1' }, says: 'it does not parse', only: 'opgen' },
  { claim: 'a patch that is a list', change: { patch: '[]' }, says: 'a map in JSON', only: 'opgen' },
  {
    claim: 'a patch of an unknown field',
    change: { patch: '{"timeout": 5}' },
    says: 'fields of its `patch` that webhooks know, but `timeout` is none',
    only: 'opgen',
  },
  {
    claim: 'a patch of another type',
    change: { patch: '{"timeoutSeconds": "5"}' },
    says: 'an integer in `timeoutSeconds` of its `patch`, but it is `"5"`',
    only: 'opgen',
  },
  { claim: 'an unknown directive', change: { patch: '{"$patch": "merge"}' }, says: 'a directive of', only: 'opgen' },
  {
    claim: 'a patch that takes the rules away',
    change: { patch: '{"rules": null}' },
    says: 'must have a rule',
    only: 'opgen',
  },
  { claim: 'a patch to a bad value', change: { patch: '{"timeoutSeconds": 60}' }, says: 'between 1 and 30' },
  {
    claim: 'a patch that takes the service away',
    change: { patch: '{"clientConfig": {"service": null}}' },
    says: 'it has neither',
  },
];
