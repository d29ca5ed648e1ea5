import { isMembers } from '../../../runtime/json.js';
import { type Path, stepTo } from './fields.js';
import { textOfPath } from './fieldsv1.js';
import type { Type } from './type.js';

/**
 * What is wrong with an applied value before it is merged, as `<path>: <problem>`: fields that the schema lacks, values of another
 * form, items without their keys or twice.
 */
export function problemsOf(type: Type, value: unknown): readonly string[] {
  return problems(type, value, '');
}

const at = (path: Path, step: string): Path => (path === '' ? step : `${path}\u0000${step}`);

function problems(type: Type, value: unknown, path: Path): readonly string[] {
  const problem = value === null || value === undefined ? undefined : problemOf(type, value);
  if (problem) return [`${textOfPath(path)}: ${problem}`];
  if (isMembers(value)) return ofMembers(type, value, path);
  return Array.isArray(value) && (type.is === 'list' || type.is === 'set') ? ofItems(type, value, path) : [];
}

function problemOf(type: Type, value: unknown): string | undefined {
  const isMap = type.is === 'struct' || type.is === 'map' || (type.is === 'atom' && type.of === 'map');
  if (isMap) return isMembers(value) ? undefined : `expected map, got &{${goText(value)}}`;
  const isList = type.is === 'list' || type.is === 'set' || (type.is === 'atom' && type.of === 'list');
  if (isList) return Array.isArray(value) ? undefined : `expected list, got &{${goText(value)}}`;
  if (type.is !== 'atom' || type.of === undefined) return undefined;
  if (type.of === 'numeric') {
    return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`;
  }
  const found = `&value.valueUnstructured{Value:${typeof value === 'string' ? JSON.stringify(value) : goText(value)}}`;
  return typeof value === type.of ? undefined : `expected ${type.of}, got ${found}`;
}

function ofMembers(type: Type, value: Record<string, unknown>, path: Path): readonly string[] {
  if (type.is === 'map') {
    return Object.entries(value).flatMap(([name, member]) => problems(type.element, member, at(path, `f:${name}`)));
  }
  if (type.is !== 'struct') return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const field = type.field(name) ?? type.rest;
    const place = at(path, `f:${name}`);
    return field ? problems(field, member, place) : [`${textOfPath(place)}: field not declared in schema`];
  });
}

function ofItems(type: Type, items: readonly unknown[], path: Path): readonly string[] {
  const text = textOfPath(path);
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const wrong = type.is === 'list' ? keyProblem(type, item) : undefined;
    if (wrong) return [`${text}: element ${index}: associative list with keys ${wrong}`];
    const step = stepTo(type, item);
    if (seen.has(step)) return [`${text}: duplicate entries for key ${textOfPath(step)}`];
    seen.add(step);
    return type.is === 'list' ? problems(type.element, item, at(path, step)) : [];
  });
}

function keyProblem({ keys, defaults }: Extract<Type, { is: 'list' }>, item: unknown): string | undefined {
  if (!isMembers(item)) return 'may not have non-map elements';
  if (keys.some((key) => item[key] !== undefined || defaults[key] !== undefined)) return undefined;
  const names = keys.map((key) => JSON.stringify(key)).join(' ');
  return `has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`;
}

const goType = (value: unknown): string => {
  if (typeof value === 'string') return 'string';
  return typeof value === 'boolean' ? 'bool' : `&value.valueUnstructured{Value:${goText(value)}}`;
};

/** As Go prints a value with `%v`. */
function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isMembers(value)) return String(value);
  const members = Object.keys(value).sort();
  return `map[${members.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
}
