import { admit } from '../admission.js';
import type { Answer, ObjectCall } from '../call.js';
import { decodeObject } from '../decode.js';
import { present } from '../present.js';
import { updateObject } from '../write.js';
import { storedObject } from './get.js';

export function update(call: ObjectCall): Answer {
  const given = decodeObject(call);
  const before = storedObject(call);
  const { object: complete, warnings } = admit(call, given);
  const { object } = updateObject(call, before, complete);
  return { status: 200, body: present(call, object), warnings };
}
