import { isMembers } from '../../runtime/json.js';
import type { K8sObject } from '../../runtime/resource.js';
import type { Call } from './call.js';
import type { PrinterColumn } from './kinds.js';

const nameColumn: PrinterColumn = { name: 'Name', type: 'string', jsonPath: '.metadata.name' };
const ageColumn: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

/** The table that kubectl prints: the name, and the columns of the CRD, else the age. */
export function tableOf({ kind, query, server }: Call, objects: readonly K8sObject[], metadata: object): K8sObject {
  const columns = [nameColumn, ...(kind.columns.length > 0 ? kind.columns : [ageColumn])];
  const rows = objects.map((object) => ({
    cells: columns.map((column) => cellOf(column, object, Date.parse(server.now()))),
    object: rowObject(query.includeObject, object),
  }));
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ name, type, format = '', description = '', priority = 0 }) => ({
      name,
      type,
      format: name === 'Name' ? 'name' : format,
      description,
      priority,
    })),
    rows,
  } as K8sObject;
}

function rowObject(include: string | undefined, object: K8sObject): object | null {
  if (include === 'None') return null;
  if (include === 'Object') return object;
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

function cellOf({ jsonPath, type }: PrinterColumn, object: K8sObject, now: number): unknown {
  const value = valueAt(object, jsonPath);
  if (type === 'date') return typeof value === 'string' ? ageOf(value, now) : '<unknown>';
  if (value === undefined) return type === 'string' ? '' : null;
  return type === 'string' && typeof value !== 'string' ? JSON.stringify(value) : value;
}

/**
 * Paths of fields, and of items of a list by the value of one field, such as
 * `.status.conditions[?(@.type=="Ready")].status`.
 */
function valueAt(object: unknown, path: string): unknown {
  const steps = path.match(/\.[^.[\]]+|\[\?\(@\.[^)]*\)\]|\[\d+\]/g) ?? [];
  return steps.reduce<unknown>(stepInto, object);
}

function stepInto(value: unknown, step: string): unknown {
  const [, field, expected] = /^\[\?\(@\.([^=\s]+)\s*==\s*["']([^"']*)["']\)\]$/.exec(step) ?? [];
  if (field !== undefined) {
    return Array.isArray(value) ? value.find((each) => isMembers(each) && each[field] === expected) : undefined;
  }
  if (step.startsWith('[')) return Array.isArray(value) ? value[Number(step.slice(1, -1))] : undefined;
  return isMembers(value) ? value[step.slice(1)] : undefined;
}

/** `5s`, `3m`, `2h` or `9d`. */
function ageOf(time: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(time)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
