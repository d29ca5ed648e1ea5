import { isNode, type Node } from '../../scripts/k8s/fold.js';
import type { BuiltinFile } from '../../src/k8s/table.js';

/** Schemas of an API server's OpenAPI v3 documents, by their names: `io.k8s.api.core.v1.PodSpec`. */
export type Components = { readonly [name: string]: Node };

/** The components that are no type of the table: what Go writes as one JSON value. */
const values: { readonly [name: string]: string } = {
  'api.resource.Quantity': 'Quantity',
  'util.intstr.IntOrString': 'IntOrString',
  'meta.v1.Time': 'V1MicroTime',
};

/** Any JSON: the one is an object to opgen, the other may be anything. */
const anything = /\.(RawExtension|FieldsV1|CustomResourceSubresourceStatus|JSON|JSONSchemaPropsOr\w+)$/;

/** The type of the table that a component is. */
export function typeOf(table: BuiltinFile, component: string): string | undefined {
  const [group = '', version = '', name = ''] = component.split('.').slice(-3);
  const known = values[`${group}.${version}.${name}`];
  if (known) return known;
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  if (component.endsWith('.version.Info')) return 'VersionInfo';
  return [capital(version) + name, capital(group) + capital(version) + name].find((type) => type in table.types);
}

/** What the documents say otherwise than the table: `V1PortStatus.error maxLength: 316, but undefined in OpenAPI`. */
export function openApiDifferences(table: BuiltinFile, components: Components): readonly string[] {
  const compared = Object.entries(components).flatMap(([component, theirs]) => {
    const type = typeOf(table, component);
    return type && 'properties' in table.types[type]! ? [[type, theirs] as const] : [];
  });
  return compared.flatMap(([type, theirs]) =>
    type === 'V1ObjectMeta' ? [] : differences(table, type, table.types[type]!, theirs),
  );
}

function differences(table: BuiltinFile, place: string, ours: Node, written: Node): string[] {
  const theirs = resolved(table, written);
  if (theirs === undefined) return [];
  const found = keywords.flatMap((keyword) => {
    const [a, b] = [comparable(keyword, ours), comparable(keyword, theirs)];
    return a === b ? [] : [`${place} ${keyword}: ${a}, but ${b} in OpenAPI`];
  });
  for (const keyword of ['items', 'additionalProperties']) {
    const [a, b] = [ours[keyword], theirs[keyword]];
    if (isNode(a) && isNode(b)) found.push(...differences(table, `${place}.${keyword}`, a, b));
    else if (isNode(a) || isNode(b)) found.push(`${place} must have ${keyword} on both sides`);
  }
  const [a, b] = [ours, theirs].map((node) => (node.properties ?? {}) as { readonly [name: string]: Node });
  for (const [name, each] of Object.entries(a!)) {
    if (b![name]) found.push(...differences(table, `${place}.${name}`, each, b![name]));
  }
  return found;
}

const keywords = [
  '$ref',
  'type',
  'format',
  'properties',
  'required',
  'default',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
  'pattern',
  'maxLength',
  'minLength',
  'minimum',
  'maximum',
  'x-kubernetes-validations',
];

/** OpenAPI wraps a reference that has keywords beside it, and scalars of Kubernetes are components. Undefined if it may be anything. */
function resolved(table: BuiltinFile, schema: Node): Node | undefined {
  const { allOf, $ref, ...beside } = schema;
  const reference = Array.isArray(allOf) && isNode(allOf[0]) ? allOf[0].$ref : $ref;
  if (typeof reference !== 'string') return schema;
  const component = reference.slice('#/components/schemas/'.length);
  if (anything.test(component)) return undefined;
  const type = typeOf(table, component) ?? component;
  return type in table.types && !('properties' in table.types[type]!) && table.types[type]!.type !== 'object'
    ? { ...beside, ...table.types[type] }
    : { ...beside, $ref: type };
}

/** A value as text. OpenAPI writes Go's zero value wherever a field is no pointer, and keeps the order of the Go source in `required`. */
function comparable(keyword: string, schema: Node): string | undefined {
  const value = schema[keyword];
  if (value === undefined) return undefined;
  if (keyword === 'default' && [0, '', false].includes(value as string)) return undefined;
  if (keyword === 'default' && isNode(value) && Object.keys(value).length === 0) return undefined;
  if (keyword === 'properties')
    return Object.keys(value as Node)
      .sort()
      .join();
  return keyword === 'required' ? [...(value as string[])].sort().join() : JSON.stringify(value);
}

/** Why the two differ where they do: opgen follows controller-gen, and what no CRD can have it leaves as client-node has it. */
export const knownDifferences: readonly (readonly [why: string, what: RegExp])[] = [
  [
    'controller-gen does not follow `+default=ref(CONSTANT)`',
    /^V1AzureDiskVolumeSource\.(cachingMode|kind) default: undefined, but "(ReadWrite|Shared)" in/,
  ],
  [
    'controller-gen gives a struct the map type of one that it embeds, here LocalObjectReference',
    /^V1(ConfigMap|Secret)(EnvSource|Projection|VolumeSource) x-kubernetes-map-type: "atomic", but undefined in/,
  ],
  [
    'OpenAPI leaves out the limits of markers for validation',
    /^V1(Condition\.\w+|(Ingress)?PortStatus\.error|ImageVolumeStatus\.imageRef) (pattern|minimum|m\w+Length): [^,].*, but undefined in/,
  ],
  [
    'the field is `+optional` and `+kubebuilder:validation:Required`, and controller-gen heeds the latter',
    /^V1(Ingress)?PortStatus required: error,port,protocol, but port,protocol in/,
  ],
  ['a definition of a CRD contains itself, so no CRD can have it', /^V1(CustomResourceDefinition|JSONSchemaProps)/],
  ['bytes are a list in Go, but a string in a schema', /^V1APIServiceSpec\.caBundle x-kubernetes-list-type: /],
];
