import type { JsonSchema } from '../../crd/crd.js';
import { matches } from '../../text/pattern/match.js';
import { matchingText } from './pattern.js';

/** A text for each format that the API server checks; addresses and names are those reserved for documentation. */
const byFormat: Readonly<Record<string, string>> = {
  bsonobjectid: '507f1f77bcf86cd799439011',
  byte: 'ZXhhbXBsZQ==',
  cidr: '192.0.2.0/24',
  creditcard: '4111111111111111',
  date: '2030-01-02',
  'date-time': '2030-01-02T03:04:05Z',
  datetime: '2030-01-02T03:04:05Z',
  duration: '1h',
  email: 'someone@example.com',
  hexcolor: '#1a2b3c',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  isbn: '9780306406157',
  isbn10: '0306406152',
  isbn13: '9780306406157',
  'k8s-long-name': 'example.com',
  'k8s-short-name': 'example',
  mac: '00:00:5e:00:53:01',
  rgbcolor: 'rgb(26,43,60)',
  ssn: '000-00-0000',
  uri: 'https://example.com',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  uuid3: '123e4567-e89b-32d3-a456-426614174000',
  uuid4: '123e4567-e89b-42d3-a456-426614174000',
  uuid5: '123e4567-e89b-52d3-a456-426614174000',
};

/**
 * A text that satisfies format, pattern and length, or undefined. Texts for different `nth` differ, as far as the schema leaves
 * room; callers that need distinct ones compare them.
 */
export function sampleText(schema: JsonSchema, nth: number): string | undefined {
  const min = asNumber(schema.minLength) ?? 0;
  const max = asNumber(schema.maxLength) ?? Number.POSITIVE_INFINITY;
  const pattern = typeof schema.pattern === 'string' ? schema.pattern : undefined;
  const formatted = Object.hasOwn(byFormat, String(schema.format)) ? byFormat[String(schema.format)] : undefined;
  const text = formatted ?? fitted(plain(nth), min, max);
  const fits = text.length >= min && text.length <= max && (pattern === undefined || matches(pattern, text) === true);
  if (fits) return text;
  return formatted === undefined && pattern !== undefined ? matchingText(pattern, min + nth, max) : undefined;
}

/** `example`, `example-2`, … */
export const plain = (nth: number): string => (nth === 0 ? 'example' : `example-${nth + 1}`);

function fitted(text: string, min: number, max: number): string {
  if (text.length > max) return text.slice(text.length - max);
  return min <= 4096 ? text.padEnd(min, 'x') : text;
}

/** A number within the bounds, 1 where that is one of them, or undefined. Different for different `nth` where the bounds leave room. */
export function sampleNumber(schema: JsonSchema, nth: number): number | undefined {
  const low = asNumber(schema.minimum) ?? Number.NEGATIVE_INFINITY;
  const high = asNumber(schema.maximum) ?? Number.POSITIVE_INFINITY;
  const step = asNumber(schema.multipleOf) ?? 1;
  const first = Math.ceil(low / step) * step;
  const last = Math.floor(high / step) * step;
  const candidates = [1, first, first + step, last, last - step, step, 0, low, high, (low + high) / 2];
  const start = candidates.find((value) => accepts(schema, value));
  if (start === undefined) return undefined;
  const value = [start + nth * step, start - nth * step].find((each) => accepts(schema, each));
  return value === 0 ? 0 : value; // never -0
}

/** As the API server reads it: for a whole value it cuts the limits to whole numbers. */
function accepts(schema: JsonSchema, value: number): boolean {
  const limit = (bound: number): number => (Number.isInteger(value) ? Math.trunc(bound) : bound);
  const low = limit(asNumber(schema.minimum) ?? Number.NEGATIVE_INFINITY);
  const high = limit(asNumber(schema.maximum) ?? Number.POSITIVE_INFINITY);
  const multipleOf = asNumber(schema.multipleOf);
  return (
    Number.isFinite(value) &&
    (schema.type !== 'integer' || Number.isSafeInteger(value)) &&
    (schema.exclusiveMinimum === true ? value > low : value >= low) &&
    (schema.exclusiveMaximum === true ? value < high : value <= high) &&
    (multipleOf === undefined || Number.isInteger(value / multipleOf))
  );
}

/** A number of the schema, or undefined. */
export const asNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
