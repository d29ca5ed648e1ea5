import type { Project } from '../../project/model.js';
import type { Grant } from './rules.js';
import type { ScopeOf } from './scope.js';

/** An RBAC marker. */
export interface Rule extends Grant {
  /** Empty: the whole cluster. */
  readonly namespace?: string;
  readonly roleName?: string;
}

/** Cluster-wide without a namespace. */
export interface Role {
  readonly name: string;
  readonly namespace?: string;
  readonly grants: readonly Grant[];
}

/** What a rule grants in one place. */
interface Placed extends Grant {
  readonly namespace: string;
  readonly roleName?: string;
}

const managerRole = 'manager-role';

/** The operator's own namespace is called `system` until kustomize gives it its name. */
export function withOwnNamespace(rule: Rule, project: Project | undefined): Rule {
  return project && rule.namespace === `${project.name}-system` ? { ...rule, namespace: 'system' } : rule;
}

/**
 * The roles of the rules, sorted by namespace, then name. A project always has the manager's role, if only an empty one. An operator that is
 * confined to its namespace gets there what its rules ask for without naming a namespace; what cannot be granted there, it gets in the cluster.
 */
export function toRoles(rules: readonly Rule[], project: Project | undefined, isClusterWide: ScopeOf): readonly Role[] {
  const home = project?.namespaced ? 'system' : '';
  const roles = new Map<string, { namespace: string; name: string; grants: Grant[] }>();
  const start: readonly Placed[] = project ? [{ namespace: home, verbs: [] }] : [];
  for (const placed of [...start, ...rules.flatMap((rule) => place(rule, home, isClusterWide))]) {
    const { namespace, roleName: name = managerRole, ...grant } = placed;
    const key = `${namespace}\0${name}`;
    const role = roles.get(key);
    if (role) role.grants.push(grant);
    else roles.set(key, { namespace, name, grants: [grant] });
  }
  return [...roles.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { namespace, ...role }]) => (namespace === '' ? role : { ...role, namespace }));
}

function place(rule: Rule, home: string, isClusterWide: ScopeOf): readonly Placed[] {
  const { namespace, ...rest } = rule;
  if (namespace !== undefined || home === '') return [{ ...rest, namespace: namespace ?? '' }];
  if (rest.urls?.length) return [{ ...rest, namespace: '' }];
  return (rest.groups ?? []).flatMap((group) =>
    (rest.resources ?? []).map((resource) => ({
      ...rest,
      groups: [group],
      resources: [resource],
      namespace: isClusterWide(group, resource, rest.verbs) ? '' : home,
    })),
  );
}
