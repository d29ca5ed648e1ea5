import type { Diagnostic, Position } from '../diagnostics.js';
import type { Kind } from '../ir/api.js';
import type { MarkerDef } from '../ir/marker.js';
import { metadata, resource, skipversion, unservedversion } from '../markers/defs/crd.js';
import { pluralize } from '../names.js';
import type { CrdObject } from './crd.js';

/** Whether the kind has the marker. */
export const has = (kind: Kind, def: MarkerDef<never> | MarkerDef<unknown>): boolean =>
  kind.markers.all(def as MarkerDef<unknown>).length > 0;

/** The names of the resource, as the version says them. */
export function crdNames(kind: Kind): CrdObject['spec']['names'] {
  const value = kind.markers.all(resource)[0]?.value;
  return {
    kind: kind.kind,
    listKind: `${kind.kind}List`,
    plural: value?.path ?? pluralize(kind.kind),
    singular: value?.singular ?? kind.kind.toLowerCase(),
    ...(value?.shortName?.length ? { shortNames: value.shortName } : {}),
    ...(value?.categories?.length ? { categories: value.categories } : {}),
  };
}

/** The versions share one CRD, so their `resource` markers have to mean the same. */
export function resourceConflicts(kinds: readonly Kind[]): readonly Diagnostic[] {
  const [first, ...rest] = kinds;
  const at = (kind: Kind): Position => kind.markers.all(resource)[0]?.at ?? kind.at;
  return rest
    .filter((kind) => resourceText(kind) !== resourceText(first!))
    .map((kind) => ({
      code: 'OG2005',
      severity: 'error',
      at: at(kind),
      message: `The versions of \`${kind.kind}\` must have the same \`+kubebuilder:resource\`, but ${kind.version} differs from ${first!.version} in ${place(at(first!))}`,
      hint: has(first!, resource) ? 'copy the marker from there' : 'move the marker there, too, or remove it',
    }));
}

/** What the marker means: names in any order, and what it leaves out. */
function resourceText(kind: Kind): string {
  const { shortNames = [], categories = [], ...names } = crdNames(kind);
  return JSON.stringify([names, [...shortNames].sort(), [...categories].sort(), scopeOf(kind)]);
}

/** Namespaced unless the version says otherwise. */
export const scopeOf = (kind: Kind): 'Namespaced' | 'Cluster' =>
  kind.markers.all(resource)[0]?.value.scope ?? 'Namespaced';

const place = ({ file, line }: Position): string => `${file}:${line}`;

/** A CRD without a version, or without one that is served, is of no use. */
export function uselessVersions(kinds: readonly Kind[], all: readonly Kind[]): readonly Diagnostic[] {
  const [first] = all as readonly [Kind];
  if (kinds.length > 0 && kinds.some((kind) => !has(kind, unservedversion))) return [];
  const marker = kinds.length === 0 ? skipversion : unservedversion;
  const { rule, fact } =
    kinds.length === 0
      ? { rule: 'a version that is in its CRD', fact: 'skipped' }
      : { rule: 'a version that is served', fact: 'unserved' };
  const versions = (kinds.length === 0 ? all : kinds).map(({ version }) => version).sort();
  return [
    {
      code: 'OG3003',
      severity: 'error',
      at: (kinds[0] ?? first).markers.all(marker)[0]?.at ?? first.at,
      message: `\`${first.kind}\` needs ${rule}, but ${versions.join(' and ')} ${versions.length === 1 ? 'is' : 'are'} ${fact}`,
      hint: `remove \`+${marker.name}\`${kinds.length === 0 ? ', or the type' : ' from one of them'}`,
    },
  ];
}

/** Labels and annotations of all versions are put together: a key has one value. */
export function metadataConflicts(kinds: readonly Kind[]): readonly Diagnostic[] {
  const seen = new Map<string, { readonly value: string; readonly at: Position }>();
  const markers = kinds.flatMap((kind) => kind.markers.all(metadata));
  return markers.flatMap(({ value: lists, at }) =>
    (['annotations', 'labels'] as const).flatMap((list) =>
      Object.entries(lists[list] ?? {}).flatMap(([key, value]): readonly Diagnostic[] => {
        const first = seen.get(`${list} ${key}`);
        if (!first) seen.set(`${list} ${key}`, { value, at });
        if (!first || first.value === value) return [];
        const message = `The ${list} of a CRD must have one value for each key, but \`${key}\` is \`${value}\` here and \`${first.value}\` in ${place(first.at)}`;
        return [{ code: 'OG2005', severity: 'error', at, message, hint: 'remove one of them' }];
      }),
    ),
  );
}
