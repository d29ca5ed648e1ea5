import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOverlay } from '../../scripts/k8s/facts.js';
import { buildK8s } from '../../scripts/k8s/index.js';
import { quantities, untypedJson } from '../../scripts/k8s/overlay.js';
import type { Json } from '../../src/ir/schema.js';
import { type BuiltinSchema, tableOfText, textOfTable } from '../../src/k8s/table.js';
import { packageRoot } from '../../src/package.js';
import { tempFolder } from '../support/temp.js';
import { useBuild } from './build.js';

type Schema = {
  readonly [key: string]: unknown;
  readonly properties?: { readonly [name: string]: Schema };
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly $ref?: string;
};

const { dist, table } = useBuild();
const modules = join(packageRoot, 'node_modules');
const schema = (type: string): Schema => table().types[type] as Schema;
const property = (type: string, name: string): Schema => {
  const { description: _, ...rest } = schema(type).properties?.[name] ?? {};
  return rest;
};

const intOrString = { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true };
const quantity = { ...intOrString, pattern: expect.stringMatching(/^\^\(\\\+\|-\)\?.*\[KMGTPE\]i.*\$$/) };
const mapOf = (...keys: string[]) => ({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys });
const anyObject = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

test.each<[type: string, field: string, expected: object]>([
  ['V1PodSpec', 'containers', { type: 'array', items: { $ref: 'V1Container' }, ...mapOf('name') }],
  ['V1PodSpec', 'dnsPolicy', { type: 'string' }],
  ['V1PodSpec', 'tolerations', { type: 'array', items: { $ref: 'V1Toleration' }, 'x-kubernetes-list-type': 'atomic' }],
  ['V1ContainerPort', 'protocol', { type: 'string', default: 'TCP' }],
  ['V1ServiceSpec', 'ports', { type: 'array', items: { $ref: 'V1ServicePort' }, ...mapOf('port', 'protocol') }],
  ['V1NodeSpec', 'podCIDRs', { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' }],
  ['V1PersistentVolumeSpec', 'claimRef', { $ref: 'V1ObjectReference', 'x-kubernetes-map-type': 'granular' }],
  ['V1alpha2PodGroupSchedulingPolicy', 'basic', { type: 'object' }],
  ['V1PodSpec', 'activeDeadlineSeconds', { type: 'integer', format: 'int64' }],
  [
    'V1PodSpec',
    'nodeSelector',
    { type: 'object', additionalProperties: { type: 'string' }, 'x-kubernetes-map-type': 'atomic' },
  ],
  ['V1PodSpec', 'overhead', { type: 'object', additionalProperties: quantity }],
  ['V1ContainerPort', 'containerPort', { type: 'integer', format: 'int32' }],
  ['V1HTTPGetAction', 'port', intOrString],
  ['V1ResourceRequirements', 'limits', { type: 'object', additionalProperties: quantity }],
  ['V1EmptyDirVolumeSource', 'sizeLimit', quantity],
  ['V1CapacityRequestPolicy', 'validValues', { type: 'array', items: quantity, 'x-kubernetes-list-type': 'atomic' }],
  ['V1Secret', 'data', { type: 'object', additionalProperties: { type: 'string', format: 'byte' } }],
  ['V1Condition', 'lastTransitionTime', { type: 'string', format: 'date-time' }],
  ['V1LeaseSpec', 'renewTime', { type: 'string', format: 'date-time' }],
  ['V1ControllerRevision', 'data', anyObject],
  ['V1JSONSchemaProps', 'default', { 'x-kubernetes-preserve-unknown-fields': true }],
  ['V1JSONSchemaProps', 'maximum', { type: 'number' }],
  ['V1JSONSchemaProps', '$ref', { type: 'string' }],
  ['V1JSONSchemaProps', 'x-kubernetes-list-map-keys', { type: 'array', items: { type: 'string' } }],
  ['V1JSONSchemaProps', 'properties', { type: 'object', additionalProperties: { $ref: 'V1JSONSchemaProps' } }],
  ['V1UserInfo', 'extra', { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } }],
])('the schema of %s.%s', (type, field, expected) => {
  expect(property(type, field)).toEqual(expected);
});

test('required follows the declarations and is sorted', () => {
  expect(schema('V1PodSpec').required).toEqual(['containers']);
  expect(schema('V1DeploymentSpec').required).toEqual(['selector', 'template']);
  expect(schema('V1Condition').required).toEqual(['lastTransitionTime', 'message', 'reason', 'status', 'type']);
  expect(schema('V1PodTemplateSpec')).not.toHaveProperty('required');
});

test('embedded metadata is what a CRD may declare of it', () => {
  const names = ['annotations', 'finalizers', 'labels', 'name', 'namespace'];
  expect(Object.keys(schema('V1ObjectMeta').properties ?? {})).toEqual(names);
  expect(schema('V1ObjectMeta')).not.toHaveProperty('required');
});

test('descriptions keep their paragraphs, and say what the field is for rather than its type', () => {
  const { properties } = schema('V1HTTPGetAction');
  expect(properties?.port?.description).toMatch(/^Name or number of the port/);
  expect(schema('V1PodTemplateSpec').properties?.spec?.description).toMatch(/^Specification of the desired/);
  expect(schema('V1PodSpec').properties?.os?.description).toContain('\n\n');
  const artifacts = /Possible enum values|@deprecated|IntOrString is a type|\*_\/|\/_\*/;
  expect(Object.keys(table().types).filter((type) => artifacts.test(JSON.stringify(schema(type))))).toEqual([]);
});

test('the kinds that operators embed can be reached from CronJob', () => {
  expect(reachable('V1CronJob')).toEqual(expect.arrayContaining(['V1JobTemplateSpec', 'V1PodSpec', 'V1Container']));
});

test('every $ref stands for a type of the table, and only V1JSONSchemaProps leads back to itself', () => {
  const { types } = table();
  const dangling = Object.keys(types).flatMap((type) => refs(schema(type)).filter((ref) => !(ref in types)));
  expect(dangling).toEqual([]);
  expect(Object.keys(types).filter((type) => reachable(type).includes(type))).toEqual(['V1JSONSchemaProps']);
});

test('every export stands for a type of the table', () => {
  const { types, exports } = table();
  const dangling = Object.values(exports).flatMap((names) => Object.values(names).filter((type) => !(type in types)));
  expect(dangling).toEqual([]);
});

test.each([
  ['opgen/k8s', 'PodTemplateSpec', 'V1PodTemplateSpec'],
  ['opgen/k8s', 'Event', 'CoreV1Event'],
  ['opgen/k8s', 'HorizontalPodAutoscaler', 'V2HorizontalPodAutoscaler'],
  ['opgen/k8s', 'MutatingAdmissionPolicy', 'V1MutatingAdmissionPolicy'],
  ['opgen/k8s', 'ClusterTrustBundle', 'V1beta1ClusterTrustBundle'],
  ['opgen/k8s', 'ResourceClaim', 'CoreV1ResourceClaim'],
  ['opgen/k8s', 'Subject', 'RbacV1Subject'],
  ['opgen/k8s', 'IntOrString', 'IntOrString'],
  ['opgen/k8s/core/v1', 'PodTemplateSpec', 'V1PodTemplateSpec'],
  ['opgen/k8s/apps/v1', 'DeploymentList', 'V1DeploymentList'],
  ['opgen/k8s/apps/v1', 'Container', 'V1Container'],
  ['opgen/k8s/events/v1', 'Event', 'EventsV1Event'],
  ['opgen/k8s/resource/v1', 'ResourceClaim', 'ResourceV1ResourceClaim'],
  ['opgen/k8s/autoscaling/v1', 'HorizontalPodAutoscaler', 'V1HorizontalPodAutoscaler'],
  ['opgen/k8s/networking/v1', 'NetworkPolicyPeer', 'V1NetworkPolicyPeer'],
  ['opgen/k8s/rbac/v1', 'PolicyRule', 'V1PolicyRule'],
  ['opgen/k8s/meta/v1', 'LabelSelector', 'V1LabelSelector'],
  ['opgen/k8s/policy/v1', 'Eviction', 'V1Eviction'],
  ['@kubernetes/client-node', 'V1Container', 'V1Container'],
  ['@kubernetes/client-node', 'IntOrString', 'IntOrString'],
])('%s exports %s', (module, name, type) => {
  expect(table().exports[module]?.[name]).toBe(type);
});

test('no property of a class is lost', async () => {
  const folder = join(modules, '@kubernetes/client-node/dist/gen/models');
  const listed = readFileSync(join(folder, 'all.d.ts'), 'utf8').matchAll(/models\/(\w+)\.js/g);
  for (const type of Array.from(listed, (match) => match[1]!).filter((name) => name !== 'V1ObjectMeta')) {
    const model = (await import(pathToFileURL(join(folder, `${type}.js`)).href))[type];
    const names = model.attributeTypeMap.map((attribute: { baseName: string }) => attribute.baseName).sort();
    expect(Object.keys(schema(type).properties ?? {}), type).toEqual(names);
  }
}, 60_000);

test('quantities and required fields agree with kubernetes-models', () => {
  const seen = fieldsOfKubernetesModels().filter(({ type }) => schema(type));
  expect(seen.length).toBeGreaterThan(1500);
  expect(seen.filter(({ isQuantity }) => isQuantity).length).toBeGreaterThan(35);
  for (const { type, field, optional, isQuantity } of seen) {
    const own = schema(type).properties?.[field];
    const at = `${type}.${field}`;
    expect(JSON.stringify(own).includes('[KMGTPE]i'), at).toBe(isQuantity);
    // Go says of the field that it is optional, and to controller-gen that it is required.
    if (!/PortStatus\.error$/.test(at)) expect(!schema(type).required?.includes(field), at).toBe(optional);
  }
});

test('every entry of the overlay names a type or a field that exists, once', () => {
  const places = new Set(
    Object.keys(table().types).flatMap((type) => {
      const names = [type, type.replace(/^\w*V\d+((alpha|beta)\d+)?(?=[A-Z])/, '')];
      const fields = ['', ...Object.keys(schema(type).properties ?? {}).map((name) => `.${name}`)];
      return names.flatMap((name) => fields.map((field) => name + field));
    }),
  );
  const facts = readOverlay().flatMap(({ of }) => of);
  expect([...facts, ...quantities, ...untypedJson].filter((place) => !places.has(place))).toEqual([]);
  expect(facts.filter((place, index) => facts.indexOf(place) !== index)).toEqual([]);
});

test('entries are read one by one as they are in the whole', () => {
  const read = tableOfText(readFileSync(join(dist, 'k8s/builtin.json'), 'latin1'));
  const { types, exports } = table();
  for (const [type, expected] of Object.entries(types)) expect(read.schemaOf(type), type).toEqual(expected);
  for (const [module, expected] of Object.entries(exports)) expect(read.exportsOf(module), module).toEqual(expected);
  expect(read.schemaOf('V1Nothing')).toBeUndefined();
  expect(read.exportsOf('opgen/k8s/nothing/v1')).toEqual({});
});

test('any table reads back from its text', () => {
  const schemas = fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<Json>), {
    noNullPrototype: true,
  });
  const modules = fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(schemas, modules, (types, exports) => {
      const text = textOfTable({ kubernetes: '1.0', exports, types });
      expect(text).toMatch(/^[\0-\x7f]*$/);
      const read = tableOfText(text);
      for (const type of Object.keys(types))
        expect(read.schemaOf(type)).toEqual(JSON.parse(JSON.stringify(types[type])));
      for (const module of Object.keys(exports)) expect(read.exportsOf(module)).toEqual(exports[module]);
    }),
  );
});

test('a schema accepts the objects of its kind and refuses others', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const definitions = JSON.parse(JSON.stringify(table().types).replaceAll('"$ref":"', '"$ref":"#/definitions/'));
  const valid = ajv.compile({ definitions, $ref: '#/definitions/V1Deployment' });
  const deployment = (limit: unknown, replicas: unknown): object => ({
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { spec: { containers: [{ name: 'web', image: 'nginx', resources: { limits: { cpu: limit } } }] } },
    },
  });
  expect(valid(deployment('100m', 3))).toBe(true);
  expect(valid(deployment(2, 3))).toBe(true);
  expect(valid(deployment('a lot', 3))).toBe(false);
  expect(valid(deployment('100m', 'three'))).toBe(false);
  expect(valid({ spec: { replicas: 3 } })).toBe(false);
});

test('two builds give the same bytes', async () => {
  const again = tempFolder();
  await buildK8s(again);
  const files = readdirSync(again, { recursive: true, encoding: 'utf8' }).sort();
  expect(files).toEqual(readdirSync(join(dist, 'k8s'), { recursive: true, encoding: 'utf8' }).sort());
  for (const file of files.filter((name) => /\.\w+$/.test(name))) {
    expect(await readFile(join(again, file), 'utf8'), file).toBe(await readFile(join(dist, 'k8s', file), 'utf8'));
  }
});

test('the table is of the release that the package speaks of', () => {
  expect(table().kubernetes).toBe('1.36');
  expect(Object.keys(table().types)).toEqual(Object.keys(table().types).sort());
});

function refs(value: Schema | BuiltinSchema): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (typeof value.$ref === 'string') return [value.$ref];
  return Object.values(value).flatMap((part) => refs(part as Schema));
}

/** Everything that a type leads to, itself only if it leads back. */
function reachable(type: string): string[] {
  const reached = new Set(refs(schema(type)));
  for (const next of reached) for (const ref of refs(schema(next))) reached.add(ref);
  return [...reached];
}

/** What the interfaces of the package say, read without a parser: the v1 types that only one group has. */
function fieldsOfKubernetesModels(): { type: string; field: string; optional: boolean; isQuantity: boolean }[] {
  const folder = join(modules, 'kubernetes-models');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\bv1\/[A-Z]\w+\.d\.ts$/.test(file),
  );
  return files.flatMap((file) => {
    const name = /(\w+)\.d\.ts$/.exec(file)?.[1] ?? '';
    const text = readFileSync(join(folder, file), 'utf8');
    const body = new RegExp(`^export interface I${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, 'm').exec(text)?.[1] ?? '';
    const members = body.matchAll(/^ {4}"([^"]+)"(\??): (\{\n[^\n]*\n {4}\}|[^\n]*);$/gm);
    return Array.from(members, ([, field = '', mark, type = '']) => ({
      type: `V1${name}`,
      field,
      optional: mark === '?' || (/^(apiVersion|kind)$/.test(field) && /^"/.test(type)),
      isQuantity: type.includes('ResourceQuantity'),
    }));
  });
}
