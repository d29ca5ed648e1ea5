import { apiVersionOf, type K8sObject } from '../../../runtime/resource.js';
import { type Answer, type ObjectCall, placeOf } from '../call.js';
import { present } from '../present.js';
import { notFound } from '../status.js';

export const get = (call: ObjectCall): Answer => ({ status: 200, body: present(call, storedObject(call)) });

/** The object that the call names, in the version of the call. */
export function storedObject(call: ObjectCall): K8sObject {
  const { kind, server, name } = call;
  const object = server.store.get(kind.storage, placeOf(call));
  if (!object) throw notFound(kind.resource, name);
  return { ...object, apiVersion: apiVersionOf(kind.resource) };
}
