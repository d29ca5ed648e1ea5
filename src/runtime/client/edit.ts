import { copyOf, isMembers } from '../json.js';
import { mergePatchOf } from '../mergepatch.js';
import type { K8sObject } from '../resource.js';
import type { Patch } from './types.js';

/** What the edit makes of a copy of the object. Throws where the edit is asynchronous, or changes name or namespace. */
export function edited<T extends K8sObject>(before: T, edit: (draft: T) => unknown): T {
  const draft = copyOf(before);
  const returned = edit(draft);
  if (returned instanceof Promise) {
    returned.catch(() => {});
    throw new TypeError(
      'An edit must be synchronous, but it returned a promise: await before the call, not in the edit',
    );
  }
  for (const member of ['name', 'namespace'] as const) {
    const [old, now] = [before.metadata?.[member], draft.metadata?.[member]];
    if (old !== now) throw new TypeError(`An edit must keep \`metadata.${member}\`, but it turns ${old} into ${now}`);
  }
  return draft;
}

/**
 * The smallest merge patch for an edit; undefined where it changes nothing. An edit of the status throws where it
 * changes anything else.
 */
export function patchBy<T extends K8sObject>(
  before: T,
  edit: (draft: T) => unknown,
  subresource?: string,
): Patch | undefined {
  const body = mergePatchOf(before, edited(before, edit));
  if (body === undefined) return undefined;
  const other = subresource === 'status' && isMembers(body) && Object.keys(body).find((member) => member !== 'status');
  if (other)
    throw new TypeError(
      `An edit of the status must change \`status\` only, but it changes \`${other}\`: write that with \`client.patch\``,
    );
  return { type: 'merge', body };
}
