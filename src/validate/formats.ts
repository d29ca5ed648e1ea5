import type { JsonSchema } from '../crd/crd.js';
import { stringAt } from './json.js';

const numeric: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

/** The formats of strings that opgen checks; the API server knows more, and ignores those that it does not know. */
const textual: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': isDateTime,
  datetime: isDateTime,
  date: isDate,
  byte: isBase64,
};

/** The format of a node if it means something for the type of the node and opgen checks it. */
export function formatOf(schema: JsonSchema): string | undefined {
  const format = stringAt(schema, 'format');
  if (!format) return undefined;
  const type = schema['x-kubernetes-int-or-string'] === true ? '' : (stringAt(schema, 'type') ?? '');
  if (type === '' || type === 'string') return Object.hasOwn(textual, format) ? format : undefined;
  return Object.hasOwn(numeric, type) && numeric[type]!.includes(format) ? format : undefined;
}

/** True for the formats of numbers, whose range is checked with the bounds. */
export function matchesFormat(format: string, text: string): boolean {
  return Object.hasOwn(textual, format) ? textual[format]!(text) : true;
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return month >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** A date, `T` and a time with a zone; as the server, with any character before the fraction. */
function isDateTime(text: string): boolean {
  const match = /^([^t]*)t(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/.exec(text.toLowerCase());
  if (!match) return false;
  const [hour, minute, second] = match.slice(2).map(Number) as [number, number, number];
  return isDate(match[1]!) && hour <= 23 && minute <= 59 && second <= 59;
}

/** The standard alphabet with padding. */
function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/.test(text);
}
