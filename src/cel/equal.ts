import { memberAt, objectAt, sameJson } from '../json.js';
import { toValue } from './adapt.js';
import type { List, MapValue, ObjectValue, Quantity, Semver, Value } from './value.js';
import { EvaluationError, kindOf, noSuchOverload, wholeOf } from './value.js';

/** Equality across all types: numbers by their value, maps and lists by their members; values of different types differ. */
export function isEqual(left: Value, right: Value): boolean {
  if (isNumeric(left) && isNumeric(right)) return compareNumbers(left, right) === 0;
  if (isObject(left)) return sameObjects(left, right);
  if (kindOf(left) !== kindOf(right)) return false;
  if (typeof left !== 'object' || left === null) return left === right;
  switch (left.kind) {
    case 'list':
      return sameLists(left, right as List);
    case 'map':
      return sameMaps(left, right as MapValue);
    case 'quantity':
      return compareQuantities(left, right as Quantity) === 0;
    case 'semver':
      return compareSemvers(left, right as Semver) === 0;
    default:
      return sameScalars(left, right);
  }
}

const isObject = (value: Value): value is ObjectValue => kindOf(value) === 'object';
const isNumeric = (value: Value): boolean => ['int', 'uint', 'double'].includes(kindOf(value));

/** By the members of the tagged values, whatever their order. */
function sameScalars(left: Value, right: Value): boolean {
  return identity(left) === identity(right);
}

function identity(value: unknown): string {
  if (value instanceof Uint8Array) return value.join(' ');
  if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${name}: ${identity(member)}`).join(', ')}}`;
}

/** As the server: data that the schema does not know differs only when both have it. */
function sameObjects(left: ObjectValue, right: Value): boolean {
  if (!isObject(right)) return false;
  const names = Object.keys(left.json);
  if (names.length !== Object.keys(right.json).length) return false;
  return names.every((name) => {
    const schema = objectAt(objectAt(left.schema, 'properties'), name);
    const [mine, other] = [memberAt(left.json, name) ?? null, memberAt(right.json, name)];
    if (!schema) return other === undefined || sameJson(mine, other);
    if (mine === null || (other ?? null) === null) return mine === (other ?? null);
    return isEqual(toValue(mine, schema), toValue(other!, schema));
  });
}

function sameLists(left: List, right: List): boolean {
  if (left.items.length !== right.items.length) return false;
  if (!left.merge) return left.items.every((each, index) => isEqual(each, right.items[index]!));
  const { merge } = left;
  return right.items.every((each) => {
    if (merge.type === 'set') return left.items.some((mine) => isEqual(mine, each));
    const match = left.items.find((mine) => sameKeys(merge.keys, mine, each));
    return match !== undefined && isEqual(match, each);
  });
}

/** Whether two items of a list of type map are the same one. */
export function sameKeys(keys: readonly string[], left: Value, right: Value): boolean {
  if (!isObject(left) || !isObject(right)) return false;
  return keys.every((key) => sameJson(memberAt(left.json, key) ?? null, memberAt(right.json, key) ?? null));
}

function sameMaps(left: MapValue, right: MapValue): boolean {
  if (left.entries.size !== right.entries.size) return false;
  return [...left.entries].every(([id, [, value]]) => {
    const other = right.entries.get(id);
    return other !== undefined && isEqual(value, other[1]);
  });
}

/** The order of two values: negative, zero or positive; NaN when one of them is no number. */
export function compare(left: Value, right: Value): number {
  if (isNumeric(left) && isNumeric(right)) return compareNumbers(left, right);
  if (kindOf(left) !== kindOf(right)) throw noSuchOverload();
  if (typeof left === 'string') return compareTexts(left, right as string);
  if (typeof left === 'boolean') return Number(left) - Number(right);
  if (typeof left === 'object' && left !== null) {
    if (left.kind === 'timestamp' || left.kind === 'duration') return sign(left.nanos - (right as typeof left).nanos);
    if (left.kind === 'bytes') return compareLists([...left.bytes], [...(right as typeof left).bytes]);
  }
  throw noSuchOverload();
}

const sign = (value: bigint): number => (value < 0n ? -1 : value > 0n ? 1 : 0);

function compareNumbers(left: Value, right: Value): number {
  const [a, b] = [wholeOf(left), wholeOf(right)];
  if (a !== undefined && b !== undefined) return sign(a - b);
  const [x, y] = [Number(a ?? left), Number(b ?? right)];
  return x < y ? -1 : x > y ? 1 : x === y ? 0 : Number.NaN;
}

/** By code points, not by the units of JavaScript. */
function compareTexts(left: string, right: string): number {
  const points = (text: string) => [...text].map((char) => char.codePointAt(0)!);
  return compareLists(points(left), points(right));
}

function compareLists(left: readonly number[], right: readonly number[]): number {
  const at = left.findIndex((each, index) => each !== right[index]);
  if (at < 0) return left.length - right.length;
  return at < right.length ? left[at]! - right[at]! : 1;
}

export function compareQuantities(left: Quantity, right: Quantity): number {
  const [a, b] = aligned(left, right);
  return sign(a - b);
}

/** The digits of both at the smaller of their exponents. */
export function aligned(left: Quantity, right: Quantity): readonly [bigint, bigint, number] {
  const exponent = Math.min(left.exponent, right.exponent);
  const scaled = ({ digits, exponent: own }: Quantity) => digits * 10n ** BigInt(own - exponent);
  if (Math.abs(left.exponent - right.exponent) > 10_000) throw new EvaluationError('quantity out of range');
  return [scaled(left), scaled(right), exponent];
}

/** The precedence of semantic versions; build metadata does not count. */
export function compareSemvers(left: Semver, right: Semver): number {
  for (const [index, number] of left.numbers.entries()) {
    const order = sign(number - right.numbers[index as 0 | 1 | 2]);
    if (order !== 0) return order;
  }
  if (left.prerelease.length === 0 || right.prerelease.length === 0) {
    return Math.sign(right.prerelease.length - left.prerelease.length);
  }
  for (const [index, part] of left.prerelease.entries()) {
    const other = right.prerelease[index];
    if (other === undefined) return 1;
    const order = comparePrereleases(part, other);
    if (order !== 0) return order;
  }
  return left.prerelease.length === right.prerelease.length ? 0 : -1;
}

function comparePrereleases(left: string, right: string): number {
  const [a, b] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (a && b) return sign(BigInt(left) - BigInt(right));
  if (a !== b) return a ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}
