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
  args: arg.checked(arg.record(fields), namesMissing),
  summary:
    'A rule of the role of the operator, or of another role that it gets; it may stand in any comment of the sources. A namespace makes it a Role instead of a ClusterRole; `namespace=""` asks for a ClusterRole in a project with `namespaced: true`, too.',
  example: '+kubebuilder:rbac:groups=apps,resources=deployments,verbs=get;list;watch;create;update;patch;delete',
});

/** An empty element is a slip of the pen; only the core group is an empty name. */
function namesMissing({ resources = [], resourceNames = [], urls = [], verbs }: RbacValue): string | undefined {
  const lists = [resources, resourceNames, urls, verbs];
  return lists.some((list) => list.includes('')) ? 'a name for each element of its lists' : undefined;
}

export const rbacMarkers = [rbac] as const;
