/** What the comparison leaves out, why, and where its answer is tested instead. */
export interface Uncovered {
  readonly what: string;
  readonly reason: string;
  readonly tested: string;
}

export const uncovered: readonly Uncovered[] = [
  {
    what: 'Discriminated unions, conditional and mapped types, `@recursionDepth`, mixed unions',
    reason: 'Go has no such types.',
    tested: 'fixtures/crds',
  },
  {
    what: 'Limits of elements of elements (`@items.items.X`) and of the values of a map (`@values.X`)',
    reason: 'controller-gen has no marker for them.',
    tested: 'fixtures/crds',
  },
  {
    what: 'Markers of lists, maps and structs on a field whose type is a name (`MinItems` on a named list, `mapType` on a named map)',
    reason: 'controller-gen refuses them, because the reference has no type. opgen resolves the name first.',
    tested: 'fixtures/crds',
  },
  {
    what: 'A `Type` that contradicts the type that a name stands for, such as `Type=integer` on `Time`',
    reason: 'controller-gen reports a conflict between the branches of `allOf`. In opgen the marker wins.',
    tested: 'fixtures/crds',
  },
  {
    what: '`Enum` together with `k8s:enum`, `listType` with `k8s:listType`, a rule with `k8s:immutable` on one field, differing `resource` markers on two versions',
    reason:
      'Which one wins, or comes first, differs from run to run of controller-gen. opgen has one order, or reports a conflict.',
    tested: 'fixtures/crds and fixtures/errors',
  },
  {
    what: '`+k8s:required` on types of Kubernetes that are no objects (`Time`, `Duration`, `Quantity`, `IntOrString`, `JSON`) and on a type with a larger limit of its own',
    reason:
      'controller-gen writes `minProperties: 1` on the former, which says nothing of texts and numbers, and both limits on the latter. opgen demands texts that are not empty of `Time` and `Duration`, nothing of the others, and keeps the larger limit.',
    tested: 'fixtures/crds',
  },
  {
    what: 'Recursive types',
    reason: 'controller-gen cuts them to an empty schema, which the API server refuses. opgen reports the cycle.',
    tested: 'fixtures/errors',
  },
  {
    what: 'Unknown, misspelt and misplaced markers, bad values, names of OneOf groups and list-map keys that do not exist',
    reason: 'controller-gen ignores them or fails. opgen reports each where it stands.',
    tested: 'fixtures/errors',
  },
  {
    what: '`UniqueItems=true`',
    reason: 'The API server refuses it, controller-gen does not look.',
    tested: 'fixtures/validate',
  },
  {
    what: 'Types of `k8s.io/api`, such as a pod template',
    reason: 'They have a comparison of their own.',
    tested: 'fixtures/k8s and fixtures/controller-gen',
  },
  {
    what: 'Roles and webhook configurations',
    reason: 'This page is about CRDs.',
    tested: 'fixtures/rbac and fixtures/webhooks',
  },
];
