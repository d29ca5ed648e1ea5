import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import type { JsonObject } from '../json.js';
import { isList, isObject, listAt, memberAt, objectAt, sameJson, stringsAt } from '../json.js';
import { formatOf, matchesFormat } from '../text/formats.js';
import { goJson, goValue, isInt64 } from '../text/gotext.js';
import { matches } from '../text/pattern/match.js';
import { allOf, anyOf, branchFailure, oneOf } from './branches.js';
import type { Correlated } from './correlate.js';
import { correlatedItem, correlatedMember, isUnchanged } from './correlate.js';
import { checkNumber } from './numbers.js';
import type { Result, ValueFinding } from './result.js';
import { failed, invalid, isPassed, merge, passed, typesOf } from './result.js';

/** `update`: the value with its old one, when there is one. */
type Check = (schema: JsonSchema, value: Json, path: string, update?: Correlated) => Result | undefined;

/**
 * Checks a value against one schema as kube-openapi does for the API server: types, bounds, formats, branches, properties and
 * items. With `update`, errors of parts that did not change are dropped. Unknown fields, defaults, list types and CEL are not its
 * business.
 */
export function checkValue(
  schema: JsonSchema,
  value: Json,
  path: string,
  update?: Correlated,
): readonly ValueFinding[] {
  const seen = new Set<string>();
  return ratcheted(check(schema, value, path, update), update).findings.filter(({ path: at, message }) => {
    const key = `${at}: ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Passes what an update did not change. */
const ratcheted = (result: Result, update: Correlated | undefined): Result =>
  isPassed(result) || !isUnchanged(update) ? result : passed();

function check(schema: JsonSchema, value: Json, path: string, update?: Correlated): Result {
  if (value === null) return merge([checkNull(schema, path), checkEnum(schema, value, path)], 0);
  const results = checks.map((each) => each(schema, value, path, update)).filter((result) => result !== undefined);
  return merge(results, results.length + 1);
}

function goType(value: Json): { readonly type: string; readonly format: string } {
  if (typeof value === 'number') {
    return isInt64(value) ? { type: 'integer', format: 'int64' } : { type: 'number', format: 'float64' };
  }
  if (isList(value)) return { type: 'array', format: '' };
  return { type: value === null ? 'null' : typeof value, format: '' };
}

const wrongType = (path: string, expected: string, actual: string): Result =>
  invalid(path, actual, `must be of type ${expected}: ${JSON.stringify(actual)}`);

function checkNull(schema: JsonSchema, path: string): Result {
  const types = typesOf(schema);
  return types.length > 0 && schema.nullable !== true ? wrongType(path, types.join(','), 'null') : passed(1);
}

/** A string or a list under a format escapes the check of its type, as in kube-openapi. */
const checkType: Check = (schema, value, path) => {
  const types = typesOf(schema);
  const format = formatOf(schema);
  if (types.length === 0 && format === undefined) return undefined;
  const actual = goType(value);
  const fits = types.includes(actual.type) || (actual.type === 'integer' && types.includes('number'));
  const textual = actual.type === 'string' || actual.type === 'array';
  if (format !== undefined && textual && !types.includes('number') && !types.includes('integer')) return passed(1);
  if (format !== undefined && !textual)
    return fits || actual.format === format ? passed(1) : wrongType(path, format, actual.format);
  return fits ? passed(1) : wrongType(path, types.join(','), actual.type);
};

const checkJunctors: Check = (schema, value, path, update) => {
  const outcomes = (key: string) =>
    listAt(schema, key)
      .filter(isObject)
      .map((branch) => check(branch, value, path, update));
  const { not } = schema;
  const matchesNot = isObject(not) && isPassed(check(not, value, path, update));
  return merge(
    [
      ...anyOf(outcomes('anyOf'), path),
      ...oneOf(outcomes('oneOf'), path),
      ...allOf(outcomes('allOf'), path),
      ...(matchesNot ? [branchFailure(path, 'must not validate the schema (not)')] : []),
    ],
    1,
  );
};

const checkString: Check = ({ minLength, maxLength, pattern }, value, path) => {
  if (typeof value !== 'string') return undefined;
  const length = [...value].length;
  if (typeof maxLength === 'number' && length > maxLength) {
    return failed(path, `Too long: may not be more than ${maxLength} ${maxLength === 1 ? 'byte' : 'bytes'}`);
  }
  if (typeof minLength === 'number' && length < minLength)
    return invalid(path, value, `should be at least ${minLength} chars long`);
  const mismatch = typeof pattern === 'string' && pattern !== '' && matches(pattern, value) === false;
  return mismatch ? invalid(path, value, `should match '${pattern}'`) : passed();
};

const checkFormat: Check = (schema, value, path) => {
  const format = formatOf(schema);
  if (typeof value !== 'string' || format === undefined) return undefined;
  const fact = `must be of type ${format}: ${JSON.stringify(value)}`;
  return matchesFormat(format, value) ? passed() : invalid(path, value, fact);
};

const checkList: Check = ({ items, minItems, maxItems }, value, path, update) => {
  if (!isList(value)) return undefined;
  const results = isObject(items)
    ? value.map((each, index) => checkChild(items, each, `${path}[${index}]`, correlatedItem(update, index)))
    : [];
  if (typeof minItems === 'number' && value.length < minItems) {
    results.push(
      failed(path, `Invalid value: ${value.length}: ${path} in body should have at least ${minItems} items`),
    );
  }
  if (typeof maxItems === 'number' && value.length > maxItems)
    results.push(failed(path, tooMany(value.length, maxItems)));
  return merge(results, 1);
};

const tooMany = (count: number, max: number): string =>
  `Too many: ${count}: must have at most ${max} ${max === 1 ? 'item' : 'items'}`;

const checkEnum = ((schema, value, path) => {
  const allowed = listAt(schema, 'enum');
  if (allowed.length === 0 || allowed.some((each) => isMember(each, value))) return passed();
  const supported = allowed.map((each) => JSON.stringify(typeof each === 'string' ? each : goJson(each)));
  return failed(path, `Unsupported value: ${goValue(value)}: supported values: ${supported.join(', ')}`);
}) satisfies Check;

/** As the server compares: null is equal to nothing, and a fraction is cut before it is compared with an integer. */
function isMember(member: Json, value: Json): boolean {
  if (typeof value === 'number' && isInt64(member)) return Math.trunc(value) === member;
  return value !== null && sameJson(member, value);
}

const checkChild = (schema: JsonSchema, value: Json, path: string, update: Correlated | undefined): Result =>
  ratcheted(check(schema, value, path, update), update);

const checkObject: Check = (schema, value, path, update) => {
  if (!isObject(value)) return undefined;
  const properties = objectAt(schema, 'properties') ?? {};
  const results = [...checkSize(schema, value, path)];
  for (const [name, member] of Object.entries(value)) {
    const field = memberAt(properties, name) ?? memberAt(schema, 'additionalProperties');
    const at = path === '' ? name : `${path}.${name}`;
    if (isObject(field)) results.push(checkChild(field, member, at, correlatedMember(update, name)));
    else if (field === false)
      results.push(failed(path, `Invalid value: ${JSON.stringify(name)}: ${at} in body is a forbidden property`));
  }
  for (const name of stringsAt(schema, 'required')) {
    if (!Object.hasOwn(value, name)) results.push(failed(path === '' ? name : `${path}.${name}`, 'Required value'));
  }
  return merge(results, 0);
};

function checkSize({ minProperties, maxProperties }: JsonSchema, value: JsonObject, path: string): readonly Result[] {
  const count = Object.keys(value).length;
  const results: Result[] = [];
  if (typeof minProperties === 'number' && count < minProperties) {
    results.push(
      failed(path, `Invalid value: ${count}: ${path} in body should have at least ${minProperties} properties`),
    );
  }
  if (typeof maxProperties === 'number' && count > maxProperties)
    results.push(failed(path, tooMany(count, maxProperties)));
  return results;
}

const checks: readonly Check[] = [
  checkType,
  checkJunctors,
  checkString,
  checkFormat,
  checkNumber,
  checkList,
  checkEnum,
  checkObject,
];
