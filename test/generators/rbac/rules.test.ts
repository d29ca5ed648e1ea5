import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Grant, type PolicyRule, policyRules } from '../../../src/generators/rbac/rules.js';
import { allows, type Request, requestsOf } from './requests.js';

const some = (...values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });

const resourceGrant: fc.Arbitrary<Grant> = fc.record(
  {
    groups: some('core', '', 'apps', 'batch', '*'),
    resources: some('pods', 'pods/status', 'jobs', '*/status', '*/scale', '*'),
    resourceNames: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: some('one', 'two') }),
    verbs: some('get', 'list', 'watch', 'delete', '*'),
  },
  { requiredKeys: ['groups', 'resources', 'verbs'] },
);
const urlGrant: fc.Arbitrary<Grant> = fc.record({
  urls: some('/metrics', '/metrics/a', '/metrics*', '/metrics/*', '/logs**', '/*', '*'),
  verbs: some('get', 'post', '*'),
});
const grants = fc.array(fc.oneof({ weight: 3, arbitrary: resourceGrant }, { weight: 1, arbitrary: urlGrant }), {
  maxLength: 6,
});

/** With one value in each list that no rule names: only a wildcard allows it. */
const requests = requestsOf({
  groups: ['', 'apps', 'batch', 'other'],
  resources: ['pods', 'pods/status', 'pods/scale', 'pods/other', 'jobs', 'jobs/status', 'other', 'other/status'],
  names: ['', 'one', 'two', 'other'],
  urls: ['', '/', '/metrics', '/metrics/a', '/metrics/other', '/metricsother', '/logs', '/logs/other', '/other'],
  verbs: ['get', 'list', 'watch', 'delete', 'post', 'other'],
});

const allowed = (rules: readonly PolicyRule[]): readonly Request[] =>
  requests.filter((request) => allows(rules, request));

const asRule = ({ groups, resources, resourceNames, urls, verbs }: Grant): PolicyRule => ({
  apiGroups: (groups ?? []).map((group) => (group === 'core' ? '' : group)),
  resources: resources ?? [],
  resourceNames: resourceNames ?? [],
  nonResourceURLs: urls ?? [],
  verbs,
});

const lists = ['apiGroups', 'resources', 'resourceNames', 'nonResourceURLs', 'verbs'] as const;

/** The rules with one entry of one list less; a list of names keeps one, because without any it holds for all. */
function withOneLess(rules: readonly PolicyRule[]): readonly (readonly PolicyRule[])[] {
  return rules.flatMap((rule, index) =>
    lists.flatMap((list) =>
      (rule[list] ?? []).map((entry) => {
        const rest = rule[list]!.filter((each) => each !== entry);
        const less = list === 'resourceNames' && rest.length === 0 ? [] : [{ ...rule, [list]: rest }];
        return [...rules.slice(0, index), ...less, ...rules.slice(index + 1)];
      }),
    ),
  );
}

describe('any grants', () => {
  test('allow the same requests after merging as before', () => {
    fc.assert(
      fc.property(grants, (list) => {
        expect(allowed(policyRules(list))).toEqual(allowed(list.map(asRule)));
      }),
    );
  });

  test('give the same rules in any order, split, repeated and merged again', () => {
    fc.assert(
      fc.property(
        grants.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const split = shuffled.flatMap((grant) => grant.verbs.map((verb) => ({ ...grant, verbs: [verb] })));
          const again = policyRules(list).map((rule) => ({
            groups: rule.apiGroups ?? [],
            resources: rule.resources ?? [],
            resourceNames: rule.resourceNames ?? [],
            urls: rule.nonResourceURLs ?? [],
            verbs: rule.verbs,
          }));
          expect(policyRules(shuffled)).toEqual(policyRules(list));
          expect(policyRules([...split, ...list])).toEqual(policyRules(list));
          expect(policyRules(again)).toEqual(policyRules(list));
        },
      ),
    );
  });

  test('give rules of which no entry can be left out', () => {
    fc.assert(
      fc.property(grants, (list) => {
        const rules = policyRules(list);
        const whole = allowed(rules).length;
        for (const less of withOneLess(rules)) expect(allowed(less).length).toBeLessThan(whole);
      }),
    );
  });

  test('give rules of which no two differ in one list only', () => {
    fc.assert(
      fc.property(grants, (list) => {
        const rests = policyRules(list).flatMap((rule) =>
          lists.map((each) => JSON.stringify([each, { ...rule, [each]: rule[each] !== undefined }])),
        );
        expect(new Set(rests).size).toBe(rests.length);
      }),
    );
  });

  test('allow more with one more, and never less', () => {
    fc.assert(
      fc.property(grants, resourceGrant, (list, more) => {
        const after = policyRules([...list, more]);
        for (const request of allowed(policyRules(list))) expect(allows(after, request)).toBe(true);
        for (const request of allowed([asRule(more)])) expect(allows(after, request)).toBe(true);
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
    'names of the same objects share a rule',
    [
      { groups: [''], resources: ['secrets'], resourceNames: ['b'], verbs: ['get'] },
      { groups: [''], resources: ['secrets'], resourceNames: ['a'], verbs: ['get'] },
    ],
    [{ apiGroups: [''], resourceNames: ['a', 'b'], resources: ['secrets'], verbs: ['get'] }],
  ],
  [
    'what a wildcard includes is not said again',
    [
      { groups: ['apps'], resources: ['deployments', 'deployments/status', '*'], verbs: ['get', 'list'] },
      { groups: ['*'], resources: ['*/scale'], verbs: ['update'] },
      { groups: ['apps'], resources: ['deployments/scale'], resourceNames: ['one'], verbs: ['update', 'patch'] },
      { urls: ['/healthz', '/healthz/*', '/healthz/ping'], verbs: ['get'] },
    ],
    [
      { nonResourceURLs: ['/healthz', '/healthz/*'], verbs: ['get'] },
      { apiGroups: ['*'], resources: ['*/scale'], verbs: ['update'] },
      { apiGroups: ['apps'], resources: ['*'], verbs: ['get', 'list'] },
      { apiGroups: ['apps'], resourceNames: ['one'], resources: ['deployments/scale'], verbs: ['patch'] },
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
