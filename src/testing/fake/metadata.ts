import type { K8sObject } from '../../runtime/resource.js';
import { isDnsSubdomain } from '../../validate/dns.js';
import type { ValueFinding } from '../../validate/result.js';
import type { ServedKind } from './kinds.js';

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

const isLabel = (name: string): boolean => name.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name);
const isKeyName = (name: string): boolean => /^([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$/.test(name);
const isValue = (value: string): boolean => value === '' || isKeyName(value);

const invalidValue = (path: string, value: string, rule: string): ValueFinding => ({
  path,
  message: `Invalid value: ${JSON.stringify(value)}: ${rule}`,
});

/**
 * Names, labels and annotations; the rules of names are those of most kinds: subdomains, and labels for namespaces and
 * services.
 */
export function checkMetadata(kind: ServedKind, { metadata = {} }: K8sObject): readonly ValueFinding[] {
  const { name = '', labels = {}, annotations = {} } = metadata;
  return [
    ...checkName(kind, name),
    ...Object.entries(labels ?? {}).flatMap(([key, value]) => [
      ...checkKey('metadata.labels', key),
      ...(isValue(value) ? [] : [invalidValue('metadata.labels', value, valueText)]),
    ]),
    ...Object.keys(annotations ?? {}).flatMap((key) => checkKey('metadata.annotations', key.toLowerCase())),
  ];
}

function checkName({ resource: { group, plural } }: ServedKind, name: string): readonly ValueFinding[] {
  if (name === '') return [{ path: 'metadata.name', message: 'Required value: name or generateName is required' }];
  if (group === 'rbac.authorization.k8s.io') {
    return /^\.\.?$|[/%]/.test(name) ? [invalidValue('metadata.name', name, 'may not be a segment of a path')] : [];
  }
  if (group === '' && (plural === 'namespaces' || plural === 'services')) {
    return isLabel(name) ? [] : [invalidValue('metadata.name', name, labelText)];
  }
  return isDnsSubdomain(name) ? [] : [invalidValue('metadata.name', name, subdomainText)];
}

function checkKey(path: string, key: string): readonly ValueFinding[] {
  const parts = key.split('/');
  const prefix = parts.length > 1 ? parts[0] : undefined;
  const name = parts.at(-1) ?? '';
  return [
    ...(prefix === undefined || isDnsSubdomain(prefix)
      ? []
      : [invalidValue(path, key, `prefix part ${subdomainText}`)]),
    ...(isKeyName(name) && parts.length <= 2 ? [] : [invalidValue(path, key, keyText)]),
  ];
}
