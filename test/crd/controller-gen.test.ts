import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { buildCrds } from '../../src/crd/build.js';
import { diskTree } from '../../src/emit/tree.js';
import { projectSources } from '../../src/frontend/files.js';
import { readApi } from '../../src/frontend/index.js';
import { caseFolder } from '../support/fixtures.js';

type Node = { [key: string]: unknown };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What controller-gen made of the Go twin of a fixture; `VERSION` says how. */
const expectedCrd = (name: string): Node =>
  load(readFileSync(join(caseFolder('controller-gen', name), 'expected.yaml'), 'utf8')) as Node;

async function actualCrd(name: string): Promise<Node> {
  const folder = caseFolder('crds', name);
  const api = await readApi(folder, projectSources(diskTree(folder)));
  const crds = buildCrds(api.value);
  expect([...api.diagnostics, ...crds.diagnostics]).toEqual([]);
  expect(crds.value).toHaveLength(1);
  return JSON.parse(JSON.stringify(crds.value[0]!.object));
}

/** Changes every object of a tree, the inner ones first. */
function rewrite(value: unknown, change: (node: Node) => Node): unknown {
  if (Array.isArray(value)) return value.map((each) => rewrite(each, change));
  if (!isNode(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rewrite(each, change)])));
}

const without = ({ ...node }: Node, ...keys: readonly string[]): Node => {
  for (const key of keys) delete node[key];
  return node;
};

const withoutDescription = (value: unknown): unknown => (isNode(value) ? without(value, 'description') : value);

const conditionNames = ['lastTransitionTime', 'message', 'observedGeneration', 'reason', 'status', 'type'];

/**
 * The differences that are allowed: controller-gen's own annotation, and the words of the descriptions of `apiVersion`, `kind` and the members
 * of `Condition`, which opgen says in its own.
 */
function withoutAllowed(crd: Node): unknown {
  return rewrite(crd, (node) => {
    if (isNode(node.annotations)) {
      const annotations = without(node.annotations, 'controller-gen.kubebuilder.io/version');
      return Object.keys(annotations).length > 0 ? { ...node, annotations } : without(node, 'annotations');
    }
    if (!isNode(node.properties)) return node;
    const { properties } = node;
    const isRoot = 'apiVersion' in properties && 'kind' in properties && 'metadata' in properties;
    const isCondition = conditionNames.every((name) => name in properties);
    const names = isCondition ? conditionNames : isRoot ? ['apiVersion', 'kind'] : [];
    const silent = names.map((name) => [name, withoutDescription(properties[name])]);
    return {
      ...(isCondition ? without(node, 'description') : node),
      properties: { ...properties, ...Object.fromEntries(silent) },
    };
  });
}

/** Properties, types, formats and what is required: the rest of the built-in types comes from other data. */
function shapeOf(schema: unknown): unknown {
  if (!isNode(schema)) return schema;
  const { type, format, required, properties, items, additionalProperties } = schema;
  const inner = isNode(properties)
    ? Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, shapeOf(each)]))
    : undefined;
  return {
    type,
    format,
    required,
    properties: inner,
    items: shapeOf(items),
    additionalProperties: shapeOf(additionalProperties),
    isIntOrString: schema['x-kubernetes-int-or-string'],
  };
}

const schemaOf = (crd: Node): Node => {
  const [version] = (crd.spec as { versions: readonly { schema: { openAPIV3Schema: Node } }[] }).versions;
  return version!.schema.openAPIV3Schema;
};

describe('opgen says what controller-gen says of the Go twin', () => {
  test.each(['memcached', 'database-namespaced', 'bases-bring-their-rules'])('%s', async (name) => {
    expect(withoutAllowed(await actualCrd(name))).toEqual(withoutAllowed(expectedCrd(name)));
  });

  test('the shape of built-in types', async () => {
    const name = 'myapp-with-built-in-types';
    expect(shapeOf(schemaOf(await actualCrd(name)))).toEqual(shapeOf(schemaOf(expectedCrd(name))));
  });
});
