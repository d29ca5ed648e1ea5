import type { Event } from '../event.js';
import { isEqual } from '../json.js';
import type { K8sObject, ObjectMeta } from '../resource.js';
import { type LabelSelector, matchesLabels, parseLabels } from '../selectors.js';
import type { Predicate } from './types.js';

/** Passes every event but updates that leave the field as it was. */
const changing =
  (field: (metadata: ObjectMeta) => unknown) =>
  <T extends K8sObject>(e: Event<T>): boolean =>
    e.type !== 'update' || !isEqual(field(e.old.metadata ?? {}), field(e.object.metadata ?? {}));

/** Each filters update events only; all other events pass. An absent map or list equals an empty one. */
export const changed = {
  /** The spec changed, or the deletion began; not the status. */
  generation: changing((metadata) => metadata.generation),
  resourceVersion: changing((metadata) => metadata.resourceVersion),
  labels: changing((metadata) => metadata.labels ?? {}),
  annotations: changing((metadata) => metadata.annotations ?? {}),
  finalizers: changing((metadata) => metadata.finalizers ?? []),
} satisfies Record<string, Predicate<K8sObject>>;

/** Passes events whose object has the labels: an object, or text as kubectl takes it. Of an update the new object counts. */
export function hasLabels(selector: LabelSelector | string): <T extends K8sObject>(e: Event<T>) => boolean {
  const requirements = parseLabels(selector);
  return ({ object }) => matchesLabels(requirements, object.metadata?.labels);
}

/** Passes what one of the predicates passes. */
export const anyOf =
  <T>(...predicates: Predicate<T>[]): Predicate<T> =>
  (e) =>
    predicates.some((each) => each(e));

/** Passes what all predicates pass. */
export const allOf =
  <T>(...predicates: Predicate<T>[]): Predicate<T> =>
  (e) =>
    predicates.every((each) => each(e));

/** Passes what the predicate does not pass, for events of every type: `not(changed.labels)` drops creates and deletes too. */
export const not =
  <T>(predicate: Predicate<T>): Predicate<T> =>
  (e) =>
    !predicate(e);
