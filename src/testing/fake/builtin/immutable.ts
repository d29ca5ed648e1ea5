import { isEqual } from '../../../runtime/json.js';
import type { K8sObject } from '../../../runtime/resource.js';
import type { ValueFinding } from '../../../validate/result.js';
import { at, type Members } from './values.js';

/** What may not change in an update of a built-in object, of what the fake knows: see docs/testing.md. */
export function checkImmutable(storage: string, before: K8sObject, after: K8sObject): readonly ValueFinding[] {
  const [old, now] = [before as Members, after as Members];
  if (storage === '/configmaps') return frozen(old, now, ['data', 'binaryData']);
  if (storage === '/secrets') return [...fixedType(old, now), ...frozen(old, now, ['data'])];
  if (/^rbac\.authorization\.k8s\.io\/(cluster)?rolebindings$/.test(storage)) return fixedRole(old, now);
  return /^apps\/(deployments|replicasets|daemonsets)$/.test(storage) ? fixedSelector(old, now) : [];
}

/** With `immutable`, the data stay, and so does the field itself. */
function frozen(old: Members, now: Members, fields: readonly string[]): readonly ValueFinding[] {
  if (old.immutable !== true) return [];
  const message = 'Forbidden: field is immutable when `immutable` is set';
  const changed = fields.filter((field) => !isEqual(old[field], now[field]));
  return [...(now.immutable === true ? [] : ['immutable']), ...changed].map((path) => ({ path, message }));
}

const invalidAt = (path: string, value: unknown, fact: string): ValueFinding => ({
  path,
  message: `Invalid value: ${JSON.stringify(value)}: ${fact}`,
});

const fixedType = ({ type: old }: Members, { type }: Members): readonly ValueFinding[] =>
  isEqual(old, type) ? [] : [invalidAt('type', type, 'field is immutable')];

function fixedRole({ roleRef: old }: Members, { roleRef }: Members): readonly ValueFinding[] {
  if (isEqual(old, roleRef)) return [];
  const { apiGroup, kind, name } = at({ roleRef }, 'roleRef');
  return [invalidAt('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')];
}

function fixedSelector(old: Members, now: Members): readonly ValueFinding[] {
  const { selector } = at({ ...now }, 'spec');
  if (isEqual(at({ ...old }, 'spec').selector, selector)) return [];
  return [invalidAt('spec.selector', selector, 'field is immutable'), ...unmatchedTemplate(now)];
}

function unmatchedTemplate(now: Members): readonly ValueFinding[] {
  const spec = at({ ...now }, 'spec');
  const labels = at(at(at({ ...spec }, 'template'), 'metadata'), 'labels');
  const wanted = at(at({ ...spec }, 'selector'), 'matchLabels');
  if (Object.entries(wanted).every(([key, value]) => labels[key] === value)) return [];
  return [invalidAt('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
}
