import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Node, unfolded } from '../../scripts/k8s/fold.js';
import { buildCrds, type CrdOptions } from '../../src/crd/build.js';
import type { CrdObject } from '../../src/crd/crd.js';
import { readApi } from '../../src/frontend/index.js';
import { caseFolder } from '../support/fixtures.js';

const fixture = (file: string): string => readFileSync(join(caseFolder('k8s', 'controller-gen'), file), 'utf8');

const schemas = JSON.parse(fixture('schemas.json')) as { readonly [type: string]: Node };

/** What controller-gen makes of the Go types, by client-node's names. */
export const controllerGenSchemas = (): { [type: string]: Node } =>
  Object.fromEntries(Object.keys(schemas).map((type) => [type, unfolded(schemas, type)]));

/** A field of a spec: its type as a module exports it. */
export interface Declared {
  readonly field: string;
  readonly module: string;
  readonly name: string;
}

/** The CRD of a kind whose spec has the fields, without descriptions. */
export const crdWith = (fields: readonly Declared[], kind?: string): Promise<CrdObject> =>
  crdOf(fields, kind, { maxDescLen: 0 });

/** The CRD of a kind whose spec has the fields. */
export async function crdOf(
  fields: readonly Declared[],
  kind = 'BuiltIn',
  options: CrdOptions = {},
): Promise<CrdObject> {
  const imports = fields.map(({ module, name }, index) => `import type { ${name} as T${index} } from '${module}';`);
  const members = fields.map(({ field }, index) => `${field}?: T${index};`);
  const text = [
    '// +groupName=types.example.com',
    "import type { CustomResource } from 'opgen/api';",
    ...imports,
    `export interface ${kind}Spec { ${members.join(' ')} }`,
    `export interface ${kind} extends CustomResource<${kind}Spec> {}`,
  ].join('\n');
  const api = await readApi('/', ['v1/kind.ts'], { overlay: { 'v1/kind.ts': text } });
  expect(api.diagnostics).toEqual([]);
  const crds = buildCrds(api.value, options);
  expect(crds.diagnostics).toEqual([]);
  return crds.value[0]!.object;
}

/** The schemas of the fields of a spec. */
export function specOf(crd: CrdObject): { readonly [field: string]: Node } {
  const root = crd.spec.versions[0]!.schema.openAPIV3Schema as {
    properties: { spec: { properties: { [f: string]: Node } } };
  };
  return root.properties.spec.properties;
}
