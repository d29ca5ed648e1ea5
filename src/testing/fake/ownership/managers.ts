import { isMembers } from '../../../runtime/json.js';
import type { K8sObject } from '../../../runtime/resource.js';
import type { FieldSet } from './fields.js';
import { fromFieldsV1, toFieldsV1 } from './fieldsv1.js';

/** Who wrote fields: applied and updated fields of one name count apart, and so do those of subresources. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource: string;
  readonly apiVersion: string;
}

/** What a manager owns of an object, and since when. */
export interface Ownership {
  readonly manager: Manager;
  readonly time?: string;
  readonly fields: FieldSet;
}

/** An entry of `metadata.managedFields`. */
interface Entry {
  readonly manager?: string;
  readonly operation?: string;
  readonly apiVersion?: string;
  readonly time?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: unknown;
  readonly subresource?: string;
}

/** Whether two managers are one: an apply counts in whatever version it was made. */
export const isSame = (left: Manager, right: Manager): boolean =>
  left.name === right.name &&
  left.operation === right.operation &&
  left.subresource === right.subresource &&
  (left.operation === 'Apply' || left.apiVersion === right.apiVersion);

const entriesOf = ({ metadata }: K8sObject): readonly Entry[] => {
  const list: unknown = metadata?.managedFields;
  return Array.isArray(list) ? list.filter(isMembers) : [];
};

/** What `metadata.managedFields` says. */
export const ownershipsOf = (object: K8sObject): readonly Ownership[] =>
  entriesOf(object)
    .filter(({ operation }) => operation === 'Apply' || operation === 'Update')
    .map((entry) => ({
      manager: {
        name: entry.manager ?? '',
        operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
        subresource: entry.subresource ?? '',
        apiVersion: entry.apiVersion ?? '',
      },
      ...(entry.time && { time: entry.time }),
      fields: fromFieldsV1(entry.fieldsV1),
    }));

/** Whether a client asks to forget who owns what: a list of one empty entry. */
export function isReset(object: K8sObject): boolean {
  const [only, ...others] = entriesOf(object);
  return only !== undefined && others.length === 0 && Object.keys(only).length === 0;
}

/** The object with what `metadata.managedFields` then is: applies first, then by time and name; those who own nothing are left out. */
export function withOwnerships(object: K8sObject, ownerships: readonly Ownership[]): K8sObject {
  const { managedFields: _, ...metadata } = object.metadata ?? {};
  const entries = ownerships
    .filter(({ fields }) => fields.size > 0)
    .sort(compareOwnerships)
    .map(entryOf);
  return { ...object, metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries } };
}

function entryOf({ manager, time, fields }: Ownership): Entry {
  const { name, operation, apiVersion, subresource } = manager;
  return {
    manager: name,
    operation,
    apiVersion,
    ...(time && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
    ...(subresource && { subresource }),
  };
}

function compareOwnerships(left: Ownership, right: Ownership): number {
  const key = ({ manager, time = '' }: Ownership): readonly string[] => {
    const { name, operation, apiVersion, subresource } = manager;
    return [operation, time, name, apiVersion, subresource];
  };
  const others = key(right);
  const [mine = '', other = ''] = key(left)
    .map((part, index) => [part, others[index] ?? ''] as const)
    .find(([a, b]) => a !== b) ?? ['', ''];
  return mine < other ? -1 : mine > other ? 1 : 0;
}
