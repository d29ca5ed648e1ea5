import type { JsonObject } from '../crd/crd.js';
import { pathStep } from '../crd/crd.js';
import type { SchemaNode } from './walk.js';

/** A place in a CRD, linked from the end to the start: it becomes text only when a finding is printed. */
export interface Path {
  readonly parent: Path | undefined;
  readonly key: string | number;
}

/** `detail` completes the sentence "<claim>, but `<path>` …"; `hint` replaces the hint of the rule. */
export interface Finding {
  readonly path: Path;
  readonly detail: string;
  readonly hint?: string;
}

interface Claim {
  /** The id in the table of the API server's rules; a part that only opgen checks has an entry of its own under the same id. */
  readonly id: string;
  /** The rule as a sentence, which is what users read. */
  readonly claim: string;
  readonly hint: string;
  /** An error unless stated. */
  readonly severity?: 'warning';
  /** The API server accepts what the rule reports. */
  readonly opgenOnly?: true;
}

/** A rule about a CRD outside of its schemas. The object may be any JSON. */
export interface CrdRule extends Claim {
  check(crd: JsonObject): readonly Finding[];
}

/** A rule about CRDs together; `crd` is the index of the CRD at fault. */
export interface ProjectRule extends Claim {
  check(crds: readonly JsonObject[]): readonly (Finding & { readonly crd: number })[];
}

/**
 * A rule about one node of a schema. With `on`, it is asked once for each of these keywords that the node has, whatever their
 * values; without, once for every node.
 */
export interface SchemaRule extends Claim {
  readonly on?: readonly string[];
  check(node: SchemaNode, keyword: string): readonly Finding[];
}

export type Rule = CrdRule | ProjectRule | SchemaRule;

/** The answer of a rule that finds nothing wrong. */
export const nothing: readonly never[] = [];

export function below(parent: Path | undefined, ...keys: readonly (string | number)[]): Path {
  let path = parent;
  for (const key of keys) path = { parent: path, key };
  return path!;
}

/** `spec.versions[0].schema`: the steps of `pathStep`. */
export function pathText(path: Path): string {
  const steps: string[] = [];
  for (let each: Path | undefined = path; each; each = each.parent) steps.push(pathStep(each.key));
  return steps.reverse().join('').replace(/^\./, '');
}
