import type { Json } from '../ir/schema.js';
import { isList, isObject, show } from '../json.js';
import { nearest } from '../nearest.js';
import { isInt64 } from '../text/gotext.js';
import type { Finding, Path } from './rule.js';
import { below } from './rule.js';

/** What the decoder of the API server takes at a place: null always counts as absent. */
export type Shape =
  | 'any'
  | 'string'
  | 'boolean'
  | 'int32'
  | 'int64'
  | 'base64'
  | 'number'
  | 'object'
  | { readonly list: Shape }
  | { readonly values: Shape }
  | Fields;

export interface Fields {
  readonly fields: Readonly<Record<string, Shape>>;
}

/** Fields that the shape does not have, at any depth. */
export function unknownKeys(value: Json, shape: Shape, path: Path | undefined): readonly Finding[] {
  return membersOf(value, shape, path).flatMap(({ key, member, inner, at }) =>
    inner === undefined ? [unknownKey(String(key), at, shape as Fields)] : unknownKeys(member, inner, at),
  );
}

/** Values of another type than the decoder takes, at any depth. */
export function wrongTypes(value: Json, shape: Shape, path: Path | undefined): readonly Finding[] {
  const wrong = path && wrongType(value, shape);
  if (wrong) return [{ path, detail: `is ${show(value)}, not ${wrong}` }];
  return membersOf(value, shape, path).flatMap(({ member, inner, at }) =>
    inner === undefined ? [] : wrongTypes(member, inner, at),
  );
}

interface Member {
  readonly key: string | number;
  readonly member: Json;
  /** Absent for a field that is not known. */
  readonly inner: Shape | undefined;
  readonly at: Path;
}

function membersOf(value: Json, shape: Shape, path: Path | undefined): readonly Member[] {
  if (typeof shape === 'string') return [];
  if ('list' in shape) {
    if (!isList(value) || shape.list === 'any') return [];
    return value.map((member, key) => ({ key, member, inner: shape.list, at: below(path, key) }));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).map(([key, member]) => {
    const declared = 'fields' in shape ? shape.fields : undefined;
    const known = declared && Object.hasOwn(declared, key) ? declared[key] : undefined;
    return { key, member, inner: 'values' in shape ? shape.values : known, at: below(path, key) };
  });
}

function unknownKey(key: string, path: Path, { fields }: Fields): Finding {
  const slip = nearest(key, Object.keys(fields));
  const finding = { path, detail: 'is none of them' };
  return slip === undefined ? finding : { ...finding, hint: `did you mean \`${slip}\`?` };
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What the value should have been; absent when it is. */
function wrongType(value: Json, shape: Shape): string | undefined {
  if (value === null || shape === 'any') return undefined;
  if (shape === 'int64') return isInt64(value) ? undefined : 'a whole number';
  if (shape === 'int32') return isInt64(value) && (value | 0) === value ? undefined : 'a whole number of 32 bits';
  if (shape === 'base64') return typeof value === 'string' && base64.test(value) ? undefined : 'base64';
  if (shape === 'object') return isObject(value) ? undefined : 'an object';
  if (typeof shape === 'string') return typeof value === shape ? undefined : `a ${shape}`;
  if ('list' in shape) return isList(value) ? undefined : 'a list';
  return isObject(value) ? undefined : 'an object';
}
