import { ApiError } from '../../../runtime/errors.js';
import { isMembers } from '../../../runtime/json.js';
import { applyJsonPatch, JsonPatchError, type JsonPatchOp } from '../../../runtime/jsonpatch.js';
import { applyMergePatch } from '../../../runtime/mergepatch.js';
import { apiVersionOf, type K8sObject } from '../../../runtime/resource.js';
import { admit } from '../admission.js';
import { type Answer, type ObjectCall, placeOf } from '../call.js';
import { checkIdentity, parseBody } from '../decode.js';
import { problemsOf } from '../ownership/check.js';
import { ownedAfterApply } from '../ownership/index.js';
import { typeOf } from '../ownership/type.js';
import { present } from '../present.js';
import { shapeOfBuiltin } from '../shape.js';
import {
  badRequest,
  conflict,
  invalidOption,
  notFound,
  rejectedPatch,
  unsupportedMediaType,
  unsupportedPatch,
} from '../status.js';
import { applyStrategicPatch } from '../strategic.js';
import { createObject, updateObject } from '../write.js';
import { storedObject } from './get.js';

const jsonPatch = 'application/json-patch+json';
const mergePatch = 'application/merge-patch+json';
const applyPatch = 'application/apply-patch+yaml';
const strategicPatch = 'application/strategic-merge-patch+json';

export function patch(call: ObjectCall): Answer {
  const type = (call.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  const accepted = [jsonPatch, mergePatch, applyPatch, ...(call.kind.custom ? [] : [strategicPatch])];
  if (!accepted.includes(type)) throw call.kind.custom ? unsupportedMediaType(accepted) : unsupportedPatch();
  return type === applyPatch ? apply(call) : edit(call, type);
}

function edit(call: ObjectCall, type: string): Answer {
  const before = storedObject(call);
  const { object: complete, warnings } = admit(call, checkIdentity(call, patched(call, type, before)));
  const { object } = updateObject(call, before, complete);
  return { status: 200, body: present(call, object), warnings };
}

function patched(call: ObjectCall, type: string, before: K8sObject): K8sObject {
  const body = parseBody(call.body, (problem) => `error decoding patch: ${problem}`);
  const result = type === jsonPatch ? editedByJson(before, body) : merged(type, before, body);
  if (!isMembers(result)) throw rejectedPatch();
  if (!(result as K8sObject).metadata?.name) throw namelessPatch(call);
  return result;
}

const namelessPatch = ({ name }: ObjectCall): ApiError =>
  badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);

function merged(type: string, before: K8sObject, body: unknown): unknown {
  if (!isMembers(body)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
  }
  return type === mergePatch ? applyMergePatch(before, body) : applyStrategicPatch(shapeOfBuiltin(), before, body);
}

function editedByJson(before: K8sObject, body: unknown): unknown {
  if (!Array.isArray(body)) throw badRequest('error decoding patch: json: cannot unmarshal object into Go value');
  try {
    return applyJsonPatch(before, body as JsonPatchOp[]);
  } catch (error) {
    if (error instanceof JsonPatchError) throw rejectedPatch();
    throw error;
  }
}

function apply(call: ObjectCall): Answer {
  if (!call.query.fieldManager) {
    throw invalidOption('PatchOptions', 'fieldManager', 'Required value: is required for apply patch');
  }
  const config = configOf(call);
  const before = call.server.store.get(call.kind.storage, placeOf(call)) && storedObject(call);
  if (!before && call.subresource) throw notFound(call.kind.resource, call.name);
  if (!before) checkExists(call, config);
  const applied = ownedAfterApply(call, before, config);
  const { object: known, warnings } = admit(call, applied.object);
  const { object, created } = before
    ? updateObject(call, before, known, applied.managedFields)
    : createObject(call, known, applied.managedFields);
  return { status: created ? 201 : 200, body: present(call, object), warnings };
}

/** An apply that does not fit the schema is refused, however fields are validated otherwise. */
function checkConfig({ kind }: ObjectCall, config: K8sObject): void {
  const found = problemsOf(typeOf(kind), config);
  if (found.length === 0) return;
  const { resource } = kind;
  const { namespace = '', name } = config.metadata ?? {};
  const about = `${namespace}/${name}; ${apiVersionOf(resource)}, Kind=${resource.kind}`;
  const problems = found.length === 1 ? found[0] : `errors:\n${found.map((each) => `  ${each}`).join('\n')}`;
  throw new ApiError(500, { message: `failed to create typed patch object (${about}): ${problems}` });
}

/** An apply with a uid is one of what exists. */
function checkExists(call: ObjectCall, { metadata }: K8sObject): void {
  if (!metadata?.uid) return;
  const fact = `uid mismatch: the provided object specified uid ${metadata.uid}, and no existing object was found`;
  throw conflict(call.kind.resource, call.name, fact);
}

/** What is applied, cut to what the path may write. */
function configOf(call: ObjectCall): K8sObject {
  const body = parseBody(call.body, (problem) => `error decoding YAML: ${problem}`);
  if (!isMembers(body) || typeof body.kind !== 'string') throw badRequest('invalid object type: /, Kind=');
  const { name } = (body as K8sObject).metadata ?? {};
  if (!name) {
    throw namelessPatch(call);
  }
  checkConfig(call, body);
  const config = checkIdentity(call, body);
  if ((config.metadata as { managedFields?: unknown }).managedFields) {
    throw new ApiError(400, { reason: 'BadRequest', message: 'metadata.managedFields must be nil' });
  }
  const { status, ...rest } = config as K8sObject & { status?: unknown };
  const { apiVersion, kind, metadata } = config;
  if (call.subresource === 'status') {
    const { name: own, namespace, resourceVersion } = metadata ?? {};
    const meta = {
      ...(own && { name: own }),
      ...(namespace && { namespace }),
      ...(resourceVersion && { resourceVersion }),
    };
    return { apiVersion, kind, metadata: meta, ...(status !== undefined && { status }) } as K8sObject;
  }
  return call.kind.splitStatus ? rest : config;
}
