import type { Json } from '../ir/schema.js';
import { isList, isObject } from '../json.js';

/** Keywords whose empty value says something else than their absence. */
const kept: ReadonlySet<string> = new Set([
  ...['$ref', 'additionalItems', 'default', 'example', 'required'],
  ...['x-kubernetes-list-map-keys', 'x-kubernetes-list-type', 'x-kubernetes-map-type'],
  ...['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-validations'],
]);

/** Whether the API server reads the value of the keyword as if the keyword were absent. */
export function isAbsent(keyword: string, value: Json): boolean {
  if (value === null) return true;
  if (kept.has(keyword)) return false;
  if (value === '' || value === false || (isList(value) && value.length === 0)) return true;
  const isMap = keyword === 'definitions' || keyword === 'patternProperties';
  return isMap && isObject(value) && Object.keys(value).length === 0;
}
