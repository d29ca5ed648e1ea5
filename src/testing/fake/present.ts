import { apiVersionOf, type K8sObject } from '../../runtime/resource.js';
import type { Call } from './call.js';
import { notAcceptable } from './status.js';
import { tableOf } from './table.js';
import type { WatchEvent } from './watch.js';

type Form = 'object' | 'metadata' | 'table';

/** The first form of the accept header that exists. */
function formOf({ headers }: Call): Form {
  for (const type of (headers.accept ?? '').split(',')) {
    if (/;\s*as=Table/.test(type)) return 'table';
    if (/;\s*as=PartialObjectMetadata/.test(type)) return 'metadata';
    if (/^\s*(application\/json|\*\/\*)\s*(;|$)/.test(type)) return 'object';
  }
  return 'object';
}

/** Refuses requests that accept nothing that the server has. */
export function checkAccept({ headers }: Call): void {
  const { accept = '' } = headers;
  const known = /^\s*(application\/(json|yaml|\*)|\*\/\*)\s*(;|$)/;
  const isServed = (type: string): boolean =>
    known.test(type) && (!/;\s*as=/.test(type) || /;\s*as=(Table|PartialObjectMetadata(List)?)\s*(;|$)/.test(type));
  if (accept !== '' && !accept.split(',').some(isServed)) throw notAcceptable();
}

const metaVersion = 'meta.k8s.io/v1';

const partial = ({ metadata }: K8sObject): K8sObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: metaVersion,
  ...(metadata && { metadata }),
});

/** An object in the form that the client accepts. */
export function present(call: Call, object: K8sObject): object {
  const form = formOf(call);
  if (form === 'table') return tableOf(call, [object], { resourceVersion: object.metadata?.resourceVersion });
  return form === 'metadata' ? partial(object) : object;
}

/** A list in the form that the client accepts. */
export function presentList(call: Call, items: readonly K8sObject[], metadata: object): object {
  const form = formOf(call);
  if (form === 'table') return tableOf(call, items, metadata);
  if (form === 'metadata') {
    return { kind: 'PartialObjectMetadataList', apiVersion: metaVersion, metadata, items: items.map(partial) };
  }
  const { listKind, resource, custom } = call.kind;
  const list = custom ? items : items.map(({ apiVersion: _v, kind: _k, ...item }) => item);
  return { kind: listKind, apiVersion: apiVersionOf(resource), metadata, items: list };
}

/** An event in the form that the client accepts. */
export function presentEvent(call: Call, { type, object }: WatchEvent): WatchEvent {
  const form = formOf(call);
  if (form === 'metadata') return { type, object: partial(object) };
  if (form === 'table' && type !== 'BOOKMARK') return { type, object: tableOf(call, [object], {}) };
  return { type, object };
}
