import type { Json } from '../ir/schema.js';
import type { JsonObject } from '../json.js';
import { memberAt, objectAt, show, stringAt, stringsAt } from '../json.js';
import { isDns1035Label, isDnsSubdomain, isLabelValue, isQualifiedName } from '../text/dns.js';
import { answers } from './answers.js';
import type { CrdRule, Finding, ProjectRule } from './rule.js';
import { below, nothing } from './rule.js';

const approval = 'api-approved.kubernetes.io';

const spec = (crd: JsonObject): Json | undefined => memberAt(crd, 'spec');
const names = (crd: JsonObject): Json | undefined => memberAt(spec(crd), 'names');
const inSpec = (...keys: readonly (string | number)[]) => below(undefined, 'spec', ...keys);
const inNames = (...keys: readonly (string | number)[]) => inSpec('names', ...keys);

export const nameRules: readonly CrdRule[] = [
  {
    id: 'N1',
    claim: 'A CRD is named by its plural and its group, in at most 253 characters',
    hint: 'remove metadata.name from the patch or write <plural>.<group>',
    server: answers.N1,
    check(crd) {
      const plural = stringAt(names(crd), 'plural') ?? '';
      const expected = `${plural}.${stringAt(spec(crd), 'group') ?? ''}`;
      const name = memberAt(objectAt(crd, 'metadata'), 'name');
      if (name === expected && isDnsSubdomain(expected)) return nothing;
      const hint = name === expected ? 'choose a shorter plural or group' : `write metadata.name: ${expected}`;
      return [{ path: below(undefined, 'metadata', 'name'), detail: `is ${show(name)}`, hint }];
    },
  },
  {
    id: 'N2',
    claim: 'The group is a DNS subdomain with at least one dot',
    hint: 'use a domain of your own, such as cache.example.com',
    server: answers.N2,
    check(crd) {
      const group = memberAt(spec(crd), 'group');
      if (typeof group === 'string' && group.includes('.') && isDnsSubdomain(group)) return nothing;
      return [{ path: inSpec('group'), detail: `is ${show(group)}` }];
    },
  },
  {
    id: 'N3',
    claim: 'The scope is `Cluster` or `Namespaced`',
    hint: 'write +kubebuilder:resource:scope=Cluster, or leave the scope out for Namespaced',
    server: answers.N3,
    check(crd) {
      const scope = memberAt(spec(crd), 'scope');
      return scope === 'Cluster' || scope === 'Namespaced'
        ? nothing
        : [{ path: inSpec('scope'), detail: `is ${show(scope)}` }];
    },
  },
  {
    id: 'N4',
    claim: 'Plural, singular, short names and categories are DNS labels of at most 63 characters',
    hint: 'use lower case letters, digits and dashes, starting with a letter',
    server: answers.N4,
    check: (crd) => [
      ...labelFinding(crd, 'plural', true),
      ...labelFinding(crd, 'singular', false),
      ...listedLabels(crd, 'shortNames'),
      ...listedLabels(crd, 'categories'),
    ],
  },
  {
    id: 'N5',
    claim: 'Kind and list kind are two different DNS labels, apart from upper case letters',
    hint: 'use letters and digits only, starting with a letter, and leave listKind out',
    server: answers.N5,
    check(crd) {
      const kind = memberAt(names(crd), 'kind');
      const listKind = memberAt(names(crd), 'listKind');
      const findings: Finding[] = [];
      if (!isKind(kind)) findings.push({ path: inNames('kind'), detail: `is ${show(kind)}` });
      if ((listKind ?? '') !== '' && (!isKind(listKind) || listKind === kind)) {
        findings.push({ path: inNames('listKind'), detail: `is ${show(listKind)}` });
      }
      return findings;
    },
  },
  {
    id: 'N6',
    claim: 'A group of the Kubernetes community carries the approval of its API',
    hint: 'use a group of your own, or annotate with "api-approved.kubernetes.io=unapproved, experimental-only"',
    server: answers.N6,
    check(crd) {
      if (!/(^|\.)(k8s|kubernetes)\.io$/.test(stringAt(spec(crd), 'group') ?? '')) return nothing;
      const value = memberAt(memberAt(objectAt(crd, 'metadata'), 'annotations'), approval);
      if (typeof value === 'string' && /^(unapproved|[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#])/.test(value)) return nothing;
      return [{ path: below(undefined, 'metadata', 'annotations', approval), detail: `is ${show(value)}` }];
    },
  },
  {
    id: 'N7',
    claim: '`preserveUnknownFields` is not `true`',
    hint: 'mark the field with +kubebuilder:pruning:PreserveUnknownFields instead',
    server: answers.N7,
    check(crd) {
      if (memberAt(spec(crd), 'preserveUnknownFields') !== true) return nothing;
      return [{ path: inSpec('preserveUnknownFields'), detail: 'is `true`' }];
    },
  },
  {
    id: 'N9',
    claim: 'Labels and annotations of a CRD have qualified names, and labels short values',
    hint: 'write a name or example.com/name as the key, of letters, digits, `-`, `_` and `.`, and at most 63 of them as the value of a label',
    server: answers.N9,
    check: (crd) => [
      ...metadataFindings(crd, 'annotations', (key) => isQualifiedName(key.toLowerCase())),
      ...metadataFindings(crd, 'labels', (key, value) => isQualifiedName(key) && isLabelValue(value)),
    ],
  },
];

function metadataFindings(
  crd: JsonObject,
  list: 'annotations' | 'labels',
  fits: (key: string, value: string) => boolean,
): readonly Finding[] {
  const path = below(undefined, 'metadata', list);
  return Object.entries(objectAt(objectAt(crd, 'metadata'), list) ?? {}).flatMap(([key, value]) => {
    if (typeof value !== 'string' || fits(key, value)) return [];
    const detail = fits(key, '') ? `is ${show(value)}` : 'has another name';
    return [{ path: below(path, key), detail, blamed: path }];
  });
}

/** The API server accepts clashes, but its naming controller then never serves the later CRD. */
export const projectRules: readonly ProjectRule[] = [
  {
    id: 'N8',
    claim: 'Two CRDs of one group share no name',
    hint: 'rename one of the two kinds, or give it another plural or short name',
    check(crds) {
      const owners = new Map<string, number>();
      return crds.flatMap((crd, index) =>
        claimedNames(crd).flatMap(({ key, name, path }) => {
          const owner = owners.get(key) ?? index;
          owners.set(key, owner);
          if (owner === index) return [];
          return [{ crd: index, path, detail: `is \`${name}\`, which \`${crdName(crds[owner]!)}\` uses` }];
        }),
      );
    },
  },
];

/** Resource names (plural, singular, short names) clash with each other, and so do kinds and list kinds. */
function claimedNames(crd: JsonObject): readonly { key: string; name: string; path: Finding['path'] }[] {
  const group = stringAt(spec(crd), 'group') ?? '';
  const single = ['plural', 'singular', 'kind', 'listKind'].map((role) => ({
    role,
    name: stringAt(names(crd), role),
    path: inNames(role),
  }));
  const short = stringsAt(names(crd), 'shortNames').map((name, i) => ({
    role: 'shortNames',
    name,
    path: inNames('shortNames', i),
  }));
  return [...single, ...short].flatMap(({ role, name, path }) => {
    if (name === undefined) return [];
    const family = role === 'kind' || role === 'listKind' ? 'kind' : 'resource';
    return [{ key: JSON.stringify([group, family, name]), name, path }];
  });
}

const crdName = (crd: JsonObject): string => stringAt(objectAt(crd, 'metadata'), 'name') ?? '';

/** The server fills in an absent singular and list kind from the kind. */
function labelFinding(crd: JsonObject, role: string, required: boolean): readonly Finding[] {
  const name = memberAt(names(crd), role);
  if ((name ?? '') === '' && !required) return nothing;
  return typeof name === 'string' && isDns1035Label(name)
    ? nothing
    : [{ path: inNames(role), detail: `is ${show(name)}` }];
}

function listedLabels(crd: JsonObject, role: string): readonly Finding[] {
  return stringsAt(names(crd), role).flatMap((name, index) =>
    isDns1035Label(name) ? [] : [{ path: inNames(role, index), detail: `is ${show(name)}` }],
  );
}

function isKind(value: Json | undefined): boolean {
  return typeof value === 'string' && isDns1035Label(value.toLowerCase());
}
