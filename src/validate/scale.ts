import { memberAt, objectAt, show, stringAt } from '../json.js';
import { answers } from './answers.js';
import { misled, resolveJsonPath, typeText } from './fieldpath.js';
import type { CrdRule, Finding } from './rule.js';
import { below, nothing } from './rule.js';
import type { Version } from './versions.js';
import { versions } from './versions.js';

const scalePaths = [
  { key: 'specReplicasPath', under: ['.spec.'], type: 'integer', required: true },
  { key: 'statusReplicasPath', under: ['.status.'], type: 'integer', required: true },
  { key: 'labelSelectorPath', under: ['.spec.', '.status.'], type: 'string', required: false },
];

export const scaleRules: readonly CrdRule[] = [
  {
    id: 'SS1',
    claim: 'A scale path leads to a field below `.spec` or `.status`',
    hint: 'write +kubebuilder:subresource:scale:specpath=.spec.replicas,statuspath=.status.replicas',
    server: answers.SS1,
    check: (crd) => versions(crd).flatMap((version) => scaleFindings(version, misplacedScalePath)),
  },
  {
    id: 'SS1',
    claim: 'A scale path names a field of the right type',
    hint: 'declare the field: `replicas?: Int32` in spec and in status, `selector?: string` in status',
    check: (crd) => versions(crd).flatMap((version) => scaleFindings(version, unfitScalePath)),
  },
];

type ScaleCheck = (
  version: Version,
  text: string | undefined,
  want: (typeof scalePaths)[number],
) => Omit<Finding, 'path'> | undefined;

function scaleFindings(version: Version, check: ScaleCheck): readonly Finding[] {
  const scale = objectAt(memberAt(version.value, 'subresources'), 'scale');
  if (!scale) return nothing;
  return scalePaths.flatMap((want) => {
    const found = check(version, stringAt(scale, want.key) || undefined, want);
    return found === undefined ? [] : [{ path: below(version.path, 'subresources', 'scale', want.key), ...found }];
  });
}

const misplacedScalePath: ScaleCheck = (_version, text, { under, required }) => {
  if (text === undefined) return required ? { detail: 'is missing' } : undefined;
  if (under.some((prefix) => text.startsWith(prefix))) return undefined;
  return { detail: `is ${show(text)}, not below ${under.map((prefix) => show(prefix.slice(0, -1))).join(' or ')}` };
};

const unfitScalePath: ScaleCheck = (version, text, { under, type }) => {
  if (text === undefined || !under.some((prefix) => text.startsWith(prefix))) return undefined;
  const found = resolveJsonPath(version.schema, text);
  if (found === 'open') return undefined;
  if ('missing' in found) return misled(text, found);
  return found.field.type === type
    ? undefined
    : { detail: `is ${show(text)}, whose type is ${typeText(found.field)}, not \`${type}\`` };
};
