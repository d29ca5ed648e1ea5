import type { Json } from '../ir/schema.js';
import { canonicalJson } from '../json.js';

/** A number as Go prints it after decoding JSON: integers up to 64 bits in full, others as floats. */
export function goNumber(value: number): string {
  return isInt64(value) ? BigInt(value).toString() : goFloat(value);
}

/** Whether Go holds the number as an integer after decoding JSON. */
export function isInt64(value: Json | undefined): value is number {
  return Number.isInteger(value) && Math.abs(value as number) < 2 ** 63;
}

/** A 64-bit float under the verb %v of Go: with an exponent below 1e-4 and from 1e6. */
export function goFloat(value: number): string {
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** A value in an error of the API server: strings quoted, compound values as JSON. */
export function goValue(value: Json): string {
  if (typeof value === 'number') return goNumber(value);
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  return goJson(value);
}

/** JSON as Go writes it: with sorted keys and escaped for HTML. */
export function goJson(value: Json): string {
  return canonicalJson(value).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}
