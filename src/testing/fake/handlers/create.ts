import { ApiError } from '../../../runtime/errors.js';
import type { K8sObject } from '../../../runtime/resource.js';
import { admit } from '../admission.js';
import type { Answer, Call } from '../call.js';
import { decodeObject } from '../decode.js';
import { generatedName } from '../names.js';
import { present } from '../present.js';
import { createObject } from '../write.js';

export function create(call: Call): Answer {
  const given = named(decodeObject(call));
  if (given.metadata?.resourceVersion) {
    throw new ApiError(500, { message: 'resourceVersion should not be set on objects to be created' });
  }
  const { object: complete, warnings } = admit(call, given);
  const { object } = createObject(call, complete);
  return { status: 201, body: present(call, object), warnings };
}

function named(object: K8sObject): K8sObject {
  const { name, generateName } = object.metadata ?? {};
  if (name || !generateName) return object;
  return { ...object, metadata: { ...object.metadata, name: generatedName(generateName) } };
}
