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

interface Rule {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly names: readonly string[];
  readonly urls: readonly string[];
  readonly verbs: readonly string[];
}

/**
 * The fewest rules that this way of merging finds for exactly what the grants allow. The result depends on what is allowed alone: not on the
 * order of the grants, nor on how they are split. Verbs that include `*` become `*`.
 */
export function policyRules(grants: readonly Grant[]): readonly PolicyRule[] {
  const single = merge(grants.flatMap(expand), 'verbs').map(withWildcard);
  const rules = merge(merge(merge(single, 'resources'), 'groups'), 'urls');
  return rules.sort((a, b) => compare(sortKey(a), sortKey(b))).map(toPolicyRule);
}

/** One rule for each group and resource, and one for each URL. */
function expand(grant: Grant): Rule[] {
  const names = union(grant.resourceNames ?? []);
  const verbs = union(grant.verbs);
  const forResources = (grant.groups ?? []).flatMap((group) =>
    (grant.resources ?? []).map((resource) => ({
      groups: [group === 'core' ? '' : group],
      resources: [resource],
      names,
      urls: [],
      verbs,
    })),
  );
  const forUrls = (grant.urls ?? []).map((url) => ({ groups: [], resources: [], names: [], urls: [url], verbs }));
  return [...forResources, ...forUrls];
}

/** Joins the rules that differ in this list only. */
function merge(rules: readonly Rule[], list: keyof Rule): Rule[] {
  const byRest = new Map<string, Rule[]>();
  for (const rule of rules) {
    const rest = JSON.stringify({ ...rule, [list]: [] });
    const equal = byRest.get(rest);
    if (equal) equal.push(rule);
    else byRest.set(rest, [rule]);
  }
  return [...byRest.values()].map((equal) => ({ ...equal[0]!, [list]: union(equal.flatMap((rule) => rule[list])) }));
}

const withWildcard = (rule: Rule): Rule => (rule.verbs.includes('*') ? { ...rule, verbs: ['*'] } : rule);

const union = (values: readonly string[]): readonly string[] => [...new Set(values)].sort(compare);

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

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
