import { isMembers } from '../../runtime/json.js';
import type { K8sObject } from '../../runtime/resource.js';
import { applyDefaults, validateObject, validateStatus } from '../../validate/object.js';
import { unknownFields } from '../../validate/prune.js';
import { checkReplicas } from '../../validate/replicas.js';
import type { ValueFinding } from '../../validate/result.js';
import { undecodable } from './builtin/decode.js';
import { withBuiltinDefaults } from './builtin/defaults.js';
import { checkBuiltin } from './builtin/rules.js';
import { builtinSchema, withoutEmpty } from './builtin/schema.js';
import type { Call } from './call.js';
import type { ServedKind } from './kinds.js';
import { checkMetadata } from './metadata.js';
import { knownMetadata, prune } from './prune.js';
import { badRequest, invalid } from './status.js';

type JsonValue = Parameters<typeof applyDefaults>[1];

/** An object as it is going to be stored, and what the writer is warned of. */
export interface Admitted {
  readonly object: K8sObject;
  readonly warnings: readonly string[];
}

/** Unknown fields dropped, warned of or refused, as `fieldValidation` asks; then the defaults of the schema. */
export function admit({ kind, query, verb }: Call, object: K8sObject): Admitted {
  const { fieldValidation = 'Warn' } = query;
  const problem = undecodable(kind, object);
  if (problem !== undefined)
    throw verb === 'patch' ? wrongPatch(object, problem) : badRequest(unhandled(kind, problem));
  const schema = kind.schema ?? builtinSchema(kind);
  const unknown = schema ? unknownFields(schema, object as JsonValue, true) : [];
  const messages = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
  if (fieldValidation === 'Strict' && messages.length > 0) {
    const strict = `strict decoding error: ${messages.join(', ')}`;
    throw verb === 'patch' ? wrongPatch(object, strict) : badRequest(unhandled(kind, strict));
  }
  const warnings = fieldValidation === 'Ignore' ? [] : messages;
  return { object: complete(kind, object), warnings: [...warnings, ...finalizerWarnings(kind, object)] };
}

const unhandled = ({ resource: { kind, version } }: ServedKind, problem: string): string =>
  `${kind} in version "${version}" cannot be handled as a ${kind}: ${problem}`;

function wrongPatch(object: K8sObject, problem: string) {
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(object))}: ${problem}`;
  return invalid({ group: '', kind: '' }, '', [{ path: 'patch', message }]);
}

const finalizerAdvice =
  'prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers';

const finalizerWarnings = ({ custom }: ServedKind, { metadata }: K8sObject): readonly string[] =>
  (custom ? (metadata?.finalizers ?? []) : [])
    .filter((name) => !name.includes('/') && !/^(foregroundDeletion|orphan)$/.test(name))
    .map((name) => `metadata.finalizers: ${JSON.stringify(name)}: ${finalizerAdvice}`);

/** The object without unknown fields, with defaults. */
export function complete(kind: ServedKind, object: K8sObject): K8sObject {
  if (kind.schema) return applyDefaults(kind.schema, prune(kind.schema, object) as JsonValue) as K8sObject;
  const schema = builtinSchema(kind);
  const known = { ...object, metadata: knownMetadata(object.metadata) as NonNullable<K8sObject['metadata']> };
  if (!schema) return known;
  const complete = withBuiltinDefaults(kind.storage, prune(schema, known) as K8sObject);
  return withoutEmpty(schema, complete);
}

/**
 * Refuses an object whose metadata, or whose content by the schema and its rules, is wrong. With `before`, the object is an update of
 * it, and what did not change passes; with a subresource, only that part is looked at, but every rule.
 */
export function validate(kind: ServedKind, object: K8sObject, before?: K8sObject, subresource?: string): void {
  const { schema, resource } = kind;
  const name = object.metadata?.name ?? '';
  const old = before as JsonValue | undefined;
  const findings =
    subresource === 'status'
      ? statusFindings(schema, object, old)
      : [
          ...checkMetadata(kind, object),
          ...(schema ? validateObject(schema, object as JsonValue, old) : []),
          ...(kind.custom ? checkReplicas(kind.scale, object as JsonValue) : checkBuiltin(kind.storage, object)),
        ];
  const about = kind.storage === 'events.k8s.io/events' ? { ...resource, group: '' } : resource;
  if (findings.length > 0) throw invalid(about, name, findings);
}

/** The API server looks at the status alone, and so leaves it out of the paths in its messages. */
function statusFindings(schema: ServedKind['schema'], object: K8sObject, old: JsonValue | undefined) {
  const findings = schema ? validateStatus(schema, object as JsonValue, old ?? null) : [];
  return findings.map(({ path, message }): ValueFinding => {
    return { path, message: message.replace(/: status\.(\S* in body)/, ': $1') };
  });
}

/** What may not change in an update: finalizers can only go while the object is being deleted. */
export function checkTransition(before: K8sObject, after: K8sObject): readonly ValueFinding[] {
  const held = before.metadata?.finalizers ?? [];
  const added = (after.metadata?.finalizers ?? []).filter((name) => !held.includes(name));
  if (!before.metadata?.deletionTimestamp || added.length === 0) return [];
  const rule = 'no new finalizers can be added if the object is being deleted';
  const list = added.map((name) => JSON.stringify(name)).join(', ');
  return [{ path: 'metadata.finalizers', message: `Forbidden: ${rule}, found new finalizers []string{${list}}` }];
}

/** Everything but the status, when that is split off; for equality of what generation counts. */
export function contentOf({ splitStatus }: ServedKind, object: K8sObject): object {
  const { metadata: _, ...content } = object;
  if (splitStatus && isMembers(content)) return { ...content, status: undefined };
  return content;
}
