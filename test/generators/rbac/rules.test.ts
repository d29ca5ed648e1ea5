import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Grant, type PolicyRule, policyRules } from '../../../src/generators/rbac/rules.js';

const some = (...values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
const names = fc.option(some('one', 'two'), { nil: undefined });

const resourceGrant: fc.Arbitrary<Grant> = fc.record(
  {
    groups: some('core', '', 'apps', 'batch', 'g'),
    resources: some('pods', 'pods/status', 'jobs', '*'),
    resourceNames: names.map((list) => list ?? []),
    verbs: some('get', 'list', 'watch', 'delete', '*'),
  },
  { requiredKeys: ['groups', 'resources', 'verbs'] },
);
const urlGrant: fc.Arbitrary<Grant> = fc.record({
  urls: some('/metrics', '/healthz', '/logs/*'),
  verbs: some('get', 'post', '*'),
});
const grants = fc.array(fc.oneof({ weight: 4, arbitrary: resourceGrant }, { weight: 1, arbitrary: urlGrant }), {
  maxLength: 8,
});

/** Each single permission; one that `*` covers on the same object counts as covered. */
function permissions(rules: readonly PolicyRule[]): string[] {
  const single = rules.flatMap((rule) => {
    const objects = [
      ...(rule.apiGroups ?? []).flatMap((group) =>
        (rule.resources ?? []).map((resource) => `${group}/${resource}[${[...(rule.resourceNames ?? [])].sort()}]`),
      ),
      ...(rule.nonResourceURLs ?? []),
    ];
    return objects.flatMap((object) => rule.verbs.map((verb) => ({ object, verb })));
  });
  const all = new Set(single.filter(({ verb }) => verb === '*').map(({ object }) => object));
  const counted = single.filter(({ object, verb }) => verb === '*' || !all.has(object));
  return [...new Set(counted.map(({ object, verb }) => `${verb} ${object}`))].sort();
}

const asRule = ({ groups, resources, resourceNames, urls, verbs }: Grant): PolicyRule => ({
  apiGroups: (groups ?? []).map((group) => (group === 'core' ? '' : group)),
  resources: resources ?? [],
  resourceNames: resourceNames ?? [],
  nonResourceURLs: urls ?? [],
  verbs,
});

describe('any grants', () => {
  test('allow the same after merging as before', () => {
    fc.assert(
      fc.property(grants, (list) => {
        expect(permissions(policyRules(list))).toEqual(permissions(list.map(asRule)));
      }),
    );
  });

  test('give the same rules in any order and when split', () => {
    fc.assert(
      fc.property(
        grants.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const split = shuffled.flatMap((grant) => grant.verbs.map((verb) => ({ ...grant, verbs: [verb] })));
          expect(policyRules(shuffled)).toEqual(policyRules(list));
          expect(policyRules(split)).toEqual(policyRules(list));
        },
      ),
    );
  });

  test('lose exactly what is taken away', () => {
    fc.assert(
      fc.property(grants, resourceGrant, (list, more) => {
        const without = new Set(permissions(policyRules(list)));
        const objectsOf = (permission: string) => permission.slice(permission.indexOf(' ') + 1);
        const withAll = permissions(policyRules([...list, more]));
        const stars = new Set(withAll.filter((each) => each.startsWith('* ')).map(objectsOf));
        for (const each of without) expect(withAll.includes(each) || stars.has(objectsOf(each))).toBe(true);
      }),
    );
  });
});

test.each<[string, Grant[], PolicyRule[]]>([
  [
    'verbs of rules that collide after merging are all kept',
    [
      { groups: ['g1'], resources: ['a'], verbs: ['get'] },
      { groups: ['g2'], resources: ['a'], verbs: ['get'] },
      { groups: ['g1', 'g2'], resources: ['a'], verbs: ['list'] },
    ],
    [{ apiGroups: ['g1', 'g2'], resources: ['a'], verbs: ['get', 'list'] }],
  ],
  [
    'the core group is empty, however it is written',
    [{ groups: ['core', '', 'apps'], resources: ['pods'], verbs: ['get'] }],
    [{ apiGroups: ['', 'apps'], resources: ['pods'], verbs: ['get'] }],
  ],
  [
    'a wildcard stands for all verbs of its resources only',
    [
      { groups: ['apps'], resources: ['deployments', 'replicasets'], verbs: ['get', 'list'] },
      { groups: ['apps'], resources: ['deployments'], verbs: ['*', 'watch'] },
    ],
    [
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'] },
      { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['get', 'list'] },
    ],
  ],
  [
    'rules with different names stay apart',
    [
      { groups: [''], resources: ['secrets'], resourceNames: ['b', 'a'], verbs: ['get'] },
      { groups: [''], resources: ['secrets'], verbs: ['list'] },
    ],
    [
      { apiGroups: [''], resources: ['secrets'], verbs: ['list'] },
      { apiGroups: [''], resourceNames: ['a', 'b'], resources: ['secrets'], verbs: ['get'] },
    ],
  ],
  [
    'URLs with the same verbs share a rule without groups',
    [
      { urls: ['/metrics'], verbs: ['get'] },
      { urls: ['/healthz', '/metrics'], verbs: ['get'] },
    ],
    [{ nonResourceURLs: ['/healthz', '/metrics'], verbs: ['get'] }],
  ],
])('%s', (_, input, rules) => {
  expect(policyRules(input)).toEqual(rules);
});
