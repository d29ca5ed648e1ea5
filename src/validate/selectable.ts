import type { JsonObject } from '../json.js';
import { listAt, show, stringAt } from '../json.js';
import { answers } from './answers.js';
import type { FieldPath } from './fieldpath.js';
import { followFieldPath, typeText } from './fieldpath.js';
import type { CrdRule, Finding, Path } from './rule.js';
import { below } from './rule.js';
import { isShared } from './serverpath.js';
import type { Version } from './versions.js';
import { versions } from './versions.js';

const selectableTypes = ['string', 'boolean', 'integer'];
const maxSelectableFields = 8;

export const selectableRules: readonly CrdRule[] = [
  {
    id: 'SF1',
    claim: 'Selectable fields are at most 8 different strings, booleans or integers outside of metadata',
    hint: 'remove the +kubebuilder:selectablefield that does not fit',
    server: answers.SF1,
    check: (crd) => versions(crd).flatMap(selectableFindings),
  },
  {
    id: 'SF2',
    claim: 'A selectable field is a path of plain names to a field of the schema',
    hint: 'write +kubebuilder:selectablefield:JSONPath=.spec.field',
    server: answers.SF2,
    check: (crd) =>
      versions(crd).flatMap((version) =>
        selectableFields(version).flatMap(({ text, found, path }) =>
          'problem' in found ? [misleading(text, found, path)] : [],
        ),
      ),
  },
  {
    id: 'SF3',
    claim: 'All versions have the same selectable fields exactly if all have the same schema',
    hint: 'repeat the +kubebuilder:selectablefield markers on the kind in every version',
    server: answers.SF3,
    check: sharingFindings,
  },
];

/**
 * The server moves to the spec what all versions agree on, the schema and the selectable fields each on its own, and then looks for
 * the schema beside the selectable fields.
 */
function sharingFindings(crd: JsonObject): readonly Finding[] {
  const sharesFields = isShared(crd, 'selectableFields');
  if (sharesFields === isShared(crd, 'schema')) return [];
  const selecting = versions(crd).filter(({ value }) => listAt(value, 'selectableFields').length > 0);
  const findings = selecting.map(({ path }): Finding => {
    const at = below(path, 'selectableFields');
    if (!sharesFields) return { path: at, detail: 'is not the list of all versions, while the schema is' };
    const hint =
      'let the list of one version differ: select one field more or less there, or write its markers in another order';
    return { path: at, detail: 'is the list of all versions, while the schemas differ', hint };
  });
  return sharesFields ? findings.slice(-1) : findings;
}

function selectableFields({ value, schema, path }: Version) {
  return listAt(value, 'selectableFields').map((field, index) => {
    const text = stringAt(field, 'jsonPath') ?? '';
    const found = text === '' ? { problem: 'names nothing' } : followFieldPath(schema, text, false);
    return { text, found, path: below(path, 'selectableFields', index, 'jsonPath') };
  });
}

function misleading(text: string, { problem, hint }: Extract<FieldPath, { problem: string }>, path: Path): Finding {
  const finding = { path, detail: `is ${show(text)}, which ${problem}` };
  return hint === undefined ? finding : { ...finding, hint };
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
