import { isNode, type Node, rewrite, without } from './tree.js';

/** A way in which opgen's CRDs are meant to differ from controller-gen's. */
export interface Difference {
  readonly id: string;
  /** What differs, and why opgen is right to. */
  readonly reason: string;
  /** Every case may have it, or only those that name it in their `options.json`. */
  readonly scope: 'every' | 'named';
  /** Whose output is changed before both are compared. */
  readonly side: 'controller-gen' | 'both';
  /** The node without the difference; every node of a CRD is asked, the inner ones first. */
  readonly normalise: (node: Node) => Node;
}

const versionAnnotation = 'controller-gen.kubebuilder.io/version';

/** Keys whose values on a type and on a field controller-gen hoists into `allOf` when both have one. */
const isHoistedOnly = (branch: unknown): branch is Node =>
  isNode(branch) && !['properties', 'required', '$ref', 'allOf', 'anyOf', 'oneOf', 'not'].some((key) => key in branch);

const conditionNames = ['lastTransitionTime', 'message', 'observedGeneration', 'reason', 'status', 'type'];

function withoutDescriptionsOf(node: Node, names: readonly string[]): Node {
  const properties = node.properties as Node;
  const silent = names.map((name) => {
    const property = properties[name];
    return [name, isNode(property) ? without(property, 'description') : property];
  });
  return { ...node, properties: { ...properties, ...Object.fromEntries(silent) } };
}

const hasProperties = (node: Node, names: readonly string[]): boolean => {
  const { properties } = node;
  return isNode(properties) && names.every((name) => Object.hasOwn(properties, name));
};

export const differences: readonly Difference[] = [
  {
    id: 'version-annotation',
    reason:
      'controller-gen notes its version in an annotation, which changes with every upgrade. opgen writes no annotation of its own.',
    scope: 'every',
    side: 'controller-gen',
    normalise: (node) => {
      if (!isNode(node.annotations) || !(versionAnnotation in node.annotations)) return node;
      const annotations = without(node.annotations, versionAnnotation);
      return Object.keys(annotations).length > 0 ? { ...node, annotations } : without(node, 'annotations');
    },
  },
  {
    id: 'root-descriptions',
    reason: 'The descriptions of `apiVersion` and `kind` are fixed texts. opgen has short ones of its own.',
    scope: 'every',
    side: 'both',
    normalise: (node) =>
      hasProperties(node, ['apiVersion', 'kind', 'metadata'])
        ? withoutDescriptionsOf(node, ['apiVersion', 'kind'])
        : node,
  },
  {
    id: 'flat-limits',
    reason:
      'Where a type and a field both have a limit, controller-gen keeps both in `allOf`, even equal ones. opgen emits one flat schema, in which the limit of the field replaces that of the type.',
    scope: 'every',
    side: 'controller-gen',
    normalise: (node) =>
      Array.isArray(node.allOf) && node.allOf.every(isHoistedOnly)
        ? Object.assign(without(node, 'allOf'), ...node.allOf)
        : node,
  },
  {
    id: 'empty-subresources',
    reason:
      'A print column makes controller-gen add an empty `subresources`, which means nothing. opgen leaves it out.',
    scope: 'every',
    side: 'controller-gen',
    normalise: (node) =>
      isNode(node.subresources) && Object.keys(node.subresources).length === 0 ? without(node, 'subresources') : node,
  },
  {
    id: 'condition-descriptions',
    reason:
      "`Condition` of `opgen/api` has the shape and the limits of Kubernetes' type, with descriptions of its own.",
    scope: 'every',
    side: 'both',
    normalise: (node) =>
      hasProperties(node, conditionNames) ? withoutDescriptionsOf(without(node, 'description'), conditionNames) : node,
  },
  {
    id: 'tuple-length',
    reason:
      'Go and TypeScript both know lists of a fixed length. controller-gen drops the length; opgen emits `minItems` and `maxItems`.',
    scope: 'named',
    side: 'both',
    normalise: (node) => without(node, 'minItems', 'maxItems'),
  },
  {
    id: 'enum-of-field',
    reason:
      'Where a type and a field both have an enum, controller-gen drops that of the field without a word. In opgen that of the field replaces that of the type.',
    scope: 'named',
    side: 'both',
    normalise: (node) => without(node, 'enum'),
  },
  {
    id: 'order-of-constants',
    reason:
      'controller-gen sorts the constants of a type with `+k8s:enum`. opgen keeps the order of the source, as for every enum.',
    scope: 'named',
    side: 'both',
    normalise: (node) => (Array.isArray(node.enum) ? { ...node, enum: [...node.enum].sort() } : node),
  },
  {
    id: 'lists-of-conditions',
    reason:
      'A list of `Condition` is a map by `type` in every API of Kubernetes, so opgen makes it one without a marker.',
    scope: 'named',
    side: 'both',
    normalise: (node) =>
      isNode(node.items) && hasProperties(node.items, conditionNames)
        ? without(node, 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys')
        : node,
  },
  {
    id: 'trimmed-words',
    reason:
      'White space behind a word makes controller-gen lose the word: `type=integer ,` is an empty type. opgen reads the word.',
    scope: 'named',
    side: 'both',
    normalise: (node) => ('jsonPath' in node ? without(node, 'type') : node),
  },
  {
    id: 'cut-characters',
    reason:
      'Where a shortened description ends in a full stop of several bytes, controller-gen keeps its first byte only. opgen keeps the character.',
    scope: 'named',
    side: 'both',
    normalise: (node) =>
      typeof node.description === 'string'
        ? { ...node, description: node.description.replace(/[。\ufffd]+$/u, '') }
        : node,
  },
];

/** The CRDs of one side without the differences that every case may have and those that this case names. */
export function withoutDifferences(side: 'opgen' | 'controller-gen', crds: unknown, named: readonly string[]): unknown {
  const applied = differences.filter(
    (each) => (each.scope === 'every' || named.includes(each.id)) && (each.side === 'both' || each.side === side),
  );
  return rewrite(crds, (node) => applied.reduce((before, { normalise }) => normalise(before), node));
}
