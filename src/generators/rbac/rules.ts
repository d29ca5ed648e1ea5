import { byCodeUnit } from '../shared/order.js';

/** What an RBAC marker asks for. Lists may hold duplicates and stand in any order; `core` is the empty group. */
export interface Grant {
  readonly groups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly urls?: readonly string[];
  readonly verbs: readonly string[];
}

/** A rule of rbac.authorization.k8s.io/v1; lists are sorted, empty ones absent. */
export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
}

/** A product of its lists; without names it holds for every name. */
interface Rule {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly names: readonly string[];
  readonly urls: readonly string[];
  readonly verbs: readonly string[];
}

/**
 * Rules for exactly what the grants allow, as the API server reads wildcards. None of their entries can be left out, and no two of them
 * differ in one list only. The result depends on what is allowed alone: not on the order of the grants, nor on how they are split.
 */
export function policyRules(grants: readonly Grant[]): readonly PolicyRule[] {
  const lists = ['verbs', 'names', 'resources', 'groups', 'urls'] as const;
  const rules = lists.reduce(merge, widest(grants.flatMap(expand)));
  return [...rules].sort((a, b) => byCodeUnit(sortKey(a), sortKey(b))).map(toPolicyRule);
}

/** One rule for each verb on each object: a group, resource and name, or a URL. */
function expand(grant: Grant): readonly Rule[] {
  const { groups = [], resources = [], resourceNames = [], urls = [], verbs } = grant;
  const names = resourceNames.length > 0 ? resourceNames.map((name) => [name]) : [[]];
  const objects: readonly Omit<Rule, 'verbs'>[] = [
    ...groups.flatMap((group) =>
      resources.flatMap((resource) =>
        names.map((name) => ({
          groups: [group === 'core' ? '' : group],
          resources: [resource],
          names: name,
          urls: [],
        })),
      ),
    ),
    ...urls.map((url) => ({ groups: [], resources: [], names: [], urls: [url.replace(/\*+$/, '*')] })),
  ];
  return objects.flatMap((object) => verbs.map((verb) => ({ ...object, verbs: [verb] })));
}

/** Without what another one allows, too. */
function widest(single: readonly Rule[]): readonly Rule[] {
  const byKey = new Map(single.map((rule) => [keyOf(rule), rule]));
  return [...byKey].filter(([key, rule]) => !wider(rule).some((each) => each !== key && byKey.has(each))).map(lastOf);
}

const lastOf = <T>(pair: readonly [unknown, T]): T => pair[1];
const keyOf = ({ groups, resources, names, urls, verbs }: Rule): string =>
  JSON.stringify([groups, resources, names, urls, verbs]);

/** The keys of everything that includes the rule, itself among them. */
function wider(rule: Rule): readonly string[] {
  const choices = {
    groups: rule.groups.map((group) => [[group], ['*']]),
    resources: rule.resources.map((resource) => widerResources(resource).map((each) => [each])),
    names: rule.names.map((name) => [[name], []]),
    urls: rule.urls.map((url) => widerUrls(url).map((each) => [each])),
    verbs: rule.verbs.map((verb) => [[verb], ['*']]),
  };
  let found: readonly Rule[] = [rule];
  for (const list of ['groups', 'resources', 'names', 'urls', 'verbs'] as const) {
    const [values] = choices[list];
    if (values) found = found.flatMap((each) => values.map((value) => ({ ...each, [list]: value })));
  }
  return found.map(keyOf);
}

/** A subresource is also named by `*` and its own name; `*` names resources and subresources. */
function widerResources(resource: string): readonly string[] {
  const slash = resource.indexOf('/');
  return [resource, '*', ...(slash < 0 ? [] : [`*${resource.slice(slash)}`])];
}

/** A final `*` stands for any text. */
function widerUrls(url: string): readonly string[] {
  const fixed = url.replace(/\*$/, '');
  const prefixes = Array.from({ length: fixed.length + 1 }, (_, length) => `${url.slice(0, length)}*`);
  return [...new Set([url, ...prefixes])];
}

/** Joins the rules that differ in this list only. */
function merge(rules: readonly Rule[], list: keyof Rule): readonly Rule[] {
  const byRest = new Map<string, Rule[]>();
  for (const rule of rules) {
    const rest = JSON.stringify([rule[list].length > 0, { ...rule, [list]: [] }]);
    const equal = byRest.get(rest);
    if (equal) equal.push(rule);
    else byRest.set(rest, [rule]);
  }
  return [...byRest.values()].map((equal) => ({ ...equal[0]!, [list]: union(equal.flatMap((rule) => rule[list])) }));
}

const union = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();

/** controller-gen's order, so that its users find their rules in the same places. */
const sortKey = (rule: Rule): string =>
  [rule.groups, rule.resources, rule.names, rule.urls].map((list) => list.join('&')).join(' + ');

function toPolicyRule(rule: Rule): PolicyRule {
  return {
    ...(rule.groups.length > 0 && { apiGroups: rule.groups }),
    ...(rule.urls.length > 0 && { nonResourceURLs: rule.urls }),
    ...(rule.names.length > 0 && { resourceNames: rule.names }),
    ...(rule.resources.length > 0 && { resources: rule.resources }),
    verbs: rule.verbs,
  };
}
