import { isMembers } from '../../../runtime/json.js';
import { type FieldSet, type Path, pathOf, stepsOf } from './fields.js';

interface Node {
  [step: string]: Node;
}

/** The set as `managedFields[].fieldsV1`. */
export function toFieldsV1(paths: FieldSet): object {
  const root: Node = {};
  for (const path of [...paths].sort()) {
    let node = root;
    for (const step of stepsOf(path)) {
      node[step] ??= {};
      node = node[step];
    }
    node['.'] = {};
  }
  return withoutDots(root);
}

/** A path without parts needs no dot. */
function withoutDots(node: Node): object {
  const steps = Object.keys(node);
  if (steps.length === 1 && steps[0] === '.') return {};
  return Object.fromEntries(steps.sort().map((step) => [step, withoutDots(node[step] ?? {})]));
}

export function fromFieldsV1(fields: unknown): FieldSet {
  const found = new Set<Path>();
  const visit = (node: unknown, steps: readonly string[]): void => {
    const entries = isMembers(node) ? Object.entries(node) : [];
    if (steps.length > 0 && (entries.length === 0 || entries.some(([step]) => step === '.'))) found.add(pathOf(steps));
    for (const [step, below] of entries) if (step !== '.') visit(below, [...steps, step]);
  };
  visit(fields, []);
  return found;
}

/** The path as messages have it: `.spec.items[name="a"].value`. */
export const textOfPath = (path: Path): string => stepsOf(path).map(textOfStep).join('');

function textOfStep(step: string): string {
  const text = step.slice(2);
  if (step.startsWith('f:')) return `.${text}`;
  if (step.startsWith('v:')) return `[=${text}]`;
  const keys = Object.entries(JSON.parse(text) as object).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `[${keys.join(',')}]`;
}
