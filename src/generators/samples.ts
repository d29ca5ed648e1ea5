import { type Crd, type CrdVersion, type JsonSchema, pathStep, positionOf } from '../crd/crd.js';
import type { Checked, Diagnostic } from '../diagnostics.js';
import type { Artifact } from '../emit/artifact.js';
import { toYaml } from '../emit/yaml.js';
import { isObject, type JsonObject } from '../json.js';
import { sampleFile } from '../project/paths.js';
import { type ValueFinding, validateObject } from '../validate/object.js';
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
  const schema = version.schema.openAPIV3Schema;
  const name = nameFor(schema, `${names.kind.toLowerCase()}-sample`);
  const best = bestOf(schema, (minimal) => {
    const { value, missing } = sampleValue({ schema: ownMembers(version), source: kind?.schema, nth: 0, minimal });
    const metadata = { ...(project && { labels: labels(project) }), name };
    const head = { apiVersion: `${group}/${version.name}`, kind: names.kind, metadata };
    return { object: { ...head, ...(value as JsonObject | undefined) }, missing };
  });
  const path = sampleFile(placeOf(layoutOf(input), crd, version.name));
  return {
    value: {
      path,
      owner: 'user',
      refresh: true,
      content: toYaml(best.object),
      at: kind?.at ?? crd.at,
      crd: crd.object.metadata.name,
    },
    diagnostics: [
      ...best.missing.map((missing) => needsExample(crd, index, missing)),
      ...best.broken.map((finding) => breaksRule(crd, index, finding)),
    ],
  };
}

/** A sample, and what it lacks. */
interface Draft {
  readonly object: JsonObject;
  readonly missing: readonly Missing[];
}

/** `broken`: what the API server has against a draft that lacks nothing: rules that opgen cannot turn into values. */
interface Candidate extends Draft {
  readonly broken: readonly ValueFinding[];
}

/** The first with the fewest faults: the full sample, it without the members that break rules, one of required members only. */
function bestOf(schema: JsonSchema, draft: (minimal: boolean) => Draft): Candidate {
  const checked = ({ object, missing }: Draft): Candidate => ({
    object,
    missing,
    broken: missing.length > 0 ? [] : validateObject(schema, object),
  });
  const full = checked(draft(false));
  const withoutBroken = full.broken.reduce((object, { path }) => without(object, path.split('.')), full.object);
  const others = [() => ({ ...full, object: withoutBroken }), () => draft(true)];
  return others.reduce((best, other) => {
    if (faults(best) === 0) return best;
    const next = checked(other());
    return faults(next) < faults(best) ? next : best;
  }, full);
}

const faults = ({ missing, broken }: Candidate): number => missing.length + broken.length;

/** The object without the member that a rule is about, if it is one of an object. */
function without(object: JsonObject, [name = '', ...rest]: readonly string[]): JsonObject {
  const { [name]: member, ...others } = object;
  if (member === undefined || rest.length === 0) return others;
  return isObject(member) ? { ...object, [name]: without(member, rest) } : object;
}

/** The usual name, unless the kind restricts the names of its objects. */
function nameFor(schema: JsonSchema, usual: string): string {
  const limits = ((schema.properties as JsonSchema)?.metadata as JsonSchema | undefined)?.properties as
    | JsonSchema
    | undefined;
  const name = limits?.name as JsonSchema | undefined;
  if (!name || validateObject(name, usual).length === 0) return usual;
  const { value } = sampleValue({ schema: name, nth: 0, minimal: true });
  return typeof value === 'string' ? value : usual;
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

function breaksRule(crd: Crd, index: number, { path, message }: ValueFinding): Diagnostic {
  return {
    code: 'OG3102',
    severity: 'warning',
    message: `A sample of \`${crd.object.spec.names.kind}\` must keep the rules of its schema, but opgen finds no values that do: ${path}: ${message}`,
    hint: 'add `@example VALUE` to the comment of the properties that the rule is about',
    at: positionOf(crd, `spec.versions[${index}].schema.openAPIV3Schema${schemaPathOf(path)}`),
  };
}

/** Where the schema has the value of a path such as `spec.list[0].name`; of a key with dots, at least where it has the map. */
function schemaPathOf(path: string): string {
  const steps = path.split('.').map((part) => {
    const [name = '', ...inner] = part.split('[');
    return `.properties${pathStep(name)}${inner.map((each) => (/^\d+\]$/.test(each) ? '.items' : '.additionalProperties')).join('')}`;
  });
  return steps.join('');
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
