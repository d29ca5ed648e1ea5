import { type BuiltinKind, builtinKinds } from '../k8s/kinds.js';
import { pluralize } from '../names.js';
import type { Resource } from '../project/model.js';

/** What PROJECT and RBAC markers call the group of `v1`. */
export const coreGroup = 'core';

/** The kinds of a built-in group, which may be given as `networking`, `networking.k8s.io` or `core`; empty if there is no such group. */
export function builtinGroup(group: string): readonly BuiltinKind[] {
  if (group === '') return [];
  return builtinKinds().filter((kind) => kind.group === group || shortName(kind) === group);
}

/** As in the module `opgen/k8s/networking/v1`. */
const shortName = ({ group }: BuiltinKind): string => (group === '' ? coreGroup : group.split('.')[0]!);

/** The newest of the stable versions, or of the others where there is none. */
export function preferredVersion(kinds: readonly BuiltinKind[]): string | undefined {
  const versions = [...new Set(kinds.map(({ version }) => version))].sort();
  return versions.filter((version) => /^v[0-9]+$/.test(version)).at(-1) ?? versions.at(-1);
}

/** The kind as PROJECT has it. */
export function builtinResource(builtin: BuiltinKind): Resource {
  const { group, version, kind, plural, namespaced } = builtin;
  const [, ...domain] = group.split('.');
  return {
    group: shortName(builtin),
    ...(domain.length > 0 && { domain: domain.join('.') }),
    version,
    kind,
    ...(plural !== pluralize(kind) && { plural }),
    path: `opgen/k8s/${shortName(builtin)}/${version}`,
    core: true,
    namespaced,
    api: false,
    controller: false,
    webhooks: [],
  };
}
