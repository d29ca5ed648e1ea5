import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import { stringAt } from '../json.js';
import { goValue } from '../text/gotext.js';

/** `<path>: <message>` is the text of the API server. */
export interface ValueFinding {
  readonly path: string;
  readonly message: string;
}

/** `matches` counts passed checks as kube-openapi does, which prints the errors of the branch with the most of them. */
export interface Result {
  readonly findings: readonly ValueFinding[];
  readonly matches: number;
}

export type Check = (schema: JsonSchema, value: Json, path: string) => Result | undefined;

export function merge(results: readonly Result[], matches: number): Result {
  return {
    findings: results.flatMap((each) => each.findings),
    matches: results.reduce((sum, each) => sum + each.matches, matches),
  };
}

export const passed = (matches = 0): Result => ({ findings: [], matches });

export const failed = (path: string, message: string): Result => ({ findings: [{ path, message }], matches: 0 });
export const invalid = (path: string, value: Json, fact: string): Result =>
  failed(path, `Invalid value: ${goValue(value)}: ${path} in body ${fact}`);

export const isPassed = (result: Result): boolean => result.findings.length === 0;

/** The types that a value may have; none for any. */
export function typesOf(schema: JsonSchema): readonly string[] {
  if (schema['x-kubernetes-int-or-string'] === true) return ['integer', 'string'];
  const type = stringAt(schema, 'type');
  return type ? [type] : [];
}
