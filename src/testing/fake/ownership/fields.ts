import { isEqual, isMembers, setMember } from '../../../runtime/json.js';
import { formOf, memberType, type Type } from './type.js';

/**
 * A path as the API server writes its steps: `f:<field>`, `k:<keys of an item as JSON>` or `v:<value as JSON>`. Paths are kept in
 * sets as text, with a separator that no step has.
 */
export type Path = string;
export type FieldSet = ReadonlySet<Path>;

const separator = '\u0000';

export const stepsOf = (path: Path): readonly string[] => path.split(separator);
export const pathOf = (steps: readonly string[]): Path => steps.join(separator);
const within = (path: Path, step: string): Path => (path === '' ? step : `${path}${separator}${step}`);

export const union = (left: FieldSet, right: FieldSet): FieldSet => new Set([...left, ...right]);
export const difference = (left: FieldSet, right: FieldSet): FieldSet =>
  new Set([...left].filter((path) => !right.has(path)));
export const intersection = (left: FieldSet, right: FieldSet): FieldSet =>
  new Set([...left].filter((path) => right.has(path)));

const sortedJson = (value: unknown): string =>
  isMembers(value)
    ? `{${Object.keys(value)
        .sort()
        .map((key) => `${JSON.stringify(key)}:${sortedJson(value[key])}`)
        .join(',')}}`
    : JSON.stringify(value);

/** The order of the API server: paths that end come before those that go on, then by their steps. */
export function comparePaths(left: Path, right: Path): number {
  const [a, b] = [stepsOf(left), stepsOf(right)];
  const at = a.findIndex((step, index) => step !== b[index]);
  if (at < 0) return a.length - b.length;
  const isEnd = (steps: readonly string[]): boolean => steps.length === at + 1;
  if (isEnd(a) !== isEnd(b)) return isEnd(a) ? -1 : 1;
  return (a[at] ?? '') < (b[at] ?? '') ? -1 : 1;
}

/** The step to an item of a list or a set. */
export function stepTo(type: Type, item: unknown): string {
  if (type.is !== 'list') return `v:${sortedJson(item)}`;
  const members = isMembers(item) ? item : {};
  const keys = type.keys.map((key) => [key, members[key] ?? type.defaults[key] ?? null]);
  return `k:${sortedJson(Object.fromEntries(keys))}`;
}

const elementOf = (type: Type): Type => (type.is === 'list' ? type.element : { is: 'atom' });
const isEmptyValue = (value: unknown): boolean =>
  value === null || (isMembers(value) && Object.keys(value).length === 0);

interface Child {
  readonly step: string;
  readonly type: Type;
  readonly value: unknown;
  /** A field that the schema names; other children are owned themselves too. */
  readonly named: boolean;
}

/** The parts of a value that can be owned apart; undefined for what is owned as a whole. */
export function childrenOf(type: Type, value: unknown): readonly Child[] | undefined {
  const form = formOf(type, value);
  if (form === 'members') {
    return Object.entries(value as object).flatMap(([name, member]) =>
      member === undefined ? [] : [{ step: `f:${name}`, value: member, ...memberType(type, name) }],
    );
  }
  if (form === 'atom') return undefined;
  return (value as readonly unknown[]).map((item) => ({
    step: stepTo(type, item),
    type: elementOf(type),
    value: item,
    named: false,
  }));
}

/** What somebody who applies the value owns. */
export function fieldsOf(type: Type, value: unknown): FieldSet {
  const found = new Set<Path>();
  const visit = (children: readonly Child[], path: Path): void => {
    for (const child of children) {
      const at = within(path, child.step);
      const below = childrenOf(child.type, child.value);
      if (!child.named || !below || isEmptyValue(child.value)) found.add(at);
      if (below) visit(below, at);
    }
  };
  visit(childrenOf(type, value) ?? [], '');
  return found;
}

/** How two states differ: paths that are new, gone, or have another value. */
export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

/** Unlike `fieldsOf`, a part that is new or gone counts with all its parents that are so. */
export function compare(type: Type, before: unknown, after: unknown): Comparison {
  const added = new Set<Path>();
  const removed = new Set<Path>();
  const modified = new Set<Path>();
  const whole = (child: Child, path: Path, into: Set<Path>): void => {
    const at = within(path, child.step);
    into.add(at);
    for (const below of childrenOf(child.type, child.value) ?? []) whole(below, at, into);
  };
  const visit = (place: Type, left: unknown, right: unknown, path: Path): void => {
    const old = new Map((childrenOf(place, left) ?? []).map((child) => [child.step, child]));
    const now = childrenOf(place, right) ?? [];
    for (const child of now) {
      const previous = old.get(child.step);
      old.delete(child.step);
      if (!previous) whole(child, path, added);
      else differ(child, previous.value, within(path, child.step));
    }
    for (const child of old.values()) whole(child, path, removed);
  };
  const differ = (child: Child, previous: unknown, path: Path): void => {
    const isSplit = childrenOf(child.type, child.value) && childrenOf(child.type, previous);
    if (isSplit) visit(child.type, previous, child.value, path);
    else if (!isEqual(previous, child.value)) modified.add(path);
  };
  visit(type, before, after, '');
  return { added, removed, modified };
}

/** The set with the parents of its paths that are fields of a schema. */
export function withNamedParents(type: Type, paths: FieldSet): FieldSet {
  const all = new Set(paths);
  for (const path of paths) {
    let place = type;
    let at = '';
    const steps = stepsOf(path);
    for (const step of steps.slice(0, -1)) {
      at = within(at, step);
      const isField = step.startsWith('f:');
      const member = isField ? memberType(place, step.slice(2)) : { type: elementOf(place), named: false };
      if (member.named) all.add(at);
      place = member.type;
    }
  }
  return all;
}

/** A copy without the paths; null in place of what had parts of which none is left. */
export function without(type: Type, value: unknown, paths: FieldSet, path: Path = ''): unknown {
  const children = childrenOf(type, value);
  if (!children || children.length === 0) return value;
  const left = children.flatMap((child): Child[] => {
    const at = within(path, child.step);
    if (paths.has(at)) return [];
    return [{ ...child, value: without(child.type, child.value, paths, at) }];
  });
  if (left.length === 0) return null;
  if (Array.isArray(value)) return left.map((child) => child.value);
  const members: Record<string, unknown> = {};
  for (const child of left) setMember(members, child.step.slice(2), child.value);
  return members;
}
