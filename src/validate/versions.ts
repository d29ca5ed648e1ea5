import type { JsonObject, JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import { nearest } from '../nearest.js';
import { isDnsLabel } from './dns.js';
import { followFieldPath, resolveJsonPath, typeText } from './fieldpath.js';
import { isObject, listAt, memberAt, objectAt, show, stringAt } from './json.js';
import type { CrdRule, Finding, Path } from './rule.js';
import { below, nothing } from './rule.js';

/** A version of a CRD; `schema` is empty when there is none. */
interface Version {
  readonly value: JsonObject;
  readonly path: Path;
  readonly schema: JsonSchema;
}

const columnTypes = ['integer', 'number', 'string', 'boolean', 'date'];
const columnFormats = ['int32', 'int64', 'float', 'double', 'byte', 'date', 'date-time', 'password'];
const selectableTypes = ['string', 'boolean', 'integer'];
const maxSelectableFields = 8;

/** What the root of a schema may have besides `type: object` while the status subresource is on. */
const rootKeywords: ReadonlySet<string> = new Set(
  (
    'description type format title maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems ' +
    'uniqueItems multipleOf required items properties externalDocs example x-kubernetes-preserve-unknown-fields x-kubernetes-validations'
  ).split(' '),
);

const scalePaths = [
  { key: 'specReplicasPath', under: ['.spec.'], type: 'integer', required: true },
  { key: 'statusReplicasPath', under: ['.status.'], type: 'integer', required: true },
  { key: 'labelSelectorPath', under: ['.spec.', '.status.'], type: 'string', required: false },
];

export const versionRules: readonly CrdRule[] = [
  {
    id: 'V1',
    claim: 'The names of versions are DNS labels, each used once',
    hint: 'name versions v1alpha1, v1beta1, v1, …',
    check(crd) {
      const seen = new Set<Json | undefined>();
      return versions(crd).flatMap(({ value, path }) => {
        const name = memberAt(value, 'name');
        const at = below(path, 'name');
        if (typeof name !== 'string' || !isDnsLabel(name)) return [{ path: at, detail: `is ${show(name)}` }];
        if (seen.has(name)) return [{ path: at, detail: `is ${show(name)} again` }];
        seen.add(name);
        return [];
      });
    },
  },
  {
    id: 'V2',
    claim: 'Exactly one version is the storage version',
    hint: 'put +kubebuilder:storageversion on the kind in exactly one version',
    check(crd) {
      const stored = versions(crd).filter(({ value }) => memberAt(value, 'storage') === true);
      if (stored.length === 1) return nothing;
      const names = stored.map(({ value }) => show(memberAt(value, 'name')));
      return [
        {
          path: below(undefined, 'spec', 'versions'),
          detail: names.length ? `has ${names.join(' and ')}` : 'has none',
        },
      ];
    },
  },
  {
    id: 'V3',
    claim: 'Every version has a schema',
    hint: 'generate the CRD again, or write schema.openAPIV3Schema',
    check: (crd) =>
      versions(crd).flatMap(({ value, path }) =>
        objectAt(memberAt(value, 'schema'), 'openAPIV3Schema')
          ? []
          : [{ path: below(path, 'schema', 'openAPIV3Schema'), detail: 'is missing' }],
      ),
  },
  {
    id: 'V4',
    claim: 'A deprecation warning stands on a deprecated version, with 1 to 256 printable bytes',
    hint: 'shorten the text of +kubebuilder:deprecatedversion:warning',
    check: (crd) => versions(crd).flatMap(deprecationFinding),
  },
  {
    id: 'SS1',
    claim: 'A scale path leads to a field below `.spec` or `.status`',
    hint: 'write +kubebuilder:subresource:scale:specpath=.spec.replicas,statuspath=.status.replicas',
    check: (crd) => versions(crd).flatMap((version) => scaleFindings(version, misplacedScalePath)),
  },
  {
    id: 'SS1',
    claim: 'A scale path names a field of the right type',
    hint: 'declare the field: `replicas?: Integer` in spec and in status, `selector?: string` in status',
    opgenOnly: true,
    check: (crd) => versions(crd).flatMap((version) => scaleFindings(version, unfitScalePath)),
  },
  {
    id: 'SS2',
    claim: 'With the status subresource, the root of the schema is a plain object',
    hint: 'move the keyword down to spec, or write a validation rule on the kind',
    check: (crd) => versions(crd).flatMap(statusRootFindings),
  },
  {
    id: 'PC1',
    claim: 'A printer column has a name, a known type and format, and a JSON path that starts with a dot',
    hint: 'write +kubebuilder:printcolumn:name=Size,type=integer,JSONPath=`.spec.size`',
    check: (crd) =>
      versions(crd).flatMap((version) => columns(version).flatMap(({ value, path }) => columnFindings(value, path))),
  },
  {
    id: 'PC1',
    claim: 'A printer column shows a field of the schema',
    hint: 'correct the JSON path, or declare the field',
    opgenOnly: true,
    check: (crd) =>
      versions(crd).flatMap((version) =>
        columns(version).flatMap(({ value, path }) =>
          missingField(version.schema, stringAt(value, 'jsonPath') ?? '', below(path, 'jsonPath')),
        ),
      ),
  },
  {
    id: 'SF1',
    claim: 'Selectable fields are at most 8 different strings, booleans or integers outside of metadata',
    hint: 'remove the +kubebuilder:selectablefield that does not fit',
    check: (crd) => versions(crd).flatMap(selectableFindings),
  },
  {
    id: 'SF2',
    claim: 'A selectable field is a path of plain names to a field of the schema',
    hint: 'write +kubebuilder:selectablefield:JSONPath=.spec.field',
    check: (crd) =>
      versions(crd).flatMap((version) =>
        selectableFields(version).flatMap(({ text, found, path }) =>
          'problem' in found ? [{ path, detail: `is ${show(text)}, which ${found.problem}` }] : [],
        ),
      ),
  },
];

/** The versions that are objects. */
export function versions(crd: JsonObject): readonly Version[] {
  return listAt(memberAt(crd, 'spec'), 'versions').flatMap((value, index) => {
    if (!isObject(value)) return [];
    const schema = objectAt(memberAt(value, 'schema'), 'openAPIV3Schema') ?? {};
    return [{ value, schema, path: below(undefined, 'spec', 'versions', index) }];
  });
}

function deprecationFinding({ value, path }: Version): readonly Finding[] {
  const warning = memberAt(value, 'deprecationWarning');
  if (typeof warning !== 'string') return nothing;
  const at = below(path, 'deprecationWarning');
  if (memberAt(value, 'deprecated') !== true) {
    return [
      { path: at, detail: 'stands on a version that is not deprecated', hint: 'add +kubebuilder:deprecatedversion' },
    ];
  }
  const bytes = new TextEncoder().encode(warning).length;
  if (bytes === 0 || bytes > 256) return [{ path: at, detail: `has ${bytes} bytes` }];
  const odd = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(warning);
  return odd
    ? [{ path: at, detail: `has U+${odd[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} in it` }]
    : nothing;
}

type ScaleCheck = (version: Version, text: string | undefined, want: (typeof scalePaths)[number]) => string | undefined;

function scaleFindings(version: Version, check: ScaleCheck): readonly Finding[] {
  const scale = objectAt(memberAt(version.value, 'subresources'), 'scale');
  if (!scale) return nothing;
  return scalePaths.flatMap((want) => {
    const detail = check(version, stringAt(scale, want.key) || undefined, want);
    return detail === undefined ? [] : [{ path: below(version.path, 'subresources', 'scale', want.key), detail }];
  });
}

const misplacedScalePath: ScaleCheck = (_version, text, { under, required }) => {
  if (text === undefined) return required ? 'is missing' : undefined;
  if (under.some((prefix) => text.startsWith(prefix))) return undefined;
  return `is ${show(text)}, not below ${under.map((prefix) => show(prefix.slice(0, -1))).join(' or ')}`;
};

const unfitScalePath: ScaleCheck = (version, text, { under, type }) => {
  if (text === undefined || !under.some((prefix) => text.startsWith(prefix))) return undefined;
  const found = resolveJsonPath(version.schema, text);
  if (found === 'open') return undefined;
  if ('missing' in found) return `is ${show(text)}, where the schema has no \`${found.missing}\``;
  return found.field.type === type
    ? undefined
    : `is ${show(text)}, whose type is ${typeText(found.field)}, not \`${type}\``;
};

function statusRootFindings({ value, schema, path }: Version): readonly Finding[] {
  if (!objectAt(memberAt(value, 'subresources'), 'status')) return nothing;
  const root = below(path, 'schema', 'openAPIV3Schema');
  return Object.keys(schema).flatMap((keyword) => {
    const set = schema[keyword];
    if (set === false || set === '' || set === null) return [];
    if (keyword === 'type' && set !== 'object') return [{ path: below(root, 'type'), detail: `is ${show(set)}` }];
    return rootKeywords.has(keyword) ? [] : [{ path: below(root, keyword), detail: 'is set' }];
  });
}

const columns = (version: Version): readonly { value: Json; path: Path }[] =>
  listAt(version.value, 'additionalPrinterColumns').map((value, i) => ({
    value,
    path: below(version.path, 'additionalPrinterColumns', i),
  }));

function columnFindings(column: Json, path: Path): readonly Finding[] {
  const { name, type, format, jsonPath } = isObject(column) ? column : ({} as JsonObject);
  const fits = {
    name: typeof name === 'string' && name !== '',
    type: columnTypes.includes(type as string),
    format: format === undefined || format === '' || columnFormats.includes(format as string),
    jsonPath: typeof jsonPath === 'string' && jsonPath.startsWith('.'),
  };
  return Object.entries(fits).flatMap(([key, fit]) =>
    fit ? [] : [{ path: below(path, key), detail: `is ${show(memberAt(column, key))}` }],
  );
}

function missingField(schema: JsonSchema, text: string, path: Path): readonly Finding[] {
  const found = resolveJsonPath(schema, text);
  if (found === 'open' || 'field' in found) return nothing;
  const { missing, known } = found;
  const slip = nearest(missing, known);
  const detail = `is ${show(text)}, where the schema has no \`${missing}\``;
  return [slip === undefined ? { path, detail } : { path, detail, hint: `did you mean \`${slip}\`?` }];
}

function selectableFields({ value, schema, path }: Version) {
  return listAt(value, 'selectableFields').map((field, index) => {
    const text = stringAt(field, 'jsonPath') ?? '';
    const found = text === '' ? { problem: 'names nothing' } : followFieldPath(schema, text, false);
    return { text, found, path: below(path, 'selectableFields', index, 'jsonPath') };
  });
}

function selectableFindings(version: Version): readonly Finding[] {
  const seen = new Set<string>();
  const findings = selectableFields(version).flatMap(({ text, found, path }): readonly Finding[] => {
    if ('problem' in found) return [];
    if (found.names[0] === 'metadata') return [{ path, detail: `is ${show(text)}` }];
    if (!selectableTypes.includes(found.schema.type as string)) {
      return [{ path, detail: `is ${show(text)}, whose type is ${typeText(found.schema)}` }];
    }
    if (seen.has(text)) return [{ path, detail: `is ${show(text)} again` }];
    seen.add(text);
    return [];
  });
  if (seen.size <= maxSelectableFields) return findings;
  return [...findings, { path: below(version.path, 'selectableFields'), detail: `has ${seen.size}` }];
}
