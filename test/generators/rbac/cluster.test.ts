import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromYaml, toYamlDocuments } from '../../../src/emit/yaml.js';
import type { Grant, PolicyRule } from '../../../src/generators/rbac/rules.js';
import { policyRules } from '../../../src/generators/rbac/rules.js';
import { type Envtest, startEnvtest } from '../../../src/testing/index.js';
import { type Access, accessOf, send } from '../../support/access.js';
import { generateFrom, textOf } from '../../support/api.js';
import { describeWithCluster } from '../../support/assets.js';
import { caseFolder, casesOf } from '../../support/fixtures.js';
import { kubectl } from '../../support/kubectl.js';
import { allows, type Request, requestsOf } from './requests.js';

interface RoleObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules: readonly PolicyRule[];
}

/** The case that has no role. */
const empty = 'sources-without-markers-give-no-role';

const account = { kind: 'ServiceAccount', name: 'controller-manager', namespace: 'system' };

/** What a sample of requests looks like that has something for every rule. */
function sampleOf(rules: readonly PolicyRule[]): readonly Request[] {
  const all = (list: 'apiGroups' | 'resources' | 'resourceNames' | 'nonResourceURLs' | 'verbs') =>
    [...new Set(rules.flatMap((rule) => rule[list] ?? []))].filter((each) => !each.includes('*')).sort();
  const requests = requestsOf({
    groups: [...all('apiGroups'), 'other.example.com'],
    resources: [...all('resources'), 'others', 'others/scale'],
    names: ['', ...all('resourceNames'), 'other'],
    urls: [...all('nonResourceURLs'), '/other', '/logs/a'],
    verbs: [...all('verbs'), 'impersonate'],
  });
  const step = Math.max(1, Math.floor(requests.length / 150));
  const allowed = requests.filter((request) => allows(rules, request));
  return [...allowed.slice(0, 60), ...requests.filter((_, index) => index % step === 0)];
}

describeWithCluster('the API server allows what the roles say', () => {
  let cluster: Envtest;
  let access: Access;
  beforeAll(async () => {
    cluster = await startEnvtest();
    access = accessOf(cluster);
    for (const namespace of ['system', 'attic', 'vault'])
      expect(kubectl(cluster, ['create', 'namespace', namespace]).stderr).toBe('');
  }, 180_000);
  afterAll(() => cluster?.stop());

  async function isAllowed(request: Request, namespace: string): Promise<boolean> {
    const { verb } = request;
    const attributes =
      'url' in request
        ? { nonResourceAttributes: { path: request.url, verb } }
        : {
            resourceAttributes: {
              group: request.group,
              resource: request.resource.split('/')[0],
              subresource: request.resource.split('/')[1] ?? '',
              name: request.name,
              namespace,
              verb,
            },
          };
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user: `system:serviceaccount:${account.namespace}:${account.name}`, ...attributes },
    };
    const answer = await send(access, 'POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { body });
    return JSON.parse(answer.body).status.allowed;
  }

  const apply = (text: string): void => {
    const { status, stderr } = kubectl(cluster, ['apply', '--server-side', '--validate=strict', '-f', '-'], text);
    expect(stderr).toBe('');
    expect(status).toBe(0);
  };

  /** Those that every account has are in no role of the case. */
  const known = new Set(['/', '/healthz', '/metrics', '/version']);

  async function expectAgreement(rules: readonly PolicyRule[], namespace: string): Promise<void> {
    for (const request of sampleOf(rules)) {
      if ('url' in request && (namespace !== '' || known.has(request.url))) continue;
      expect([request, await isAllowed(request, namespace)]).toEqual([request, allows(rules, request)]);
    }
  }

  /** A binding takes effect a moment after it is stored. */
  const settled = async (rules: readonly PolicyRule[], namespace: string): Promise<void> => {
    const first = sampleOf(rules).find((request) => !('url' in request) && allows(rules, request));
    if (first) await expect.poll(() => isAllowed(first, namespace), { timeout: 20_000 }).toBe(true);
  };

  test.each(casesOf('rbac').filter((name) => name !== empty))('%s', { timeout: 120_000 }, async (name) => {
    const { value } = await generateFrom(caseFolder('rbac', name), 'rbac');
    const texts = value.artifacts.map((each) => textOf(each));
    const objects = value.artifacts.flatMap(
      (each) => fromYaml(textOf(each), each.path).value,
    ) as unknown as RoleObject[];
    const text = texts.join('---\n');
    const own = fromYaml(textOf(value.artifacts[0]!), 'role.yaml').value as unknown as RoleObject[];
    apply(text);
    const hasBindings = objects.some(({ kind }) => kind.endsWith('Binding'));
    if (!hasBindings) apply(toYamlDocuments(own.map(bindingOf)));
    for (const namespace of new Set(own.map(({ metadata }) => metadata.namespace ?? ''))) {
      const roles = own.filter(({ metadata }) => [undefined, namespace].includes(metadata.namespace));
      const rules = roles.flatMap((role) => role.rules);
      await settled(rules, namespace);
      await expectAgreement(rules, namespace);
    }
    expect(kubectl(cluster, ['delete', '-f', '-'], text).status).toBe(0);
    if (!hasBindings)
      expect(kubectl(cluster, ['delete', '-f', '-'], toYamlDocuments(own.map(bindingOf))).status).toBe(0);
  });

  const bindingOf = ({ kind, metadata }: RoleObject): object => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: `${kind}Binding`,
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: metadata.name },
    subjects: [account],
  });

  test('any rules are accepted', { timeout: 120_000 }, () => {
    const some = (...values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
    const grant: fc.Arbitrary<Grant> = fc.oneof(
      fc.record({
        groups: some('', 'apps', '*'),
        resources: some('pods', '*/scale', 'pods/exec', '*'),
        resourceNames: fc.oneof(fc.constant([]), some('a', 'b')),
        verbs: some('get', 'list', '*'),
      }),
      fc.record({ urls: some('/a', '/a/*', '*'), verbs: some('get', '*') }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(grant, { maxLength: 5 }), { minLength: 20, maxLength: 20 }), (lists) => {
        const roles = lists.map((list, index) => ({
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRole',
          metadata: { name: `any-${index}` },
          rules: policyRules(list),
        }));
        apply(toYamlDocuments(roles));
      }),
      { numRuns: 3 },
    );
  });
});
