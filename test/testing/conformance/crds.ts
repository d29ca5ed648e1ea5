const string = { type: 'string' };
const strings = { type: 'object', additionalProperties: string };
const listOf = (items: object, more: object = {}) => ({ type: 'array', items, ...more });
const mapOf = (keys: readonly string[], items: object) =>
  listOf(items, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys });
const objectOf = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });

const port = objectOf(
  { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' }, name: string },
  { required: ['port'] },
);
const item = objectOf({ name: string, value: string, weight: { type: 'integer', default: 1 } }, { required: ['name'] });
const condition = objectOf({ type: string, status: string, reason: string }, { required: ['type', 'status'] });

const spec = objectOf({
  size: { type: 'integer', default: 3, minimum: 1, maximum: 9 },
  mode: { type: 'string', enum: ['Fast', 'Slow'], default: 'Fast' },
  replicas: { type: 'integer', format: 'int32', default: 1 },
  fixed: {
    type: 'string',
    'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'may not change' }],
  },
  note: { type: 'string', nullable: true },
  settings: strings,
  selector: { ...strings, 'x-kubernetes-map-type': 'atomic' },
  nested: objectOf({ a: string, b: string, deep: objectOf({ c: string, d: string }) }),
  whole: objectOf({ a: string, b: string }, { 'x-kubernetes-map-type': 'atomic' }),
  tags: listOf(string, { 'x-kubernetes-list-type': 'set' }),
  plain: listOf(string),
  items: mapOf(['name'], item),
  ports: mapOf(['port', 'protocol'], port),
  any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  amount: { 'x-kubernetes-int-or-string': true },
});

const status = objectOf({
  phase: string,
  replicas: { type: 'integer', format: 'int32' },
  selector: string,
  conditions: mapOf(['type'], condition),
});

const crd = (kind: string, scope: string, versions: readonly object[], names: object = {}) => {
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.conf.example.com` },
    spec: {
      group: 'conf.example.com',
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List`, ...names },
      versions,
    },
  };
};

/** With everything that a CRD says of merging, defaults, validation and subresources. */
const sample = crd(
  'Sample',
  'Namespaced',
  [
    {
      name: 'v1',
      served: true,
      storage: true,
      schema: { openAPIV3Schema: objectOf({ spec, status }) },
      subresources: {
        status: {},
        scale: {
          specReplicasPath: '.spec.replicas',
          statusReplicasPath: '.status.replicas',
          labelSelectorPath: '.status.selector',
        },
      },
      selectableFields: [{ jsonPath: '.spec.mode' }],
      additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size', description: 'How large' }],
    },
  ],
  { shortNames: ['smp'], categories: ['conf'] },
);

/** Of the whole cluster, without subresources. */
const plan = crd('Plan', 'Cluster', [
  {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: objectOf({ spec: objectOf({ level: { type: 'integer' } }), status }) },
  },
]);

/** In two versions, of which one is deprecated. */
const pair = crd(
  'Pair',
  'Namespaced',
  ['v1', 'v1beta1'].map((name) => ({
    name,
    served: true,
    storage: name === 'v1',
    ...(name === 'v1beta1' && { deprecated: true, deprecationWarning: 'use v1' }),
    schema: { openAPIV3Schema: objectOf({ spec: objectOf({ left: string, right: string }) }) },
  })),
);

/** The CRDs of the conformance suite. */
export const crds = (): readonly object[] => structuredClone([sample, plan, pair]);
