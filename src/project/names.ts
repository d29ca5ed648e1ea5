import type { Diagnostic } from '../diagnostics.js';
import { pluralize } from '../names.js';

/** A kind as far as the names in its API group go. */
export interface KindNames {
  readonly kind: string;
  /** Only when irregular. */
  readonly plural?: string;
}

/** The suffix of the API groups: a DNS-1123 subdomain outside the domains that Kubernetes protects. */
export function checkDomain(domain: string): Diagnostic | undefined {
  return checkSubdomain('a domain', domain, 'my.domain') ?? checkProtected('a domain', domain);
}

/** The name of the project, from which objects and the namespace get theirs: a DNS-1123 label. */
export function checkProjectName(name: string): Diagnostic | undefined {
  const flaw = labelFlaw(name);
  if (flaw === undefined) return undefined;
  return invalid({
    what: 'a project name',
    rule: 'must be a DNS-1123 label',
    flaw,
    fix: asLabel(name) || 'my-operator',
  });
}

/** The short group, without the domain; an empty one stands for the domain itself. */
export function checkGroup(group: string): Diagnostic | undefined {
  return group === '' ? undefined : checkSubdomain('a group', group, 'cache');
}

/** The API group that `group` and `domain` make together (N2, N6); reports what `checkGroup` reports, too. */
export function checkQualifiedGroup(group: string, domain: string): Diagnostic | undefined {
  const whole = [group, domain].filter((part) => part !== '').join('.');
  if (domain !== '' && group.endsWith(`.${domain}`)) {
    const fix = group.slice(0, -domain.length - 1);
    return invalid({
      what: 'a group',
      rule: 'is written without the domain',
      flaw: `\`${group}\` ends with \`.${domain}\``,
      fix,
    });
  }
  const flaw =
    checkGroup(group) ??
    checkSubdomain('an API group', whole, 'cache.my.domain') ??
    checkProtected('an API group', whole);
  if (flaw !== undefined || whole.includes('.')) return flaw;
  const rule = 'must have at least one dot';
  return invalid({ id: 'N2', what: 'an API group', rule, flaw: `\`${whole}\` has none`, fix: `${whole}.my.domain` });
}

/** A version in the form that Kubernetes sorts by maturity: v1, v1beta2, v2alpha1. */
export function checkVersion(version: string): Diagnostic | undefined {
  if (/^v[1-9][0-9]{0,15}((alpha|beta)[1-9][0-9]{0,15})?$/.test(version)) return undefined;
  return invalid({
    id: 'V1',
    what: 'a version',
    rule: 'has the form of `v1`, `v1beta1` or `v2alpha3`',
    flaw: version === '' ? 'this one is empty' : `\`${shown(version)}\` has not`,
    fix: asVersion(version),
  });
}

/** A version of somebody else's API, which may have any DNS-1035 label for a name. */
export function checkForeignVersion(version: string): Diagnostic | undefined {
  return checkLabel1035('V1', 'a version', version, 'v1');
}

/**
 * A kind that is a TypeScript identifier in Pascal case and has room for `List`, which names its list kind (N5), within 63
 * characters, and whose files clash with no other file of the scaffold.
 */
export function checkKind(kind: string): Diagnostic | undefined {
  const flaw = kindFlaw(kind);
  if (flaw === undefined) return undefined;
  const rule = 'starts with an upper-case letter and has at most 59 letters and digits (`List` is appended to it)';
  return invalid({ id: 'N5', what: 'a kind', rule, flaw, fix: asKind(kind) });
}

/** The name of the resource in URLs and in RBAC rules: a DNS-1035 label (N4). */
export function checkPlural(plural: string): Diagnostic | undefined {
  return checkLabel1035('N4', 'a plural', plural, 'memcacheds');
}

/** The name of a controller, from which its file gets its own: a DNS-1035 label. */
export function checkControllerName(name: string): Diagnostic | undefined {
  const device = takenFiles.test(name) ? `\`${name}\` is the name of another file` : undefined;
  if (device === undefined) return checkLabel1035('', 'a controller name', name, 'memcached-backup');
  return invalid({ what: 'a controller name', rule: 'must be a DNS-1035 label', flaw: device, fix: `my-${name}` });
}

/**
 * Whether two kinds of one API group would fight for a name (N8): kinds and list kinds are one name space, plurals and singulars
 * another. `others` are the other kinds of the group.
 */
export function checkClash(own: KindNames, others: readonly KindNames[]): Diagnostic | undefined {
  for (const other of others) {
    if (other.kind === own.kind) continue;
    const name = shared(kindNames(own), kindNames(other)) ?? shared(resourceNames(own), resourceNames(other));
    if (name === undefined) continue;
    const message = `A kind has names of its own in its API group, but \`${own.kind}\` and \`${other.kind}\` are both called \`${name}\``;
    const hint = 'choose another kind, or another plural with `--plural`';
    return { code: 'OG5004', rule: 'N8', severity: 'error', message, hint };
  }
  return undefined;
}

const kindNames = ({ kind }: KindNames): string[] => [kind, `${kind}List`];
const resourceNames = ({ kind, plural }: KindNames): string[] => [kind.toLowerCase(), plural ?? pluralize(kind)];
const shared = (a: readonly string[], b: readonly string[]): string | undefined => a.find((name) => b.includes(name));

interface Invalid {
  /** The rule of the API server, where it has one. */
  readonly id?: string;
  readonly what: string;
  readonly rule: string;
  readonly flaw: string;
  /** A name that is valid. */
  readonly fix: string;
}

function invalid({ id, what, rule, flaw, fix }: Invalid): Diagnostic {
  const message = `${what[0]!.toUpperCase()}${what.slice(1)} ${rule}, but ${flaw}`;
  return { code: 'OG5004', ...(id !== undefined && { rule: id }), severity: 'error', message, hint: `use \`${fix}\`` };
}

function checkSubdomain(what: string, name: string, example: string): Diagnostic | undefined {
  const long = name.length > 253 ? `this one has ${name.length} characters` : undefined;
  const flaw = long ?? (name === '' ? 'this one is empty' : first(name.split('.').map((part) => partFlaw(part, name))));
  if (flaw === undefined) return undefined;
  const parts = name.toLowerCase().split('.').map(asLabel);
  const fix = parts
    .filter((part) => part !== '')
    .join('.')
    .slice(0, 253)
    .replace(/[-.]+$/, '');
  return invalid({ id: 'N2', what, rule: 'must be a DNS-1123 subdomain', flaw, fix: fix || example });
}

function checkProtected(what: string, name: string): Diagnostic | undefined {
  const owner = ['k8s.io', 'kubernetes.io'].find((each) => name === each || name.endsWith(`.${each}`));
  if (owner === undefined) return undefined;
  const rule = 'must not end with `k8s.io` or `kubernetes.io`, which belong to Kubernetes';
  const fix = `${name.slice(0, -owner.length)}my.domain`;
  return invalid({ id: 'N6', what, rule, flaw: `\`${name}\` ends with \`${owner}\``, fix });
}

function checkLabel1035(id: string, what: string, name: string, example: string): Diagnostic | undefined {
  const digit = /^[0-9]/.test(name) ? `\`${shown(name)}\` starts with \`${name[0]}\`` : undefined;
  const flaw = digit ?? labelFlaw(name);
  if (flaw === undefined) return undefined;
  const fix = asLabel(name).replace(/^[-0-9]+/, '') || example;
  return invalid({ ...(id !== '' && { id }), what, rule: 'must be a DNS-1035 label', flaw, fix });
}

function labelFlaw(name: string): string | undefined {
  if (name === '') return 'this one is empty';
  if (name.length > 63) return `\`${shown(name)}\` has ${name.length} characters, more than 63`;
  return partFlaw(name, name);
}

function partFlaw(part: string, name: string): string | undefined {
  if (part === '') return `\`${shown(name)}\` has a dot too many`;
  const stranger = /[^a-z0-9-]/u.exec(part)?.[0];
  if (stranger !== undefined) return `\`${shown(name)}\` has the character ${JSON.stringify(stranger)}`;
  if (part.startsWith('-')) return `\`${shown(part)}\` starts with \`-\``;
  return part.endsWith('-') ? `\`${shown(part)}\` ends with \`-\`` : undefined;
}

/** File names beside those of the kinds, and those that Windows keeps for devices. */
const takenFiles = /^(groupversion|con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;
/** What the file of a kind imports under this name. */
const isTaken = (kind: string): boolean => kind === 'CustomResource' || takenFiles.test(kind);

function kindFlaw(kind: string): string | undefined {
  if (kind === '') return 'this one is empty';
  if (kind.length > 59) return `\`${shown(kind)}\` has ${kind.length} characters`;
  const stranger = /[^A-Za-z0-9]/u.exec(kind)?.[0];
  if (stranger !== undefined) return `\`${shown(kind)}\` has the character ${JSON.stringify(stranger)}`;
  if (!/^[A-Z]/.test(kind)) return `\`${kind}\` starts with \`${kind[0]}\``;
  return isTaken(kind) ? `\`${kind}\` is the name of another type or file of the project` : undefined;
}

function asKind(text: string): string {
  if (isTaken(text)) return `My${text}`;
  const words = text.split(/[^A-Za-z0-9]+/).map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  const kind = words
    .join('')
    .replace(/^[0-9]+/, '')
    .slice(0, 59);
  return kind === '' ? 'Memcached' : kind[0]!.toUpperCase() + kind.slice(1);
}

function asVersion(text: string): string {
  const parts = /^v?([1-9][0-9]{0,3})[^a-z0-9]*(?:(a|b)[a-z]*[^a-z0-9]*([1-9][0-9]{0,3})?)?/.exec(
    text.trim().toLowerCase(),
  );
  if (parts === null) return 'v1alpha1';
  const [, major, stage, minor = '1'] = parts;
  return stage === undefined ? `v${major}` : `v${major}${stage === 'a' ? 'alpha' : 'beta'}${minor}`;
}

function asLabel(text: string): string {
  const label = text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63);
  return label.replace(/^-+|-+$/g, '');
}

const shown = (name: string): string => (name.length > 80 ? `${name.slice(0, 77)}...` : name);
const first = (flaws: readonly (string | undefined)[]): string | undefined => flaws.find((flaw) => flaw !== undefined);
