import { pathStep } from '../crd/crd.js';
import type { JsonObject } from '../json.js';
import type { Answer } from './answer.js';
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
  /** The place that the API server blames, where that is another one. */
  readonly blamed?: Path;
  /** What the server's path goes on with, inside of a value such as a default. */
  readonly inside?: string;
}

interface Claim {
  /** The id in the table of the API server's rules; a part that only opgen checks has an entry of its own under the same id. */
  readonly id: string;
  /** The rule as a sentence, which is what users read. */
  readonly claim: string;
  readonly hint: string;
  /** An error unless stated. */
  readonly severity?: 'warning';
  /** What the API server prints; absent when it accepts what the rule reports. */
  readonly server?: readonly Answer[];
  /** The release of Kubernetes that has the rule first, when it is a newer one than 1.36. */
  readonly since?: string;
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
  return stepsOf(path).map(pathStep).join('').replace(/^\./, '');
}

export function stepsOf(path: Path): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  for (let each: Path | undefined = path; each; each = each.parent) steps.push(each.key);
  return steps.reverse();
}
