import type { JsonSchema } from '../crd/crd.js';
import type { Json } from '../ir/schema.js';
import { formatOf } from '../text/formats.js';
import { goFloat, goNumber, isInt64 } from '../text/gotext.js';
import type { Check, Result } from './result.js';
import { failed, invalid, isPassed, merge, passed, typesOf } from './result.js';

/** Range, bounds and factor of a number, as kube-openapi has them. */
export const checkNumber: Check = (schema, value, path) => {
  if (typeof value !== 'number') return undefined;
  return merge(
    [
      checkRange(schema, value, 'Checked', path),
      ...checkBounds(schema, value, path),
      checkMultiple(schema, value, path),
    ],
    1,
  );
};

const floatMax = 3.4028234663852886e38;

/** The range of the format; an integer of any other format is an int64. A bound outside of it fails every value. */
function checkRange(schema: JsonSchema, value: number, subject: string, path: string): Result {
  const type = typesOf(schema).length === 1 ? typesOf(schema)[0] : undefined;
  const format = formatOf(schema);
  const whole =
    isInt64(value) && (format === 'int32' ? value >= -(2 ** 31) && value < 2 ** 31 : Math.abs(value) < 2 ** 63);
  if (type === 'integer' ? whole : type !== 'number' || format !== 'float' || Math.abs(value) <= floatMax)
    return passed();
  const kind = format === undefined ? '(default format)' : `with format ${format}`;
  return failed(path, `Invalid value: "": ${subject} value must be of type ${type} ${kind} in ${path}`);
}

function checkBounds(schema: JsonSchema, value: number, path: string): readonly Result[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  return [
    ...checkBound(schema, value, maximum, path, {
      subject: 'Maximum boundary',
      fails: (limit) => value > limit || (exclusiveMaximum === true && value === limit),
      fact: `should be less than ${exclusiveMaximum === true ? '' : 'or equal to '}`,
    }),
    ...checkBound(schema, value, minimum, path, {
      subject: 'Minimum boundary',
      fails: (limit) => value < limit || (exclusiveMinimum === true && value === limit),
      fact: `should be greater than ${exclusiveMinimum === true ? '' : 'or equal to '}`,
    }),
  ];
}

interface Bound {
  readonly subject: string;
  readonly fails: (limit: number) => boolean;
  readonly fact: string;
}

/** A bound within the range of the type is cut to an integer when the value is one; otherwise both count as floats. */
function checkBound(
  schema: JsonSchema,
  value: number,
  bound: Json | undefined,
  path: string,
  { subject, fails, fact }: Bound,
): readonly Result[] {
  if (typeof bound !== 'number') return [];
  const range = checkRange(schema, bound, subject, path);
  const asInteger = isInt64(value) && isPassed(range);
  const limit = asInteger ? Math.trunc(bound) : bound;
  const text = asInteger ? goNumber : goFloat;
  if (!fails(limit)) return [range];
  return [range, failed(path, `Invalid value: ${text(value)}: ${path} in body ${fact}${text(limit)}`)];
}

function checkMultiple(schema: JsonSchema, value: number, path: string): Result {
  const { multipleOf } = schema;
  if (typeof multipleOf !== 'number') return passed();
  const range = checkRange(schema, multipleOf, 'MultipleOf', path);
  const factor = isInt64(value) && isPassed(range) ? Math.trunc(multipleOf) : multipleOf;
  if (factor <= 0) {
    return merge(
      [
        range,
        failed(
          path,
          `Invalid value: ${goNumber(factor)}: factor MultipleOf declared for ${path} must be positive: ${goNumber(factor)}`,
        ),
      ],
      0,
    );
  }
  const quotient = factor < 1 ? (1 / factor) * value : value / factor;
  const isMultiple = isInt64(value) && isPassed(range) ? value % factor === 0 : isNearInteger(quotient);
  return isMultiple ? range : merge([range, invalid(path, value, `should be a multiple of ${goFloat(factor)}`)], 0);
}

/** Whole but for a relative error of 1e-9 above, and exact in a float, as go-openapi has it. */
function isNearInteger(value: number): boolean {
  const whole = Math.trunc(value);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  return value === whole || Math.abs(value - whole) / (Math.abs(value) + Math.abs(whole)) < 1e-9;
}
