import { copyOf } from '../json.js';
import type { K8sObject } from '../resource.js';

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
