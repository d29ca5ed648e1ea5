import { isEqual } from '../../runtime/json.js';
import type { K8sObject } from '../../runtime/resource.js';
import { type Leaf, leavesOf } from './leaves.js';
import type { Shape } from './shape.js';

/** Who wrote fields: applied and updated fields of one name count apart, and so do those of subresources. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource: string;
  readonly apiVersion: string;
}

/** A field that another manager has with another value. */
export interface FieldConflict {
  readonly manager: Manager;
  readonly path: string;
}

interface Owned {
  readonly manager: Manager;
  readonly paths: Set<string>;
}

/** Which manager owns which fields of which object. */
export interface Owners {
  /** The manager owns what differs between the two states; who had it before loses it. */
  wrote(manager: Manager, shape: Shape, before: K8sObject | undefined, after: K8sObject): void;
  /** Fields of `config` that others own with a value that differs. */
  conflicts(manager: Manager, shape: Shape, current: K8sObject, config: K8sObject): readonly FieldConflict[];
  /** Paths that the manager applied before, that `config` lacks, and that nobody else owns. */
  dropped(manager: Manager, shape: Shape, current: K8sObject, config: K8sObject): readonly Leaf[];
  /** The manager owns the fields of `config`, and nobody else those that it changed. */
  applied(
    manager: Manager,
    shape: Shape,
    states: { before: K8sObject | undefined; after: K8sObject; config: K8sObject },
  ): void;
  forget(uid: string): void;
}

const idOf = ({ name, operation, subresource }: Manager): string => JSON.stringify([name, operation, subresource]);
const uidOf = ({ metadata }: K8sObject): string => metadata?.uid ?? '';

export function createOwners(): Owners {
  const objects = new Map<string, Map<string, Owned>>();
  const others = (object: K8sObject, manager: Manager): readonly Owned[] =>
    [...(objects.get(uidOf(object))?.values() ?? [])].filter((each) => idOf(each.manager) !== idOf(manager));

  function ownedBy(manager: Manager, object: K8sObject): Set<string> {
    const managers = objects.get(uidOf(object)) ?? new Map<string, Owned>();
    objects.set(uidOf(object), managers);
    const owned = managers.get(idOf(manager)) ?? { manager, paths: new Set<string>() };
    managers.set(idOf(manager), owned);
    return owned.paths;
  }

  /** Paths that were added, removed or given another value. */
  function changes(shape: Shape, before: K8sObject | undefined, after: K8sObject): ReadonlySet<string> {
    const old = before ? leavesOf(shape, before) : new Map<string, Leaf>();
    const current = leavesOf(shape, after);
    const changed = [...current].filter(([path, leaf]) => !isEqual(leaf.value, old.get(path)?.value));
    return new Set([...changed.map(([path]) => path), ...[...old.keys()].filter((path) => !current.has(path))]);
  }

  function takeFrom(losers: readonly Owned[], paths: Iterable<string>): void {
    for (const path of paths) for (const { paths: owned } of losers) owned.delete(path);
  }

  return {
    wrote(manager, shape, before, after) {
      const changed = changes(shape, before, after);
      takeFrom(others(after, manager), changed);
      const present = leavesOf(shape, after);
      const mine = ownedBy(manager, after);
      for (const path of changed) {
        if (present.has(path)) mine.add(path);
        else mine.delete(path);
      }
    },
    conflicts(manager, shape, current, config) {
      const held = leavesOf(shape, current);
      const differing = [...leavesOf(shape, config)].filter(
        ([path, leaf]) => held.has(path) && !isEqual(held.get(path)?.value, leaf.value),
      );
      return others(current, manager).flatMap((owned) =>
        differing.flatMap(([path]) => (owned.paths.has(path) ? [{ manager: owned.manager, path }] : [])),
      );
    },
    dropped(manager, shape, current, config) {
      const kept = leavesOf(shape, config);
      const isShared = (path: string): boolean => others(current, manager).some(({ paths }) => paths.has(path));
      const held = leavesOf(shape, current);
      return [...ownedBy(manager, current)].flatMap((path) => {
        const leaf = held.get(path);
        return leaf && !kept.has(path) && !isShared(path) ? [leaf] : [];
      });
    },
    applied(manager, shape, { before, after, config }) {
      takeFrom(others(after, manager), changes(shape, before, after));
      const mine = ownedBy(manager, after);
      mine.clear();
      for (const path of leavesOf(shape, config).keys()) mine.add(path);
    },
    forget: (uid) => {
      objects.delete(uid);
    },
  };
}
