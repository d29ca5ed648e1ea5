import { arg, defineMarker, type RecordOf } from '../define.js';

const texts = () => arg.list(arg.string());

const fields = {
  groups: arg.optional(texts()),
  resources: arg.optional(texts()),
  resourceNames: arg.optional(texts()),
  verbs: texts(),
  urls: arg.optional(texts()),
  namespace: arg.optional(arg.string()),
  roleName: arg.optional(arg.string()),
};

export type RbacValue = RecordOf<typeof fields>;

/** One rule as it was written: the core group may be `core` or empty, nothing is merged or sorted. */
export const rbac = defineMarker<RbacValue>({
  name: 'kubebuilder:rbac',
  targets: ['package'],
  repeatable: true,
  args: arg.checked(arg.record(fields), expectedOfRule),
  summary:
    'A rule of the role of the operator; it may stand in any comment of the sources. A namespace makes it a Role instead of a ClusterRole.',
  example: '+kubebuilder:rbac:groups=apps,resources=deployments,verbs=get;list;watch;create;update;patch;delete',
});

/** What the API server would refuse in a rule. */
function expectedOfRule(rule: RbacValue): string | undefined {
  const { groups = [], resources = [], resourceNames = [], urls = [], verbs, namespace } = rule;
  const blank = [resources, resourceNames, urls, verbs].some((list) => list.includes(''));
  if (blank) return 'a name for each element of its lists';
  if (verbs.length === 0) return 'at least one verb in `verbs`';
  if (urls.length === 0 && resources.length === 0) return '`resources` or `urls`';
  if (urls.length === 0)
    return groups.length === 0 ? '`groups` with its `resources` (`core` is the core group)' : undefined;
  if (groups.length + resources.length + resourceNames.length > 0)
    return '`urls` without `groups`, `resources` and `resourceNames`';
  return namespace ? '`urls` without `namespace`, because only a ClusterRole can grant them' : undefined;
}

export const rbacMarkers = [rbac] as const;
