import { type Crd, type CrdVersion, type JsonSchema, positionOf } from '../crd/crd.js';
import type { Checked, Diagnostic } from '../diagnostics.js';
import type { Artifact } from '../emit/artifact.js';
import { toYaml } from '../emit/yaml.js';
import { sampleFile } from '../project/paths.js';
import type { Generator, GeneratorInput } from './generator.js';
import { type Missing, sampleValue } from './samples/value.js';
import { labels } from './shared/labels.js';
import { layoutOf, placeOf } from './shared/layout.js';

/** An object of each kind in each served version: complete, valid, and the user's from the first edit on. */
export const samples: Generator = {
  name: 'samples',
  summary: 'An object of each kind in config/samples',
  generate(input) {
    const all = input.crds.flatMap((crd) => servedVersions(crd).map((index) => sample(input, crd, index)));
    return { value: all.map(({ value }) => value), diagnostics: all.flatMap(({ diagnostics }) => diagnostics) };
  },
};

const servedVersions = (crd: Crd): readonly number[] =>
  crd.object.spec.versions.flatMap((version, index) => (version.served ? [index] : []));

function sample(input: GeneratorInput, crd: Crd, index: number): Checked<Artifact> {
  const { project, api } = input;
  const { group, names, versions } = crd.object.spec;
  const version = versions[index]!;
  const kind = api.kinds.find(
    (each) => each.group === group && each.kind === names.kind && each.version === version.name,
  );
  const content = sampleValue({ schema: ownMembers(version), source: kind?.schema, nth: 0, minimal: false });
  const object = {
    apiVersion: `${group}/${version.name}`,
    kind: names.kind,
    metadata: { ...(project && { labels: labels(project) }), name: `${names.kind.toLowerCase()}-sample` },
    ...(content.value as object | undefined),
  };
  const path = sampleFile(placeOf(layoutOf(input), crd, version.name));
  return {
    value: { path, owner: 'user', refresh: true, content: toYaml(object), at: kind?.at ?? crd.at },
    diagnostics: content.missing.map((missing) => needsExample(crd, index, missing)),
  };
}

/** The root of the schema without what every object has, and without the status, which users do not write. */
function ownMembers(version: CrdVersion): JsonSchema {
  const { properties, required, example, default: _, ...root } = version.schema.openAPIV3Schema;
  const must = new Set(['spec', ...(Array.isArray(required) ? required : [])]);
  const left = Object.entries((properties ?? {}) as JsonSchema).filter(
    ([name]) => !['apiVersion', 'kind', 'metadata'].includes(name) && (name !== 'status' || must.has(name)),
  );
  return { ...root, type: 'object', properties: Object.fromEntries(left), required: [...must] };
}

function needsExample(crd: Crd, index: number, { field, schemaPath, pattern }: Missing): Diagnostic {
  const fact =
    pattern === undefined ? 'opgen finds none that its schema accepts' : `opgen finds none that matches \`${pattern}\``;
  return {
    code: 'OG3102',
    severity: 'warning',
    message: `A sample of \`${crd.object.spec.names.kind}\` needs a value for \`${field.replace(/^\./, '')}\`, but ${fact}`,
    hint: 'add `@example VALUE` to the comment of the property',
    at: positionOf(crd, `spec.versions[${index}].schema.openAPIV3Schema${schemaPath}`),
  };
}
