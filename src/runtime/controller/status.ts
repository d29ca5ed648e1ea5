import type { Client } from '../client/types.js';
import { copyOf } from '../json.js';
import { mergePatchOf } from '../mergepatch.js';
import type { K8sObject, Resource } from '../resource.js';
import type { Context } from './types.js';

/** `patchStatus` of a context; `object` is the state that the first edit starts from. */
export function statusPatcher<T extends K8sObject>(
  client: Client,
  r: Resource<T>,
  object: T,
  signal: AbortSignal,
): Context<T>['patchStatus'] {
  let latest = copyOf(object);
  let turn: Promise<unknown> = Promise.resolve();

  const patch = async (edit: (draft: T) => void): Promise<T> => {
    const draft = copyOf(latest);
    refuseAsync(edit(draft) as unknown);
    const body = mergePatchOf(statusOf(latest), statusOf(draft));
    if (body !== undefined) latest = await client.status.patch(r, latest, { type: 'merge', body }, { signal });
    return copyOf(latest);
  };

  return (edit) => {
    const result = turn.then(() => patch(edit));
    turn = result.catch(() => {});
    return result;
  };
}

const statusOf = (object: K8sObject): object => ({ status: (object as { status?: unknown }).status });

function refuseAsync(answer: unknown): void {
  if (!(answer instanceof Promise)) return;
  answer.catch(() => {});
  throw new TypeError('The edit of patchStatus must be done when it returns, but it returned a promise');
}
