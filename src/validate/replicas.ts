import type { Json } from '../ir/schema.js';
import { isObject, memberAt } from '../json.js';
import { goValue } from '../text/gotext.js';
import type { ValueFinding } from './result.js';

/** The scale subresource of a version of a CRD. */
export interface Scale {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
}

const maxReplicas = 2 ** 31 - 1;

/** What the API server has against the numbers that the scale subresource reads; its paths start with a dot. */
export function checkReplicas(scale: Scale | undefined, object: Json): readonly ValueFinding[] {
  if (!scale) return [];
  return [...checkPath(object, scale.specReplicasPath, true), ...checkPath(object, scale.statusReplicasPath, false)];
}

function checkPath(object: Json, path: string, bounded: boolean): readonly ValueFinding[] {
  let value: Json | undefined = object;
  for (const name of path.replace(/^\./, '').split('.')) {
    if (value === undefined) return [];
    if (!isObject(value)) return [refusal(path, 0, `${path} accessor error: ${goValue(value)} is no object`)];
    value = memberAt(value, name);
  }
  if (value === undefined) return [];
  if (!Number.isInteger(value)) return [refusal(path, 0, `${path} accessor error: ${goValue(value)} is no integer`)];
  const count = value as number;
  if (bounded && count < 0) return [refusal(path, count, 'should be a non-negative integer')];
  return bounded && count > maxReplicas ? [refusal(path, count, `should be less than or equal to ${maxReplicas}`)] : [];
}

const refusal = (path: string, value: number, fact: string): ValueFinding => ({
  path,
  message: `Invalid value: ${goValue(value)}: ${fact}`,
});
