import { copyOf, isEqual, isMembers } from '../../runtime/json.js';
import { isSameItem, type Shape } from './shape.js';

type Members = Record<string, unknown>;

/** A step into a value: a field, the item of a map list with these keys, or the element of a set. */
type Step = { readonly field: string } | { readonly keys: Members } | { readonly element: unknown };

/** A value that is owned as a whole. */
export interface Leaf {
  readonly steps: readonly Step[];
  readonly value: unknown;
}

const ownedMetadata: ReadonlySet<string> = new Set(['labels', 'annotations', 'finalizers', 'ownerReferences']);

/**
 * The leaves of an object by path, such as `.spec.containers[name="web"].image`; without type, name and what the server
 * sets.
 */
export function leavesOf(shape: Shape, { ...object }: object): Map<string, Leaf> {
  const { apiVersion: _v, kind: _k, metadata, ...rest } = object as Members;
  const known = isMembers(metadata) ? Object.entries(metadata).filter(([name]) => ownedMetadata.has(name)) : [];
  const leaves = new Map<string, Leaf>();
  for (const [name, value] of Object.entries(rest)) visit(shape.field(name), value, [{ field: name }], leaves);
  for (const [name, value] of known) {
    visit(shape.field('metadata').field(name), value, [{ field: 'metadata' }, { field: name }], leaves);
  }
  return leaves;
}

function visit(shape: Shape, value: unknown, steps: readonly Step[], leaves: Map<string, Leaf>): void {
  if (value === undefined || value === null) return;
  if (isMembers(value) && Object.keys(value).length > 0) {
    for (const [name, member] of Object.entries(value)) {
      visit(shape.field(name), member, [...steps, { field: name }], leaves);
    }
  } else if (!Array.isArray(value) || !visitList(shape, value, steps, leaves)) {
    leaves.set(steps.map(textOf).join(''), { steps, value });
  }
}

/** Whether the list is owned by its items. */
function visitList(
  shape: Shape,
  items: readonly unknown[],
  steps: readonly Step[],
  leaves: Map<string, Leaf>,
): boolean {
  const list = shape.list(items);
  if (list.type === 'atomic') return false;
  for (const item of items) {
    if (list.type === 'set') {
      const at = [...steps, { element: item }];
      leaves.set(at.map(textOf).join(''), { steps: at, value: item });
    } else if (isMembers(item)) {
      const keys = Object.fromEntries(list.keys.map((key) => [key, item[key]]));
      visit(shape.item(), item, [...steps, { keys }], leaves);
    }
  }
  return true;
}

function textOf(step: Step): string {
  if ('field' in step) return `.${step.field}`;
  if ('element' in step) return `[=${JSON.stringify(step.element)}]`;
  const keys = Object.entries(step.keys).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `[${keys.join(',')}]`;
}

/**
 * A copy without the leaves; parents that they leave empty go too. The keys of an item stay as long as it has other
 * fields.
 */
export function withoutLeaves<T>(value: T, leaves: readonly Leaf[]): T {
  const copy = copyOf(value);
  for (const { steps } of leaves.filter((leaf) => !isKey(leaf))) removeAt(copy, steps);
  for (const { steps } of leaves.filter(isKey)) removeItem(copy, steps);
  return copy;
}

/** Whether the leaf is what its item is told apart by. */
function isKey({ steps }: Leaf): boolean {
  const [item, field] = steps.slice(-2);
  return item !== undefined && 'keys' in item && field !== undefined && 'field' in field && field.field in item.keys;
}

function removeItem(value: unknown, steps: readonly Step[]): void {
  const place = steps.slice(0, -1);
  const item = place.reduce<unknown>(childAt, value);
  const keys = place.at(-1);
  if (!isMembers(item) || keys === undefined || !('keys' in keys)) return;
  if (Object.keys(item).every((name) => name in keys.keys)) removeAt(value, place);
}

function childAt(parent: unknown, step: Step): unknown {
  if ('field' in step) return isMembers(parent) ? parent[step.field] : undefined;
  return Array.isArray(parent) ? parent.find((item) => isAt(step, item)) : undefined;
}

function removeAt(parent: unknown, [step, ...rest]: readonly Step[]): void {
  if (step === undefined) return;
  if ('field' in step) {
    if (!isMembers(parent)) return;
    const child = parent[step.field];
    removeAt(child, rest);
    if (rest.length === 0 || isEmpty(child)) delete parent[step.field];
  } else if (Array.isArray(parent)) {
    const index = parent.findIndex((item) => isAt(step, item));
    if (index < 0) return;
    removeAt(parent[index], rest);
    if (rest.length === 0 || isEmpty(parent[index])) parent.splice(index, 1);
  }
}

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : isMembers(value) && Object.keys(value).length === 0;

const isAt = (step: Exclude<Step, { field: string }>, item: unknown): boolean =>
  'element' in step ? isEqual(step.element, item) : isSameItem(Object.keys(step.keys), step.keys, item);
