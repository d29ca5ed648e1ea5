import { ApiError } from '../../runtime/errors.js';
import { apiVersionOf, type K8sObject } from '../../runtime/resource.js';
import { type Call, isDryRun } from './call.js';
import { withoutLeaves } from './leaves.js';
import type { FieldConflict, Manager } from './owners.js';
import { shapeOf } from './shape.js';
import { applyStrategicPatch } from './strategic.js';

/** The manager of a request: `fieldManager`, else the first word of the user agent. */
const managerOf = (call: Call, operation: Manager['operation']): Manager => ({
  name: call.query.fieldManager || /^[^/]+/.exec(call.headers['user-agent'] ?? '')?.[0] || 'unknown',
  operation,
  subresource: call.subresource ?? '',
  apiVersion: apiVersionOf(call.kind.resource),
});

/** Remembers who wrote what, when the object is stored. */
export function recordWrite(call: Call, before: K8sObject | undefined, after: K8sObject): void {
  const { owners } = call.server;
  if (isStored(call, after)) owners.wrote(managerOf(call, 'Update'), shapeOf(call.kind), before, after);
}

/** Remembers who applied what, when the object is stored. */
export function recordApply(call: Call, before: K8sObject | undefined, after: K8sObject, config: K8sObject): void {
  const { owners } = call.server;
  if (isStored(call, after)) {
    owners.applied(managerOf(call, 'Apply'), shapeOf(call.kind), { before, after, config });
  }
}

/** Not so after a dry run, nor when the object went with its last finalizer. */
const isStored = (call: Call, { metadata }: K8sObject): boolean =>
  !isDryRun(call) && call.server.store.ofUid(metadata?.uid ?? '') !== undefined;

/** The object after an apply. Throws Conflict when others own fields with other values, unless `force` is asked for. */
export function applyConfig(call: Call, current: K8sObject, config: K8sObject): K8sObject {
  const { owners } = call.server;
  const shape = shapeOf(call.kind);
  const manager = managerOf(call, 'Apply');
  const conflicts = call.query.force === 'true' ? [] : owners.conflicts(manager, shape, current, config);
  if (conflicts.length > 0) throw applyConflict(conflicts);
  const remaining = withoutLeaves(current, owners.dropped(manager, shape, current, config));
  return applyStrategicPatch(shape, remaining, config) as K8sObject;
}

function applyConflict(conflicts: readonly FieldConflict[]): ApiError {
  const count = conflicts.length === 1 ? '1 conflict' : `${conflicts.length} conflicts`;
  const managers = [...new Set(conflicts.map(({ manager }) => described(manager)))];
  const groups = managers.map((name) => {
    const paths = conflicts.filter(({ manager }) => described(manager) === name).map(({ path }) => path);
    return paths.length === 1
      ? `conflict with ${name}: ${paths[0]}`
      : `conflicts with ${name}:\n${paths.map((path) => `- ${path}`).join('\n')}`;
  });
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${described(manager)}`,
    field: path,
  }));
  const message = `Apply failed with ${count}: ${groups.join('\n')}`;
  return new ApiError(409, { reason: 'Conflict', message, details: { causes } });
}

function described({ name, operation, subresource, apiVersion }: Manager): string {
  const part = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(name)}${part}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
