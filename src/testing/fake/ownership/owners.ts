import type { K8sObject } from '../../../runtime/resource.js';
import {
  type Comparison,
  compare,
  difference,
  type FieldSet,
  fieldsOf,
  intersection,
  type Path,
  union,
  withNamedParents,
  without,
} from './fields.js';
import { isSame, type Manager, type Ownership } from './managers.js';
import { merge } from './merge.js';
import type { Type } from './type.js';

/** Fields that another manager has with another value. */
export interface FieldConflict {
  readonly manager: Manager;
  readonly path: Path;
}

/** What the API server sets itself, and so nobody owns. */
const serverFields: FieldSet = new Set([
  'f:apiVersion',
  'f:kind',
  ...[
    '',
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
  ].map((name) => (name === '' ? 'f:metadata' : `f:metadata\u0000f:${name}`)),
  'f:metadata\u0000f:resourceVersion',
]);

/** Where a write goes: the type of its kind, and the fields that its path does not write, such as the status in the main one. */
export interface Place {
  readonly type: Type;
  readonly ignored: readonly Path[];
}

const isIgnored = (path: Path, ignored: readonly Path[]): boolean =>
  ignored.some((each) => path === each || path.startsWith(`${each}\u0000`));

const ownable = (fields: FieldSet, { ignored }: Place): FieldSet =>
  new Set([...fields].filter((path) => !serverFields.has(path) && !isIgnored(path, ignored)));

function comparison({ type, ...place }: Place, before: unknown, after: unknown): Comparison {
  const { added, removed, modified } = compare(type, before, after);
  const known = (fields: FieldSet): FieldSet => ownable(fields, { type, ...place });
  return { added: known(added), removed: known(removed), modified: known(modified) };
}

/** Who owns what after a manager made one state of the other: what changed is his, and nobody else's. */
export function afterUpdate(
  place: Place,
  held: readonly Ownership[],
  write: { before: unknown; after: unknown; manager: Manager; time: string },
): readonly Ownership[] {
  const { manager, time } = write;
  const { added, removed, modified } = comparison(place, write.before, write.after);
  const changed = union(added, modified);
  if (changed.size === 0) return held.map((each) => ({ ...each, fields: difference(each.fields, removed) }));
  const lost = union(changed, removed);
  const mine = held.find((each) => isSame(each.manager, manager));
  const others = held.filter((each) => each !== mine);
  const fields = union(difference(mine?.fields ?? new Set(), lost), changed);
  return [...others.map((each) => ({ ...each, fields: difference(each.fields, lost) })), { manager, time, fields }];
}

/** An apply that changes no field, such as one that only shares them, leaves the time as it was, or none. */
const timed = (time: string | undefined): { time?: string } => (time === undefined ? {} : { time });

/** The outcome of an apply; with conflicts, it is not to be stored unless it is forced. */
export interface Applied {
  readonly object: K8sObject;
  readonly ownerships: readonly Ownership[];
  readonly conflicts: readonly FieldConflict[];
}

/** Merges an applied object, and drops what its manager applied before, left out now, and nobody else owns. */
export function applyTo(
  place: Place,
  held: readonly Ownership[],
  write: { live: K8sObject; config: K8sObject; manager: Manager; time: string },
): Applied {
  const { live, config, manager, time } = write;
  const { type } = place;
  const last = held.find((each) => isSame(each.manager, manager));
  const others = held.filter((each) => each !== last);
  const fields = fieldsOf(type, config);
  const mine: Ownership = { manager, fields: ownable(fields, place) };
  const merged = merge(type, live, config);
  const object = prune(type, merged, last?.fields, [...others, { manager, fields }]) as K8sObject;
  const { added, removed, modified } = comparison(place, live, object);
  const changed = union(added, modified);
  const conflicts = others.flatMap((each) =>
    [...intersection(each.fields, changed)].map((path) => ({ manager: each.manager, path })),
  );
  const lost = union(changed, removed);
  const left = others.map((each) => ({ ...each, fields: difference(each.fields, lost) }));
  const since = lost.size > 0 ? time : last?.time;
  return { object, ownerships: [...left, { ...mine, ...timed(since) }], conflicts };
}

function prune(type: Type, merged: unknown, last: FieldSet | undefined, owners: readonly Ownership[]): unknown {
  if (!last || last.size === 0) return merged;
  const named = (fields: FieldSet): FieldSet => withNamedParents(type, fields);
  const all = named(fieldsOf(type, merged));
  const dropped = named(last);
  const leftOf = (value: unknown): FieldSet => named(fieldsOf(type, value ?? {}));
  const cut = without(type, merged, dropped);
  const owned = named(owners.reduce<FieldSet>((sum, { fields }) => union(sum, fields), new Set()));
  const kept = without(type, merged, difference(all, union(leftOf(cut), owned)));
  return without(type, merged, intersection(difference(all, leftOf(kept)), dropped));
}
