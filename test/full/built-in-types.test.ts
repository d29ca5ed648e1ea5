import { beforeAll, describe, expect, test } from 'vitest';
import { overlayBetween, readOverlay } from '../../scripts/k8s/facts.js';
import { readModels } from '../../scripts/k8s/models.js';
import { schemasOf } from '../../scripts/k8s/schema.js';
import { useBuild } from '../k8s/build.js';
import { controllerGenSchemas, crdOf, crdWith, type Declared, specOf } from '../k8s/declare.js';

const { table } = useBuild();
const expected = controllerGenSchemas();

/** Types that contain themselves, those that lead to one, and those whose markers controller-gen refuses. */
const incomparable = [
  'IntOrString',
  'Quantity',
  'V1APIService',
  'V1APIServiceList',
  'V1APIServiceSpec',
  'V1CustomResourceDefinition',
  'V1CustomResourceDefinitionList',
  'V1CustomResourceDefinitionSpec',
  'V1CustomResourceDefinitionVersion',
  'V1CustomResourceValidation',
  'V1JSONSchemaProps',
  'V1MicroTime',
];

test('controller-gen was asked for every type that a CRD can have', () => {
  expect(Object.keys(table().types).filter((type) => !(type in expected))).toEqual(incomparable);
  expect(Object.keys(expected).filter((type) => !(type in table().types))).toEqual([]);
});

describe('a built-in type has the schema that controller-gen makes of its Go type', () => {
  const specs: { [module: string]: ReturnType<typeof specOf> } = {};
  const own: Declared[] = [];
  beforeAll(async () => {
    const types = Object.keys(expected);
    const clientNode = types.map((type) => ({ field: type, module: '@kubernetes/client-node', name: type }));
    for (const field of types) {
      const exported = Object.entries(table().exports).flatMap(([module, names]) =>
        Object.entries(names)
          .filter(([, type]) => type === field && module !== '@kubernetes/client-node')
          .map(([name]) => ({ field, module, name })),
      );
      if (exported[0]) own.push(exported.at(-1)!);
    }
    specs.clientNode = specOf(await crdWith(clientNode));
    specs.own = specOf(await crdWith(own));
  }, 60_000);

  test('imported from @kubernetes/client-node', () => {
    expect(Object.keys(specs.clientNode!)).toEqual(Object.keys(expected));
    for (const [type, schema] of Object.entries(expected)) expect(specs.clientNode![type], type).toEqual(schema);
  });

  test('imported from opgen/k8s', () => {
    const missing = Object.keys(expected).filter((type) => !(type in specs.own!));
    expect(missing, 'what the API server says of itself has no group').toEqual(['VersionInfo']);
    for (const [type, schema] of Object.entries(specs.own!)) expect(schema, type).toEqual(expected[type]);
  });
});

test('a kind is the same CRD, in every word, whichever package its types come from', async () => {
  const kind = (module: string, prefix: string) =>
    crdOf(
      ['PodTemplateSpec', 'JobTemplateSpec', 'PersistentVolumeClaim', 'ServiceSpec', 'Condition'].map((name) => ({
        field: name,
        module,
        name: prefix + name,
      })),
    );
  const crd = await kind('opgen/k8s', '');
  expect(JSON.stringify(crd)).toContain('"description":"Specification of the desired behavior of the pod.');
  expect(await kind('@kubernetes/client-node', 'V1')).toEqual(crd);
});

test('the overlay says what client-node does not, and no more', () => {
  const made = overlayBetween(schemasOf(readModels()), expected);
  expect(readOverlay()).toEqual(made);
});
