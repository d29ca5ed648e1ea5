import { pluralize } from '../names.js';
import { isDns1035Label, isDns1123Label, isDnsSubdomain } from '../text/dns.js';
import type { K8sObject, Resource } from './resource.js';

/** What the parts of a handle must be, with an example. */
const rules: Readonly<Record<'group' | 'version' | 'kind' | 'plural', readonly [(part: string) => boolean, string]>> = {
  group: [(group) => group === '' || isDnsSubdomain(group), 'a domain as in `apps` or `cache.example.com`, or empty'],
  version: [isDns1035Label, 'a name as in `v1alpha1`'],
  kind: [(kind) => isDns1035Label(kind.toLowerCase()), 'a name as in `Memcached`'],
  plural: [isDns1123Label, 'a name as in `memcacheds`'],
};

/** Throws TypeError with all that no API server would serve. */
function checkParts(parts: Readonly<Record<keyof typeof rules, string>>): void {
  const names = Object.keys(rules) as (keyof typeof rules)[];
  const wrong = names.filter((name) => typeof parts[name] !== 'string' || !rules[name][0](parts[name]));
  if (wrong.length === 0) return;
  const facts = wrong.map((name) => `\`${name}\` must be ${rules[name][1]}, but is \`${parts[name]}\``);
  throw new TypeError(`The handle of the kind \`${parts.kind}\`: ${facts.join('; ')}`);
}

/**
 * The handle of a kind, frozen. Throws TypeError for names that no API server would serve. `group` is empty for the core group, `plural` defaults to the lower-cased plural of the kind,
 * `namespaced` to true.
 */
export function defineResource<T extends K8sObject>(definition: {
  group: string;
  version: string;
  kind: string;
  plural?: string;
  namespaced?: boolean;
}): Resource<T> {
  const { group, version, kind, plural = pluralize(String(kind)), namespaced = true } = definition;
  checkParts({ group, version, kind, plural });
  return Object.freeze({ group, version, kind, plural, namespaced });
}

/**
 * The same kind, of which only apiVersion, kind and metadata are read and watched, by an informer of its own: objects cost a fraction of
 * their memory. Patches work; creates and updates throw a TypeError, for they would lose the rest.
 */
export const metadataOnly = <T extends K8sObject>(resource: Resource<T>): Resource<K8sObject> => {
  const { group, version, kind, plural, namespaced } = resource;
  return Object.freeze({ group, version, kind, plural, namespaced, metadataOnly: true });
};
