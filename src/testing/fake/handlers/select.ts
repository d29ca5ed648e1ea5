import type { K8sObject } from '../../../runtime/resource.js';
import { fieldAt, matchesFields, matchesLabels, parseFields, parseLabels } from '../../../runtime/selectors.js';
import type { Call } from '../call.js';
import { badRequest } from '../status.js';

/**
 * Whether an object is in the namespace of a call and matches its selectors. Throws BadRequest for selectors that cannot
 * be.
 */
export function selected(call: Call): (entry: { readonly object: K8sObject }) => boolean {
  const { labelSelector = '', fieldSelector = '' } = call.query;
  const labels = refusing(() => parseLabels(labelSelector));
  const fields = refusing(() => parseFields(fieldSelector));
  for (const { path } of fields) {
    if (!isSelectable(call, path)) throw badRequest(`field label not supported: ${path}`);
  }
  return ({ object }) =>
    (call.namespace === undefined || fieldAt(object, 'metadata.namespace') === call.namespace) &&
    matchesLabels(labels, object.metadata?.labels ?? {}) &&
    matchesFields(fields, object);
}

function refusing<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw badRequest(`unable to parse requirement: ${(error as Error).message}`);
  }
}

const isSelectable = ({ kind }: Call, path: string): boolean =>
  !kind.custom || /^metadata\.(name|namespace)$/.test(path) || (kind.selectable ?? []).includes(path);
