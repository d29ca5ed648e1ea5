import { goFloat } from '../../text/gotext.js';
import { unsigned } from '../arithmetic.js';
import { durationText, moment, parseDuration, parseTimestamp, second, timestampText } from '../time.js';
import type { Bytes, Cidr, Ip, Moment, Span, Uint, Value } from '../value.js';
import { conversionError, EvaluationError, int, typeName, typeValue, uint } from '../value.js';
import { cidrText, ipText } from './addresses.js';
import type { CelFunction } from './function.js';
import { global, overload } from './function.js';

/** The conversions between the types of CEL. */
export const conversions: readonly CelFunction[] = [
  global(
    '1.23',
    'int',
    overload<[bigint]>(['int'], ([value]) => value),
    overload<[Uint]>(['uint'], ([{ value }]) => int(value)),
    overload<[number]>(['double'], ([value]) => int(wholePart(value))),
    overload<[string]>(['string'], ([text]) => parseWhole(text, /^[+-]?\d+$/, 'int')),
    overload<[Moment]>(['timestamp'], ([{ nanos }]) => floor(nanos)),
    overload<[Span]>(['duration'], ([{ nanos }]) => nanos),
  ),
  global(
    '1.23',
    'uint',
    overload<[Uint]>(['uint'], ([value]) => value),
    overload<[bigint]>(['int'], ([value]) => unsigned(value)),
    overload<[number]>(['double'], ([value]) => unsigned(wholePart(value))),
    overload<[string]>(['string'], ([text]) => uint(parseWhole(text, /^\d+$/, 'uint'))),
  ),
  global(
    '1.23',
    'double',
    overload<[number]>(['double'], ([value]) => value),
    overload<[bigint]>(['int'], ([value]) => Number(value)),
    overload<[Uint]>(['uint'], ([{ value }]) => Number(value)),
    overload<[string]>(['string'], ([text]) => parseDouble(text)),
  ),
  global(
    '1.23',
    'string',
    overload<[string]>(['string'], ([value]) => value),
    overload<[bigint]>(['int'], ([value]) => String(value)),
    overload<[Uint]>(['uint'], ([{ value }]) => String(value)),
    overload<[number]>(['double'], ([value]) => doubleText(value)),
    overload<[boolean]>(['bool'], ([value]) => String(value)),
    overload<[Bytes]>(['bytes'], ([{ bytes }]) => decoded(bytes)),
    overload<[Moment]>(['timestamp'], ([value]) => timestampText(value)),
    overload<[Span]>(['duration'], ([value]) => durationText(value)),
    overload<[Ip]>(['ip'], ([value]) => ipText(value)),
    overload<[Cidr]>(['cidr'], ([value]) => cidrText(value)),
  ),
  global(
    '1.23',
    'bytes',
    overload<[Bytes]>(['bytes'], ([value]) => value),
    overload<[string]>(['string'], ([text]) => ({ kind: 'bytes', bytes: Uint8Array.from(Buffer.from(text, 'utf8')) })),
  ),
  global(
    '1.23',
    'bool',
    overload<[boolean]>(['bool'], ([value]) => value),
    overload<[string]>(['string'], ([text]) => parseBool(text)),
  ),
  global(
    '1.23',
    'timestamp',
    overload<[Moment]>(['timestamp'], ([value]) => value),
    overload<[string]>(['string'], ([text]) => parseTimestamp(text)),
    overload<[bigint]>(['int'], ([value]) => moment(value * second)),
  ),
  global(
    '1.23',
    'duration',
    overload<[Span]>(['duration'], ([value]) => value),
    overload<[string]>(['string'], ([text]) => parseDuration(text)),
    overload<[bigint]>(['int'], ([value]) => ({ kind: 'duration', nanos: value })),
  ),
  global(
    '1.23',
    'dyn',
    overload<[Value]>(['any'], ([value]) => value),
  ),
  global(
    '1.23',
    'type',
    overload<[Value]>(['any'], ([value]) => typeValue(typeName(value))),
  ),
];

const floor = (nanos: bigint): bigint => (nanos - (((nanos % second) + second) % second)) / second;

function wholePart(value: number): bigint {
  if (!Number.isFinite(value)) throw new EvaluationError('integer overflow');
  return BigInt(Math.trunc(value));
}

function parseWhole(text: string, grammar: RegExp, type: string): bigint {
  const value = grammar.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
  const least = type === 'int' ? -(2n ** 63n) : 0n;
  if (value === undefined || value < least || value >= least + 2n ** 64n) throw conversionError(type);
  return value;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function parseDouble(text: string): number {
  const special = /^([+-]?)(?:inf|infinity)$/i.exec(text);
  if (special) return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw conversionError('double');
  return value;
}

/** A double as `string()` gives it. */
export function doubleText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  if (Number.isFinite(value)) return goFloat(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

const trues = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const falses = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

function parseBool(text: string): boolean {
  if (trues.has(text)) return true;
  if (falses.has(text)) return false;
  throw conversionError('bool');
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EvaluationError('invalid UTF-8 in bytes, cannot convert to string');
  }
}
