import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import type { JsonObject } from '../json.js';
import { isObject, listAt, memberAt, show, stringAt } from '../json.js';
import { answers } from './answers.js';
import { misled, resolveJsonPath, typeText } from './fieldpath.js';
import type { CrdRule, Finding, Path } from './rule.js';
import { below } from './rule.js';
import type { Version } from './versions.js';
import { versions } from './versions.js';

const columnTypes = ['integer', 'number', 'string', 'boolean', 'date'];
const columnFormats = ['int32', 'int64', 'float', 'double', 'byte', 'date', 'date-time', 'password'];

export const columnRules: readonly CrdRule[] = [
  {
    id: 'PC1',
    claim: 'A printer column has a name, a known type and format, and a JSON path that starts with a dot',
    hint: 'write +kubebuilder:printcolumn:name=Size,type=integer,JSONPath=`.spec.size`',
    server: answers.PC1,
    check: (crd) =>
      versions(crd).flatMap((version) => columns(version).flatMap(({ value, path }) => columnFindings(value, path))),
  },
  {
    id: 'PC1',
    claim: 'A printer column shows a field of the schema',
    hint: 'correct the JSON path, or declare the field',
    check: (crd) =>
      shown(crd).flatMap(({ text, found, path }) =>
        found === 'open' || 'field' in found ? [] : [{ path: below(path, 'jsonPath'), ...misled(text, found) }],
      ),
  },
  {
    id: 'PC1',
    claim: 'A printer column has a type that its field can be printed as',
    hint: 'write the type of the field, or `type=string`, which prints anything',
    severity: 'warning',
    check: (crd) =>
      shown(crd).flatMap(({ type, text, found, path }) => {
        const sources = Object.hasOwn(printable, type) ? printable[type] : undefined;
        if (!sources || found === 'open' || 'missing' in found || fieldFits(found.field, sources)) return [];
        const detail = `is ${show(type)}, so that the cell stays empty: the type of ${show(text)} is ${typeText(found.field)}`;
        return [{ path: below(path, 'type'), detail }];
      }),
  },
];

/** Which types of fields fill a cell; a column of strings takes all. */
const printable: Readonly<Record<string, readonly string[]>> = {
  integer: ['integer', 'number'],
  number: ['integer', 'number'],
  boolean: ['boolean'],
  date: ['string'],
};

const fieldFits = (field: JsonSchema, types: readonly string[]): boolean =>
  field.type === undefined && field['x-kubernetes-int-or-string'] !== true
    ? true
    : types.includes(field.type as string);

/** Every column with what its path leads to. */
const shown = (crd: JsonObject) =>
  versions(crd).flatMap((version) =>
    columns(version).map(({ value, path }) => {
      const text = stringAt(value, 'jsonPath') ?? '';
      return { type: stringAt(value, 'type') ?? '', text, found: resolveJsonPath(version.schema, text), path };
    }),
  );

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
