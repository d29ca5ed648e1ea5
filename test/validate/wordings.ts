import type { Case } from './cases.js';

type Change = Case['change'];
// biome-ignore lint/suspicious/noExplicitAny: parts of CRDs as JSON.
type Part = any;

const long = 'a'.repeat(64);
const list = { type: 'array', items: { type: 'string' } };
const subdomain = (crd: Part, group: string): void => {
  crd.spec.group = group;
  crd.metadata.name = `widgets.${group}`;
};
const plural = (crd: Part, text: string): void => {
  crd.spec.names.plural = text;
  crd.metadata.name = `${text}.${crd.spec.group}`;
};
const names =
  (change: object): Change =>
  ({ crd }) =>
    Object.assign(crd.spec.names, change);
const rename =
  (name: string): Change =>
  ({ version }) =>
    Object.assign(version, { name });
const field =
  (schema: object): Change =>
  ({ spec }) =>
    Object.assign(spec.properties, { field: schema });
const branch = (schema: object): Change => field({ type: 'object', not: schema });
const scale =
  (paths: object): Change =>
  ({ version, schema }) => {
    schema.properties.status = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const good = { specReplicasPath: '.spec.size', statusReplicasPath: '.status.replicas' };
    version.subresources = { scale: { ...good, ...paths } };
  };
const url =
  (text: string): Change =>
  ({ crd }) => {
    crd.spec.conversion = {
      strategy: 'Webhook',
      webhook: { clientConfig: { url: text }, conversionReviewVersions: ['v1'] },
    };
  };
const numbers = (extra: object): object => ({ type: 'array', items: { type: 'integer' }, ...extra });

/** A case for each way in which the API server words a refusal that the fixtures leave out: the rules and the change. */
const changes: readonly (readonly [string | readonly string[], Change])[] = [
  ['N1', ({ crd }) => delete crd.metadata.name],
  [['N1', 'N2'], ({ crd }) => subdomain(crd, 'Example.com')],
  [['N1', 'N2'], ({ crd }) => subdomain(crd, `${'a.'.repeat(127)}b`)],
  [['N1', 'N2'], ({ crd }) => delete crd.spec.group],
  [['N1', 'N4'], ({ crd }) => delete crd.spec.names.plural],
  [['N1', 'N4'], ({ crd }) => plural(crd, 'Widgets')],
  ['N4', ({ crd }) => plural(crd, long)],
  ['N4', names({ singular: 'Widget' })],
  ['N4', names({ singular: long })],
  ['N4', names({ shortNames: [long, ''] })],
  ['N4', names({ categories: [long] })],
  ['N5', ({ crd }) => delete crd.spec.names.kind],
  ['N5', names({ kind: long })],
  ['N5', names({ listKind: 'Widget_List' })],
  ['N5', names({ listKind: long })],
  ['V1', rename(long)],
  ['V1', rename('')],
  ['SS1', scale({ specReplicasPath: '' })],
  ['SS1', scale({ specReplicasPath: 'spec.size' })],
  ['SS1', scale({ statusReplicasPath: '.spec.size' })],
  ['SS1', scale({ statusReplicasPath: 'status.replicas' })],
  ['SS1', scale({ labelSelectorPath: '.metadata.name' })],
  ['SS1', scale({ labelSelectorPath: 'status.selector' })],
  [
    ['SS2', 'ST2'],
    ({ version, schema }) => {
      version.subresources = { status: {} };
      schema.type = 'array';
      schema.items = { type: 'string' };
    },
  ],
  ['PC1', ({ version }) => Object.assign(version, { additionalPrinterColumns: [{ name: 'A', type: 'string' }] })],
  ['SF2', ({ version }) => Object.assign(version, { selectableFields: [{ jsonPath: '' }] })],
  ['CV1', ({ crd }) => Object.assign(crd.spec, { conversion: { strategy: '' } })],
  ['CV2', url('https:///convert')],
  ['CV2', url('https://exa mple.com/')],
  [
    'CV3',
    ({ crd }) => {
      url('https://example.com')({ crd } as Parameters<Change>[0]);
      crd.spec.conversion.webhook.conversionReviewVersions = ['v1', long];
    },
  ],
  ['DC3', field({ type: 'integer', maximum: 5, exclusiveMaximum: 5 })],
  ['K2', field({ type: 'string', id: 'a' })],
  ['K2', field({ ...list, additionalItems: false })],
  ['K2', field({ type: 'string', definitions: { a: { type: 'string' } } })],
  ['K2', field({ type: 'object', dependencies: { a: ['b'] } })],
  ['ST1', ({ schema }) => delete schema.type],
  ['ST2', ({ schema }) => Object.assign(schema, { type: 'array', items: { type: 'string' } })],
  ['ST4', branch({ title: 'a' })],
  ['ST4', branch({ 'x-kubernetes-map-type': 'atomic', type: 'object' })],
  ['ST4', branch({ 'x-kubernetes-preserve-unknown-fields': true })],
  ['ST4', branch({ 'x-kubernetes-int-or-string': true })],
  ['ST4', branch({ 'x-kubernetes-embedded-resource': true })],
  ['ST4', branch({ 'x-kubernetes-validations': [{ rule: 'true' }] })],
  [
    'ST4',
    field({
      type: 'array',
      items: { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
      not: {
        type: 'array',
        items: { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['a'],
      },
    }),
  ],
  [
    'ST9',
    field({ type: 'string', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true }),
  ],
  ['ST10', ({ schema }) => Object.assign(schema.properties, { apiVersion: { type: 'integer' } })],
  ['LM1', field({ type: 'object', 'x-kubernetes-map-type': 'loose' })],
  [['LM1', 'ST1'], field({ 'x-kubernetes-list-type': 'set' })],
  [['LM1', 'ST1'], field({ 'x-kubernetes-map-type': 'atomic' })],
  ['LM2', field({ ...list, 'x-kubernetes-list-type': 'set', 'x-kubernetes-list-map-keys': ['a'] })],
  [['LM3', 'ST3'], field({ type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a'] })],
  ['DF2', field(numbers({ maxItems: 1, default: [1, 2] }))],
  ['DF2', field({ type: 'string', maxLength: 1, default: 'ab' })],
  ['DF2', field({ type: 'object', required: ['a'], properties: { a: { type: 'string' } }, default: {} })],
  [
    'CE6',
    field({
      type: 'object',
      properties: { a: { type: 'string' } },
      'x-kubernetes-validations': [{ rule: 'true', fieldPath: '.a\n' }],
    }),
  ],
];

export const wordings: readonly Case[] = changes.map(([rule, change], index) => ({
  claim: `wording ${index + 1}, of ${[rule].flat().join(' and ')}`,
  rule,
  change,
}));
