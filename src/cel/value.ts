import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import type { JsonObject } from '../json.js';

/** A value of CEL: int is a bigint, double a number; what JavaScript has no type for is tagged by its `kind`. */
export type Value = null | boolean | bigint | number | string | Tagged;

export type Tagged =
  | Uint
  | Bytes
  | List
  | MapValue
  | ObjectValue
  | Preserved
  | Moment
  | Span
  | Optional
  | TypeValue
  | Quantity
  | Url
  | Ip
  | Cidr
  | Semver
  | Format;

export interface Uint {
  readonly kind: 'uint';
  readonly value: bigint;
}
export interface Bytes {
  readonly kind: 'bytes';
  readonly bytes: Uint8Array;
}
/** `merge` is set for lists of an object whose schema says how they merge: their order does not count. */
export interface List {
  readonly kind: 'list';
  readonly items: readonly Value[];
  readonly merge?: { readonly type: 'set' } | { readonly type: 'map'; readonly keys: readonly string[] };
}
/** The entries by `keyId` of their keys. */
export interface MapValue {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, readonly [Value, Value]>;
}
/** An object with properties; its members become values when they are selected. */
export interface ObjectValue {
  readonly kind: 'object';
  readonly json: JsonObject;
  readonly schema: JsonSchema;
}
/** Data without a type, which can only be compared. */
export interface Preserved {
  readonly kind: 'preserved';
  readonly json: Json;
}
/** Nanoseconds since 1970. */
export interface Moment {
  readonly kind: 'timestamp';
  readonly nanos: bigint;
}
export interface Span {
  readonly kind: 'duration';
  readonly nanos: bigint;
}
export interface Optional {
  readonly kind: 'optional';
  readonly value?: Value;
}
export interface TypeValue {
  readonly kind: 'type';
  readonly name: string;
}
/** `digits` x 10^`exponent`. `small`: Kubernetes holds it in 64 bits. */
export interface Quantity {
  readonly kind: 'quantity';
  readonly digits: bigint;
  readonly exponent: number;
  readonly small: boolean;
}
export interface Url {
  readonly kind: 'url';
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly text: string;
}
export interface Ip {
  readonly kind: 'ip';
  readonly family: 4 | 6;
  readonly bits: bigint;
}
export interface Cidr {
  readonly kind: 'cidr';
  readonly ip: Ip;
  readonly length: number;
}
export interface Semver {
  readonly kind: 'semver';
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly prerelease: readonly string[];
}
export interface Format {
  readonly kind: 'format';
  readonly name: string;
}

/** An error of CEL at run time, such as `no such key: x`; `||` and `&&` absorb it. It never leaves this folder. */
export class EvaluationError extends Error {}

/** Something that opgen does not evaluate; it never leaves this folder. */
export class NotEvaluated extends Error {}

export const noSuchOverload = (): EvaluationError => new EvaluationError('no such overload');

/** The error of a text that a conversion cannot read. */
export const conversionError = (type: string): EvaluationError =>
  new EvaluationError(`type conversion error from 'string' to '${type}'`);

export const list = (items: readonly Value[]): List => ({ kind: 'list', items });
export const uint = (value: bigint): Uint => ({ kind: 'uint', value });
export const none: Optional = { kind: 'optional' };
export const some = (value: Value): Optional => ({ kind: 'optional', value });
export const typeValue = (name: string): TypeValue => ({ kind: 'type', name });

export function mapOf(pairs: Iterable<readonly [Value, Value]>): MapValue {
  const entries = new Map<string, readonly [Value, Value]>();
  for (const pair of pairs) entries.set(keyId(pair[0]), pair);
  return { kind: 'map', entries };
}

/** The same text for keys that are equal, numbers of different types included. */
export function keyId(key: Value): string {
  if (typeof key === 'string') return `s${key}`;
  if (typeof key === 'boolean') return `b${key}`;
  const whole = wholeOf(key);
  if (whole !== undefined) return `n${whole}`;
  if (typeof key === 'number') return `d${key}`;
  throw new EvaluationError('unsupported key type');
}

/** The integer that a number of any type is equal to. */
export function wholeOf(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  return kindOf(value) === 'uint' ? (value as Uint).value : undefined;
}

export type Kind = 'null' | 'bool' | 'int' | 'double' | 'string' | Tagged['kind'];

export function kindOf(value: Value): Kind {
  if (value === null) return 'null';
  if (typeof value === 'object') return value.kind;
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'double';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

const typeNames: Readonly<Partial<Record<Kind, string>>> = {
  null: 'null_type',
  object: 'map',
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
  optional: 'optional_type',
  quantity: 'kubernetes.Quantity',
  url: 'kubernetes.URL',
  ip: 'net.IP',
  cidr: 'net.CIDR',
  semver: 'kubernetes.Semver',
  format: 'kubernetes.NamedFormat',
};

/** The name of the type of a value, as `type()` compares it. */
export function typeName(value: Value): string {
  const kind = kindOf(value);
  return typeNames[kind] ?? kind;
}

const int64 = 2n ** 63n;

/** An int, unless it is beyond 64 bits. */
export function int(value: bigint): bigint {
  if (value >= int64 || value < -int64) throw new EvaluationError('integer overflow');
  return value;
}
