import type { K8sObject } from '../../runtime/resource.js';
import { isDns1123Label, isDnsSubdomain, isLabelValue, isNamePart } from '../../text/dns.js';
import type { ValueFinding } from '../../validate/result.js';
import type { ServedKind } from './kinds.js';
import { checkOwners } from './references.js';

const alphanumeric = 'must start and end with an alphanumeric character';
const subdomainText =
  `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and ${alphanumeric} ` +
  "(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelText =
  `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and ${alphanumeric} ` +
  "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const keyText =
  `name part must consist of alphanumeric characters, '-', '_' or '.', and ${alphanumeric} ` +
  "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueText =
  `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and ${alphanumeric} ` +
  "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const labelKeyText =
  `a valid label key must consist of alphanumeric characters, '-', '_' or '.', and ${alphanumeric} ` +
  "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') " +
  "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";

const invalidValue = (path: string, value: string, rule: string): ValueFinding => ({
  path,
  message: `Invalid value: ${JSON.stringify(value)}: ${rule}`,
});

/**
 * Names, labels and annotations; the rules of names are those of most kinds: subdomains, and labels for namespaces and
 * services.
 */
export function checkMetadata(kind: ServedKind, { metadata = {} }: K8sObject): readonly ValueFinding[] {
  const { name = '', generateName = '', labels = {}, annotations = {}, finalizers } = metadata;
  return [
    ...(generateName === '' ? [] : checkName(kind, generateName.replace(/-$/, ''), 'generateName', generateName)),
    ...checkName(kind, name),
    ...checkOwners(metadata),
    ...(finalizers ?? []).flatMap((each) => checkKey('metadata.finalizers', each)),
    ...Object.entries(labels ?? {}).flatMap(([key, value]) => [
      ...checkKey('metadata.labels', key),
      ...checkValue(value),
    ]),
    ...Object.keys(annotations ?? {}).flatMap((key) => checkKey('metadata.annotations', key.toLowerCase())),
  ];
}

function checkName(
  { resource: { group, plural } }: ServedKind,
  name: string,
  field = 'name',
  text = name,
): readonly ValueFinding[] {
  const path = `metadata.${field}`;
  if (text === '') return [{ path, message: 'Required value: name or generateName is required' }];
  if (group === 'rbac.authorization.k8s.io') {
    return /^\.\.?$|[/%]/.test(name) ? [invalidValue(path, text, 'may not be a segment of a path')] : [];
  }
  if (group === '' && (plural === 'namespaces' || plural === 'services')) {
    const rule = name.includes('.') ? 'must not contain dots' : labelText;
    return [
      ...tooLong(path, text, 63, 'characters'),
      ...(isDns1123Label(name.slice(0, 63)) ? [] : [invalidValue(path, text, rule)]),
    ];
  }
  return [
    ...tooLong(path, text, 253, 'characters'),
    ...(name.length > 253 || isDnsSubdomain(name) ? [] : [invalidValue(path, text, subdomainText)]),
  ];
}

const tooLong = (path: string, value: string, limit: number, unit: string): readonly ValueFinding[] =>
  value.length > limit ? [invalidValue(path, value, `must be no more than ${limit} ${unit}`)] : [];

function checkValue(value: string): readonly ValueFinding[] {
  if (value.length > 63) return tooLong('metadata.labels', value, 63, 'bytes');
  return isLabelValue(value) ? [] : [invalidValue('metadata.labels', value, valueText)];
}

function checkKey(path: string, key: string): readonly ValueFinding[] {
  const parts = key.split('/');
  if (parts.length > 2) return [invalidValue(path, key, labelKeyText)];
  const prefix = parts.length > 1 ? parts[0] : undefined;
  const name = parts.at(-1) ?? '';
  return [
    ...(prefix === undefined || isDnsSubdomain(prefix)
      ? []
      : [invalidValue(path, key, `prefix part ${subdomainText}`)]),
    ...(name.length > 63 ? [invalidValue(path, key, 'name part must be no more than 63 bytes')] : []),
    ...(isNamePart(name.slice(0, 63)) ? [] : [invalidValue(path, key, keyText)]),
  ];
}
