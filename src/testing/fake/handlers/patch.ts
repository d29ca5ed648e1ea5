import { ApiError } from '../../../runtime/errors.js';
import { isMembers } from '../../../runtime/json.js';
import { applyJsonPatch, JsonPatchError, type JsonPatchOp } from '../../../runtime/jsonpatch.js';
import { applyMergePatch } from '../../../runtime/mergepatch.js';
import { apiVersionOf, type K8sObject } from '../../../runtime/resource.js';
import { unknownFields } from '../../../validate/prune.js';
import { admit } from '../admission.js';
import { applyConfig, recordApply, recordWrite } from '../apply.js';
import { type Answer, type ObjectCall, placeOf } from '../call.js';
import { checkIdentity, parseBody } from '../decode.js';
import { present } from '../present.js';
import { shapeOf } from '../shape.js';
import { badRequest, invalidOption, notFound, rejectedPatch, unsupportedMediaType } from '../status.js';
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
  if (!accepted.includes(type)) throw unsupportedMediaType(accepted);
  return type === applyPatch ? apply(call) : edit(call, type);
}

function edit(call: ObjectCall, type: string): Answer {
  const before = storedObject(call);
  const { object: complete, warnings } = admit(call, checkIdentity(call, patched(call, type, before)));
  const { object } = updateObject(call, before, complete);
  recordWrite(call, before, object);
  return { status: 200, body: present(call, object), warnings };
}

function patched(call: ObjectCall, type: string, before: K8sObject): K8sObject {
  const body = parseBody(call.body, (problem) => `error decoding patch: ${problem}`);
  const result = type === jsonPatch ? editedByJson(before, body) : merged(call, type, before, body);
  if (!isMembers(result)) throw rejectedPatch();
  return result;
}

function merged(call: ObjectCall, type: string, before: K8sObject, body: unknown): unknown {
  if (!isMembers(body)) throw badRequest('a patch must be an object');
  return type === mergePatch ? applyMergePatch(before, body) : applyStrategicPatch(shapeOf(call.kind), before, body);
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
  const { object: known, warnings } = admit(call, before ? applyConfig(call, before, config) : config);
  const { object, created } = before ? updateObject(call, before, known) : createObject(call, known);
  recordApply(call, before, object, config);
  return { status: created ? 201 : 200, body: present(call, object), warnings };
}

/** An apply is refused for fields that the schema lacks, however fields are validated otherwise. */
function checkDeclared({ kind }: ObjectCall, config: K8sObject): void {
  const { schema, resource } = kind;
  const [unknown] = schema ? unknownFields(schema, config as Parameters<typeof unknownFields>[1], true) : [];
  if (unknown === undefined) return;
  const { namespace = '', name } = config.metadata ?? {};
  const about = `${namespace}/${name}; ${apiVersionOf(resource)}, Kind=${resource.kind}`;
  const message = `failed to create typed patch object (${about}): .${unknown}: field not declared in schema`;
  throw new ApiError(500, { message });
}

/** What is applied, cut to what the path may write. */
function configOf(call: ObjectCall): K8sObject {
  const body = parseBody(call.body, (problem) => `error decoding YAML: ${problem}`);
  if (!isMembers(body) || typeof body.kind !== 'string') throw badRequest('invalid object type: /, Kind=');
  const { name } = (body as K8sObject).metadata ?? {};
  if (!name) {
    throw badRequest(`the name of the object (${call.name} based on URL) was undeterminable: name must be provided`);
  }
  checkDeclared(call, body);
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
