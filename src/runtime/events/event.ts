import type { K8sObject } from '../resource.js';
import { microTime } from '../time.js';
import type { EventRecorder } from './types.js';

/** What is emitted about an object. */
export type Emitted = Parameters<EventRecorder['emit']>[1];

/** Who emits: both names have at most 128 characters. */
export interface Reporter {
  readonly reportingController: string;
  readonly reportingInstance: string;
}

/** An Event of events.k8s.io/v1. */
export interface EventObject extends K8sObject, Reporter {
  metadata: { name: string; namespace: string };
  eventTime: string;
  type: string;
  reason: string;
  action: string;
  note: string;
  regarding: ObjectReference;
  related?: ObjectReference;
  series?: { count: number; lastObservedTime: string };
}

interface ObjectReference {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
}

/** The event for an object, cut to the limits of the API server; undefined for an object without apiVersion, kind or name. */
export function eventOf(reporter: Reporter, about: K8sObject, emitted: Emitted): EventObject | undefined {
  const regarding = referenceTo(about);
  if (regarding === undefined) return undefined;
  const related = emitted.related && referenceTo(emitted.related);
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: nameFor(regarding), namespace: regarding.namespace ?? 'default' },
    eventTime: microTime(),
    ...reporter,
    type: emitted.type,
    reason: emitted.reason.slice(0, 128),
    action: emitted.action.slice(0, 128),
    note: cutBytes(emitted.note, 1024),
    regarding,
    ...(related && { related }),
  };
}

/** Equal for events that the API server keeps as one series. */
export const seriesKey = (event: EventObject): string =>
  JSON.stringify([event.type, event.action, event.reason, identity(event.regarding), identity(event.related)]);

const identity = (reference: ObjectReference | undefined): unknown =>
  reference && [reference.apiVersion, reference.kind, reference.namespace ?? '', reference.name, reference.uid ?? ''];

function referenceTo({ apiVersion, kind, metadata = {} }: K8sObject): ObjectReference | undefined {
  const { name, namespace, uid, resourceVersion } = metadata;
  if (!apiVersion || !kind || !name) return undefined;
  return {
    apiVersion,
    kind,
    name,
    ...(namespace && { namespace }),
    ...(uid && { uid }),
    ...(resourceVersion && { resourceVersion }),
  };
}

let sequence = 0;

/**
 * `<object>.<nanoseconds in hex>`, unique in the process. Objects whose names do not suit an event, such as the role `system:node`, lend
 * their kind.
 */
function nameFor({ name, kind }: ObjectReference): string {
  sequence = (sequence + 1) % 1_000_000;
  const moment = (BigInt(Date.now()) * 1_000_000n + BigInt(sequence)).toString(16);
  const start = /^[a-z0-9.-]+$/.test(name) ? name : kind.toLowerCase();
  return `${start.slice(0, 253 - 1 - moment.length).replace(/[-.]+$/, '')}.${moment}`;
}

/** At most so many bytes of UTF-8, without half a character at the end. */
function cutBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  return new TextDecoder().decode(bytes.subarray(0, limit)).replace(/\uFFFD+$/, '');
}
