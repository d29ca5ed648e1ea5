import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import type { JsonObject } from '../json.js';
import { isObject, listAt, memberAt, objectAt, show } from '../json.js';
import { isDns1035Label } from '../text/dns.js';
import { answers } from './answers.js';
import type { CrdRule, Finding, Path } from './rule.js';
import { below, nothing } from './rule.js';

/** A version of a CRD; `schema` is empty when there is none. */
export interface Version {
  readonly value: JsonObject;
  readonly path: Path;
  readonly schema: JsonSchema;
}

/** What the root of a schema may have besides `type: object` while the status subresource is on. */
const rootKeywords: ReadonlySet<string> = new Set(
  (
    'description type format title maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems ' +
    'uniqueItems multipleOf required items properties externalDocs example x-kubernetes-preserve-unknown-fields x-kubernetes-validations'
  ).split(' '),
);

export const versionRules: readonly CrdRule[] = [
  {
    id: 'V1',
    claim: 'The names of versions are DNS labels, each used once',
    hint: 'name versions v1alpha1, v1beta1, v1, …',
    server: answers.V1,
    check(crd) {
      const seen = new Set<Json | undefined>();
      return versions(crd).flatMap(({ value, path }) => {
        const name = memberAt(value, 'name');
        const at = below(path, 'name');
        if (typeof name !== 'string' || !isDns1035Label(name)) return [{ path: at, detail: `is ${show(name)}` }];
        if (seen.has(name))
          return [{ path: at, detail: `is ${show(name)} again`, blamed: below(undefined, 'spec', 'versions') }];
        seen.add(name);
        return [];
      });
    },
  },
  {
    id: 'V2',
    claim: 'Exactly one version is the storage version',
    hint: 'put +kubebuilder:storageversion on the kind in exactly one version',
    server: answers.V2,
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
    server: answers.V3,
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
    server: answers.V4,
    check: (crd) => versions(crd).flatMap(deprecationFinding),
  },
  {
    id: 'SS2',
    claim: 'With the status subresource, the root of the schema is a plain object',
    hint: 'move the keyword down to spec, or write a validation rule on the kind',
    server: answers.SS2,
    check: (crd) => versions(crd).flatMap(statusRootFindings),
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

function statusRootFindings({ value, schema, path }: Version): readonly Finding[] {
  if (!objectAt(memberAt(value, 'subresources'), 'status')) return nothing;
  const root = below(path, 'schema', 'openAPIV3Schema');
  return Object.keys(schema).flatMap((keyword) => {
    const set = schema[keyword];
    if (set === false || set === '' || set === null) return [];
    if (keyword === 'type' && set !== 'object') return [{ path: below(root, 'type'), detail: `is ${show(set)}` }];
    return rootKeywords.has(keyword) ? [] : [{ path: below(root, keyword), detail: 'is set', blamed: root }];
  });
}
