import { isEqual } from '../../../runtime/json.js';
import { apiVersionOf, type K8sObject } from '../../../runtime/resource.js';
import type { Call } from '../call.js';
import { applyConflict } from './conflict.js';
import { isReset, type Manager, type Ownership, ownershipsOf, withOwnerships } from './managers.js';
import { afterUpdate, applyTo, type Place } from './owners.js';
import { typeOf } from './type.js';
import { emptyOf } from './zero.js';

/** The manager of a request: `fieldManager`, else the first part of the user agent. */
const managerOf = (call: Call, operation: Manager['operation']): Manager => ({
  name: call.query.fieldManager || /^[^/]*/.exec(call.headers['user-agent'] ?? '')?.[0] || '',
  operation,
  subresource: call.subresource ?? '',
  apiVersion: apiVersionOf(call.kind.resource),
});

/** The main path does not write the status, and its own path writes nothing else. */
function placeOf({ kind, subresource }: Call): Place {
  const type = typeOf(kind);
  if (subresource === 'status') return { type, ignored: kind.custom ? ['f:metadata', 'f:spec'] : statusIgnores };
  return { type, ignored: kind.splitStatus ? ['f:status'] : [] };
}

const statusIgnores = ['f:spec', 'f:metadata\u0000f:labels'];

/** The new state of an object with who owns what of it after a write that is no apply. `given`: what the client sent. */
export function ownedAfter(call: Call, before: K8sObject | undefined, after: K8sObject, given: K8sObject): K8sObject {
  const held = heldBefore(before, given);
  if (before && held.length === 0) return withOwnerships(after, []);
  const states = { before: before ?? emptyOf(call.kind), after };
  const manager = managerOf(call, 'Update');
  return withOwnerships(after, afterUpdate(placeOf(call), held, { ...states, manager, time: call.server.now() }));
}

/** A client may edit the entries or reset them; when it sends none, they stay. */
function heldBefore(before: K8sObject | undefined, given: K8sObject): readonly Ownership[] {
  if (isReset(given)) return [];
  const sent = ownershipsOf(given);
  return sent.length > 0 || !before ? sent : ownershipsOf(before);
}

/** The object after an apply. Throws Conflict when others own fields with other values, unless `force` is asked for. */
export function ownedAfterApply(
  call: Call,
  before: K8sObject | undefined,
  config: K8sObject,
): { readonly object: K8sObject; readonly managedFields: readonly object[] } {
  const empty = emptyOf(call.kind);
  const place = placeOf(call);
  const time = call.server.now();
  const manager = managerOf(call, 'Apply');
  const held = before ? ownedSoFar(place, before, empty, { ...manager, time }) : [];
  const applied = applyTo(place, held, { live: before ?? empty, config, manager, time });
  if (applied.conflicts.length > 0 && call.query.force !== 'true') throw applyConflict(applied.conflicts);
  const owned = withOwnerships(applied.object, applied.ownerships);
  return { object: before ? owned : config, managedFields: owned.metadata?.managedFields ?? [] };
}

/** What was never tracked counts as written by somebody before. */
function ownedSoFar(
  place: Place,
  before: K8sObject,
  empty: K8sObject,
  { apiVersion, time }: { apiVersion: string; time: string },
): readonly Ownership[] {
  const held = ownershipsOf(before);
  if (held.length > 0) return held;
  const manager: Manager = { name: 'before-first-apply', operation: 'Update', subresource: '', apiVersion };
  return afterUpdate(place, [], { before: empty, after: before, manager, time });
}

/** Whether nothing but the times of managers differs. */
export function isSameButTimes(left: K8sObject, right: K8sObject): boolean {
  const timeless = (object: K8sObject): K8sObject => ({
    ...object,
    metadata: {
      ...object.metadata,
      managedFields: (object.metadata?.managedFields ?? []).map((entry) => ({ ...entry, time: '' })),
    },
  });
  return isEqual(timeless(left), timeless(right));
}
