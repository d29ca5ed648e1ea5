import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './fixtures.js';
import { wordings } from './wordings.js';

/** A change to a small CRD, the rules that refuse the outcome, and whether opgen alone does; without a rule, nobody does. */
export interface Case {
  readonly claim: string;
  readonly rule?: string | readonly string[];
  readonly opgenOnly?: true;
  // biome-ignore lint/suspicious/noExplicitAny: a case may put any JSON anywhere.
  change(parts: { crd: any; version: any; schema: any; spec: any }): void;
}

export function crdOfCase({ change }: Case): unknown {
  const crd = parse(readFileSync(join(root, 'n7-preserveunknownfields-is-not-true', 'passes.yaml'), 'utf8'));
  const version = crd.spec.versions[0];
  const schema = version.schema.openAPIV3Schema;
  change({ crd, version, schema, spec: schema.properties.spec });
  return crd;
}

const list = (items: object, extra: object = {}): object => ({ type: 'array', items, ...extra });
const mapOf = (keys: readonly string[], items: object): object =>
  list(items, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys });
const validation = (rule: object): object => ({
  type: 'object',
  properties: { size: { type: 'integer' } },
  'x-kubernetes-validations': [rule],
});
const pod = (extra: object = {}): object => ({ type: 'object', 'x-kubernetes-embedded-resource': true, ...extra });

/** What the fixtures of the rules leave open; `agreement.test.ts` puts the same CRDs to a real API server. */
export const cases: readonly Case[] = [
  ...wordings,
  { claim: 'a group of another domain needs no approval', change: ({ crd }) => rename(crd, 'notk8s.io') },
  { claim: 'an approval is a URL', change: ({ crd }) => approve(crd, 'https://example.com/review') },
  { claim: 'an approval is no path', rule: 'N6', change: ({ crd }) => approve(crd, '/review') },
  { claim: 'an approval is not missing', rule: 'N6', change: ({ crd }) => rename(crd, 'kubernetes.io') },
  { claim: 'a name is not too long', rule: 'N1', change: ({ crd }) => rename(crd, `${'a.'.repeat(122)}example`) },
  {
    claim: 'singular and list kind may be left to the server',
    change({ crd }) {
      delete crd.spec.names.singular;
      delete crd.spec.names.listKind;
    },
  },
  {
    claim: 'a kind may have upper case letters anywhere',
    change: ({ crd }) => Object.assign(crd.spec.names, { kind: 'widgeT' }),
  },
  {
    claim: 'a kind has no underscore',
    rule: 'N5',
    change: ({ crd }) => Object.assign(crd.spec.names, { kind: 'Wid_get' }),
  },
  { claim: 'a version name has no dot', rule: 'V1', change: ({ version }) => Object.assign(version, { name: 'v1.0' }) },
  {
    claim: 'one version must be stored',
    rule: 'V2',
    change: ({ version }) => Object.assign(version, { storage: false }),
  },
  {
    claim: 'a deprecation warning is not empty',
    rule: 'V4',
    change: ({ version }) => Object.assign(version, { deprecated: true, deprecationWarning: '' }),
  },
  {
    claim: 'a deprecation warning counts bytes',
    rule: 'V4',
    change: ({ version }) => Object.assign(version, { deprecated: true, deprecationWarning: 'é'.repeat(129) }),
  },
  {
    claim: 'a deprecation warning is one line',
    rule: 'V4',
    change: ({ version }) => Object.assign(version, { deprecated: true, deprecationWarning: 'a\tb' }),
  },
  {
    claim: 'a scale path does not lead to spec itself',
    rule: 'SS1',
    change: ({ version }) => scale(version, { specReplicasPath: '.spec', statusReplicasPath: '.status.replicas' }),
  },
  {
    claim: 'a scale has both paths',
    rule: 'SS1',
    change: ({ version }) => scale(version, { specReplicasPath: '.spec.size' }),
  },
  {
    claim: 'a scale path may lead into what the schema leaves open',
    change({ version, schema }) {
      schema.properties.status = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
      scale(version, { specReplicasPath: '.spec.size', statusReplicasPath: '.status.replicas' });
    },
  },
  {
    claim: 'a root with the status subresource may have rules',
    change({ version, schema }) {
      version.subresources = { status: {} };
      schema['x-kubernetes-validations'] = [{ rule: "self.metadata.name != ''" }];
    },
  },
  {
    claim: 'a printer column may filter',
    change({ version, spec }) {
      spec.properties.list = list({ type: 'object', properties: { type: { type: 'string' }, x: { type: 'string' } } });
      column(version, { jsonPath: '.spec.list[?(@.type=="A")].x' });
    },
  },
  {
    claim: 'a printer column that filters shows a field of the items',
    rule: 'PC1',
    opgenOnly: true,
    change({ version, spec }) {
      spec.properties.list = list({ type: 'object', properties: { x: { type: 'string' } } });
      column(version, { jsonPath: '.spec.list[?(@.x=="A")].y' });
    },
  },
  {
    claim: 'a printer column may search at any depth',
    change: ({ version }) => column(version, { jsonPath: '..missing' }),
  },
  {
    claim: 'a printer column of numbers prints integers',
    change: ({ version }) => column(version, { type: 'number', jsonPath: '.spec.size' }),
  },
  {
    claim: 'a printer column of integers prints no strings',
    rule: 'PC1',
    opgenOnly: true,
    change({ version, spec }) {
      spec.properties.name = { type: 'string' };
      column(version, { type: 'integer', jsonPath: '.spec.name' });
    },
  },
  {
    claim: 'a printer column has a type',
    rule: 'PC1',
    change: ({ version }) => column(version, { type: '' }),
  },
  {
    claim: 'a conversion has a strategy',
    rule: 'CV1',
    change: ({ crd }) => Object.assign(crd.spec, { conversion: { strategy: 'Hook' } }),
  },
  {
    claim: 'the version of a conversion review is required',
    rule: 'CV3',
    change: ({ crd }) => convert(crd, { service }, []),
  },
  {
    claim: 'a conversion webhook may have a URL',
    change: ({ crd }) => convert(crd, { url: 'https://example.com:8443/convert' }),
  },
  {
    claim: 'a conversion webhook has an address',
    rule: 'CV2',
    change: ({ crd }) => convert(crd, {}),
  },
  {
    claim: 'a conversion webhook has one address',
    rule: 'CV2',
    change: ({ crd }) => convert(crd, { service, url: 'https://example.com' }),
  },
  {
    claim: 'a conversion webhook has a client configuration',
    rule: 'CV2',
    change: ({ crd }) => convert(crd, undefined),
  },
  {
    claim: 'the service of a conversion webhook has a name',
    rule: 'CV2',
    change: ({ crd }) => convert(crd, { service: { namespace: 'system' } }),
  },
  {
    claim: 'the service of a conversion webhook has a namespace',
    rule: 'CV2',
    change: ({ crd }) => convert(crd, { service: { name: 'hook' } }),
  },
  {
    claim: 'the port of a conversion webhook has 16 bits',
    rule: 'CV2',
    change: ({ crd }) => convert(crd, { service: { ...service, port: 65_536 } }),
  },
  {
    claim: 'the path of a conversion webhook has no empty segments',
    rule: 'CV2',
    change: ({ crd }) => convert(crd, { service: { ...service, path: '/a//b' } }),
  },
  {
    claim: 'the path of a conversion webhook starts with a slash',
    rule: 'CV2',
    change: ({ crd }) => convert(crd, { service: { ...service, path: 'convert' } }),
  },
  {
    claim: 'the path of a conversion webhook may end in a slash',
    change: ({ crd }) => convert(crd, { service: { ...service, path: '/convert/' } }),
  },
  {
    claim: 'the path of a conversion webhook has lower case letters',
    rule: 'CV2',
    change: ({ crd }) => convert(crd, { service: { ...service, path: '/Convert' } }),
  },
  {
    claim: 'the schema of all versions is one to the API server',
    rule: 'ST1',
    change({ crd, version, spec }) {
      spec.properties.any = {};
      crd.spec.versions.push({ ...version, name: 'v2', storage: false });
    },
  },
  {
    claim: 'a schema that versions do not share keeps its path',
    rule: 'ST1',
    change({ crd, version, spec }) {
      crd.spec.versions.push({ ...structuredClone(version), name: 'v2', storage: false });
      spec.properties.any = {};
    },
  },
  {
    claim: 'columns that versions do not share keep their path',
    rule: 'PC1',
    change({ crd, version }) {
      crd.spec.versions.push({ ...structuredClone(version), name: 'v2', storage: false });
      column(version, { jsonPath: 'spec.size' });
    },
  },
  {
    claim: 'a property named like a keyword is a key in paths',
    rule: 'ST1',
    change: ({ spec }) =>
      Object.assign(spec.properties, { properties: { type: 'object', properties: { 'a.b/c': {}, properties: {} } } }),
  },
  {
    claim: 'a dialect of JSON Schema is refused',
    rule: 'K2',
    change: ({ schema }) => Object.assign(schema, { $schema: 'http://json-schema.org/draft-07/schema#' }),
  },
  {
    claim: 'a scope is required',
    rule: 'N3',
    change: ({ crd }) => Object.assign(crd.spec, { scope: '' }),
  },
  {
    claim: 'an int-or-string does not embed a resource',
    rule: 'ST8',
    change: ({ spec }) =>
      Object.assign(spec.properties, {
        any: {
          ...pod({ type: 'object', 'x-kubernetes-int-or-string': true, properties: { a: { type: 'string' } } }),
        },
      }),
  },
  {
    claim: 'an embedded resource has a type',
    rule: 'ST9',
    change: ({ spec }) =>
      Object.assign(spec.properties, {
        pod: { 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
      }),
  },
  {
    claim: 'a default inside of a default is named by its path',
    rule: 'DF2',
    change: ({ spec }) =>
      Object.assign(spec.properties, {
        range: {
          type: 'object',
          properties: { list: list({ type: 'integer', maximum: 3 }) },
          default: { list: [1, 5] },
        },
      }),
  },
  {
    claim: 'a list type needs a list',
    rule: 'LM1',
    change: ({ spec }) => Object.assign(spec.properties, { tags: { type: 'string', 'x-kubernetes-list-type': 'set' } }),
  },
  {
    claim: 'what metadata requires of an embedded resource is known',
    change: ({ spec }) =>
      Object.assign(spec.properties, {
        pod: pod({ properties: { metadata: { type: 'object', required: ['labels'] } } }),
      }),
  },
  {
    claim: 'an unknown format of a branch is ignored, too',
    rule: 'LT2',
    opgenOnly: true,
    change: ({ spec }) => Object.assign(spec.properties.size, { not: { format: 'int32' } }),
  },
  {
    claim: 'a printer column may go into a map',
    change({ version, spec }) {
      spec.properties.labels = { type: 'object', additionalProperties: { type: 'string' } };
      column(version, { jsonPath: '.spec.labels.app\\.kubernetes\\.io/name' });
    },
  },
  { claim: 'a printer column has a name', rule: 'PC1', change: ({ version }) => column(version, { name: '' }) },
  {
    claim: 'a printer column does not go into the items of a list by name',
    rule: 'PC1',
    opgenOnly: true,
    change({ version, spec }) {
      spec.properties.tags = list({ type: 'object', properties: { a: { type: 'string' } } });
      column(version, { jsonPath: '.spec.tags.a' });
    },
  },
  {
    claim: 'nine selectable fields are too many',
    rule: 'SF1',
    change: ({ version, spec }) => selectable(version, spec, 9),
  },
  { claim: 'eight selectable fields are fine', change: ({ version, spec }) => selectable(version, spec, 8) },
  {
    claim: 'a selectable field lies outside of metadata',
    rule: 'SF1',
    change({ version, schema }) {
      schema.properties.metadata = { type: 'object', properties: { name: { type: 'string' } } };
      version.selectableFields = [{ jsonPath: '.metadata.name' }];
    },
  },
  {
    claim: 'an empty map of definitions counts as none',
    change: ({ schema, spec }) => {
      Object.assign(spec.properties.size, { definitions: {}, patternProperties: {} });
      schema.properties.metadata = { type: 'object', definitions: {}, additionalProperties: null };
    },
  },
  {
    claim: 'metadata has no rules, not even none',
    rule: 'ST10',
    change: ({ schema }) =>
      Object.assign(schema.properties, { metadata: { type: 'object', 'x-kubernetes-validations': [] } }),
  },
  {
    claim: 'an empty map of dependencies is refused',
    rule: 'K2',
    change: ({ spec }) => Object.assign(spec.properties.size, { dependencies: {} }),
  },
  {
    claim: 'an empty $ref is refused',
    rule: 'K2',
    change: ({ spec }) => Object.assign(spec.properties.size, { $ref: '' }),
  },
  {
    claim: 'the branches of an int-or-string may have keywords that count as absent',
    change: ({ spec }) =>
      Object.assign(spec.properties, {
        port: {
          'x-kubernetes-int-or-string': true,
          anyOf: [
            { type: 'integer', title: '', enum: [], not: null, nullable: false },
            { type: 'string', definitions: {}, additionalProperties: false, uniqueItems: false },
          ],
        },
      }),
  },
  {
    claim: 'the branches of an int-or-string require nothing, not even nothing',
    rule: ['ST5'],
    change: ({ spec }) =>
      Object.assign(spec.properties, {
        port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer', required: [] }, { type: 'string' }] },
      }),
  },
  {
    claim: 'a property of null has no type',
    rule: 'ST1',
    change: ({ spec }) => Object.assign(spec.properties, { any: null }),
  },
  {
    claim: 'a bound has 64 bits',
    rule: 'DC4',
    change: ({ spec }) => Object.assign(spec.properties, { text: { type: 'string', maxLength: 1e19 } }),
  },
  {
    claim: 'a priority has 32 bits',
    rule: 'DC10',
    change: ({ version }) => column(version, { priority: 2 ** 31 }),
  },
  {
    claim: 'a bundle of certificates is base64',
    rule: 'DC10',
    change: ({ crd }) => convert(crd, { service, caBundle: 'x' }),
  },
  {
    claim: 'a label is a text',
    rule: 'DC10',
    change: ({ crd }) => Object.assign(crd.metadata, { labels: { app: 1 } }),
  },
  {
    claim: 'metadata has known fields',
    rule: 'DC1',
    change: ({ crd }) => Object.assign(crd.metadata, { lables: {} }),
  },
  {
    claim: 'singular and list kind may be null',
    change: ({ crd }) => Object.assign(crd.spec.names, { singular: null, listKind: null }),
  },
  {
    claim: 'a default in the metadata of an embedded resource matches its schema',
    rule: 'DF2',
    change: ({ spec }) =>
      Object.assign(spec.properties, {
        pod: pod({
          properties: {
            metadata: {
              type: 'object',
              properties: {
                labels: {
                  type: 'object',
                  additionalProperties: { type: 'string' },
                  required: ['app'],
                  default: { tier: 'web' },
                },
              },
            },
          },
        }),
      }),
  },
  {
    claim: 'a default of the root names its kind',
    rule: 'DF3',
    change: ({ schema }) => Object.assign(schema, { default: { spec: {} } }),
  },
  {
    claim: 'a null default counts as none',
    change: ({ spec }) => Object.assign(spec.properties.size, { default: null }),
  },
  { claim: 'an empty reference counts as none', change: ({ spec }) => Object.assign(spec.properties.size, { id: '' }) },
  {
    claim: 'properties may stand beside additionalProperties: true',
    change: ({ spec }) => Object.assign(spec, { additionalProperties: true }),
  },
  {
    claim: 'a type of null is refused',
    rule: 'K1',
    change: ({ spec }) => Object.assign(spec.properties.size, { type: 'null' }),
  },
  {
    claim: 'a default may stand in a map outside of metadata',
    change: ({ spec }) =>
      Object.assign(spec.properties, {
        map: { type: 'object', additionalProperties: { type: 'string', default: 'a' } },
      }),
  },
  {
    claim: 'a branch may forbid more properties',
    change: ({ spec }) => Object.assign(spec, { not: { additionalProperties: false } }),
  },
  {
    claim: 'a branch may not allow them',
    rule: 'ST4',
    change: ({ spec }) => Object.assign(spec, { not: { additionalProperties: true } }),
  },
  {
    claim: 'an empty default is still a default',
    rule: 'ST4',
    change: ({ spec }) => Object.assign(spec, { not: { default: [] } }),
  },
  {
    claim: 'the branches of int-or-string may stand on a node of one type',
    change: ({ spec }) =>
      Object.assign(spec.properties, { port: { type: 'string', anyOf: [{ type: 'integer' }, { type: 'string' }] } }),
  },
  {
    claim: 'the branches of int-or-string may stand in the first allOf only',
    rule: 'ST4',
    change({ spec }) {
      const anyOf = [{ type: 'integer' }, { type: 'string' }];
      spec.properties.port = { 'x-kubernetes-int-or-string': true, allOf: [{ maxLength: 3 }, { anyOf }] };
    },
  },
  {
    claim: 'a branch of a branch restricts what is declared',
    rule: 'ST6',
    change: ({ schema }) =>
      Object.assign(schema, { not: { allOf: [{ properties: { spec: { items: { minimum: 1 } } } }] } }),
  },
  {
    claim: 'embedded metadata may be typed',
    change: ({ spec }) =>
      Object.assign(spec.properties, {
        pod: pod({ properties: { metadata: { type: 'object', required: ['name'] } } }),
      }),
  },
  {
    claim: 'an embedded resource is no map',
    rule: 'ST9',
    change({ spec }) {
      spec.properties.pod = pod({
        additionalProperties: { type: 'string' },
        'x-kubernetes-preserve-unknown-fields': true,
      });
    },
  },
  {
    claim: 'embedded metadata is an object',
    rule: 'ST10',
    change: ({ spec }) =>
      Object.assign(spec.properties, { pod: pod({ properties: { metadata: { type: 'string' } } }) }),
  },
  {
    claim: 'a property may have the name of a keyword',
    change: ({ spec }) =>
      Object.assign(spec, {
        properties: {
          properties: { type: 'string' },
          $ref: { type: 'string' },
          default: { type: 'string' },
        },
      }),
  },
  {
    claim: 'a property may have the name of a member of every JavaScript object',
    change: ({ spec }) => Object.assign(spec, { properties: { constructor: { type: 'string', default: 'a' } } }),
  },
  {
    claim: 'the items of a map list are objects',
    rule: 'LM3',
    change: ({ spec }) => Object.assign(spec.properties, { ports: mapOf(['a'], { type: 'string' }) }),
  },
  {
    claim: 'a key may be an int-or-string',
    change({ spec }) {
      const properties = { a: { 'x-kubernetes-int-or-string': true } };
      spec.properties.ports = mapOf(['a'], { type: 'object', required: ['a'], properties });
    },
  },
  {
    claim: 'keys need the list type map',
    rule: 'LM2',
    change: ({ spec }) =>
      Object.assign(spec.properties, { tags: list({ type: 'string' }, { 'x-kubernetes-list-map-keys': ['a'] }) }),
  },
  {
    claim: 'a set may hold atomic lists',
    change({ spec }) {
      spec.properties.tags = list(list({ type: 'string' }), { 'x-kubernetes-list-type': 'set' });
    },
  },
  {
    claim: 'a set may not hold sets',
    rule: 'LM5',
    change({ spec }) {
      const inner = list({ type: 'string' }, { 'x-kubernetes-list-type': 'set' });
      spec.properties.tags = list(inner, { 'x-kubernetes-list-type': 'set' });
    },
  },
  {
    claim: 'a default is held to its bounds',
    rule: 'DF2',
    change: ({ spec }) => Object.assign(spec.properties, { size: { type: 'integer', minimum: 2, default: 1 } }),
  },
  {
    claim: 'a default is held to its pattern in the syntax of Go',
    rule: 'DF2',
    change: ({ spec }) =>
      Object.assign(spec.properties, { name: { type: 'string', pattern: '^(?:[[:upper:]]+)\\z', default: 'abc' } }),
  },
  {
    claim: 'a default may have what unknown fields preserve',
    change: ({ spec }) =>
      Object.assign(spec.properties, {
        any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, default: { a: 1 } },
      }),
  },
  {
    claim: 'a default has no metadata of its own',
    rule: 'DF1',
    change: ({ spec }) => Object.assign(spec.properties, { any: { type: 'object', default: { metadata: {} } } }),
  },
  {
    claim: 'a rule may have a reason and a path',
    change: ({ spec }) =>
      Object.assign(spec, validation({ rule: 'self.size > 0', reason: 'FieldValueInvalid', fieldPath: '.size' })),
  },
  {
    claim: 'a path of a rule starts with a dot or a bracket',
    rule: 'CE6',
    change: ({ spec }) => Object.assign(spec, validation({ rule: 'self.size > 0', fieldPath: 'size' })),
  },
  {
    claim: 'a blank path of a rule is refused',
    rule: 'CE6',
    change: ({ spec }) => Object.assign(spec, validation({ rule: 'self.size > 0', fieldPath: ' ' })),
  },
  {
    claim: 'a blank message is refused',
    rule: 'CE2',
    change: ({ spec }) => Object.assign(spec, validation({ rule: 'self.size > 0', message: ' ' })),
  },
  {
    claim: 'optionalOldSelf: false needs oldSelf too',
    rule: 'CE7',
    change: ({ spec }) => Object.assign(spec, validation({ rule: 'self.size > 0', optionalOldSelf: false })),
  },
];

// biome-ignore lint/suspicious/noExplicitAny: parts of CRDs as JSON.
type Part = any;

function rename(crd: Part, group: string): void {
  crd.spec.group = group;
  crd.metadata.name = `${crd.spec.names.plural}.${group}`;
}

function approve(crd: Part, text: string): void {
  rename(crd, 'demo.k8s.io');
  crd.metadata.annotations = { 'api-approved.kubernetes.io': text };
}

const service = { name: 'webhook-service', namespace: 'system' };

function convert(crd: Part, clientConfig: object | undefined, conversionReviewVersions = ['v1']): void {
  crd.spec.conversion = {
    strategy: 'Webhook',
    webhook: { ...(clientConfig && { clientConfig }), conversionReviewVersions },
  };
}

function scale(version: Part, paths: object): void {
  version.subresources = { scale: paths };
}

function column(version: Part, change: object): void {
  version.additionalPrinterColumns = [{ name: 'A', type: 'string', jsonPath: '.spec.size', ...change }];
}

function selectable(version: Part, spec: Part, count: number): void {
  const names = Array.from({ length: count }, (_, index) => `field${index}`);
  for (const name of names) spec.properties[name] = { type: 'string' };
  version.selectableFields = names.map((name) => ({ jsonPath: `.spec.${name}` }));
}
