import { patchBy } from '../client/edit.js';
import type { Client } from '../client/types.js';
import { ApiError } from '../errors.js';
import { copyOf } from '../json.js';
import { type AnyResource, type K8sObject, keyOf, type Resource, resourceName } from '../resource.js';
import type { Context } from './types.js';

/** `patchStatus` of a context; `object` is the state that the first edit starts from, which nobody changes; `written` gets the answer to each write. */
export function statusPatcher<T extends K8sObject>(
  { client, written }: { client: Client; written(answer: T): void },
  r: Resource<T>,
  object: T,
): Context<T>['patchStatus'] {
  let latest = object;
  let turn: Promise<unknown> = Promise.resolve();

  const patch = async (edit: (draft: T) => void): Promise<T> => {
    const change = patchBy(latest, edit, 'status');
    if (change !== undefined) {
      latest = await client.status.patch(r, latest, change).catch(async (error) => {
        throw (await hasNoStatus(error, client, r, latest)) ? noStatus(r) : error;
      });
      written(latest);
    }
    return copyOf(latest);
  };

  return (edit) => {
    const result = turn.then(() => patch(edit));
    turn = result.catch(() => {});
    return result;
  };
}

/** The API server says of a missing subresource that the object is missing, though it is there. */
async function hasNoStatus<T extends K8sObject>(error: unknown, client: Client, r: Resource<T>, object: T) {
  if (!(error instanceof ApiError && error.isNotFound)) return false;
  const live = await client.live.get(r, keyOf(object)).catch(() => undefined);
  return live !== undefined && live.metadata?.uid === object.metadata?.uid;
}

const noStatus = (r: AnyResource): TypeError =>
  new TypeError(
    `\`patchStatus\` needs the status subresource, but ${resourceName(r)}/${r.version} has none. Mark its type with \`+kubebuilder:subresource:status\`, then generate and install the CRD`,
  );
