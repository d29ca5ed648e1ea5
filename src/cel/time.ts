import type { Bytes, Moment, Span } from './value.js';
import { conversionError, EvaluationError } from './value.js';

export const second = 1_000_000_000n;
const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: second,
  m: 60n * second,
  h: 3600n * second,
  d: 86_400n * second,
  w: 604_800n * second,
};

const firstSecond = -62_135_596_800n;
const lastSecond = 253_402_300_799n;

/** A timestamp, unless it is outside of the years 1 to 9999. */
export function moment(nanos: bigint): Moment {
  if (nanos < firstSecond * second || nanos >= (lastSecond + 1n) * second)
    throw new EvaluationError('timestamp overflow');
  return { kind: 'timestamp', nanos };
}

/** A duration, unless it is beyond 64 bits of nanoseconds. */
export function span(nanos: bigint): Span {
  if (nanos >= 2n ** 63n || nanos < -(2n ** 63n)) throw new EvaluationError('integer overflow');
  return { kind: 'duration', nanos };
}

/** `-1h30m`, `1.5s`, `0`: the grammar of Go. */
export function parseDuration(text: string): Span {
  const nanos = goDuration(text);
  if (nanos === undefined) throw conversionError('google.protobuf.Duration');
  return span(nanos);
}

function goDuration(text: string): bigint | undefined {
  const body = text.replace(/^[+-]/, '');
  if (body === '0') return 0n;
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(body)) return undefined;
  let total = 0n;
  for (const [, whole, fraction = '', unit] of body.matchAll(/(\d*)(?:\.(\d*))?([a-zµμ]+)/g)) {
    const factor = units[unit!]!;
    total += BigInt(whole || '0') * factor + (BigInt(fraction || '0') * factor) / 10n ** BigInt(fraction.length);
  }
  return text.startsWith('-') ? -total : total;
}

const names: Readonly<Record<string, string>> = {
  nano: 'ns',
  micro: 'us',
  milli: 'ms',
  sec: 's',
  min: 'm',
  hr: 'h',
  hour: 'h',
  day: 'd',
  wk: 'w',
  week: 'w',
};
const openNames = ['nano', 'micro', 'milli', 'sec', 'min', 'hour', 'day', 'week'];

/** The format `duration` of schemas, which takes words as well: `2 days 3 hours`. */
export function parseFormatDuration(text: string): Span {
  const nanos = goDuration(text) ?? wordyDuration(text);
  if (nanos === undefined) throw new EvaluationError(`Invalid duration ${text}: unable to parse ${text} as duration`);
  return span(nanos);
}

function wordyDuration(text: string): bigint | undefined {
  const parts = [...text.matchAll(/(\d+)\s*([A-Za-zµ]+)/g)].flatMap(([, count, word]) => {
    const unit = unitOf(word!.toLowerCase());
    return unit === undefined ? [] : [BigInt(count!) * unit];
  });
  return parts.length === 0 ? undefined : parts.reduce((sum, each) => sum + each, 0n);
}

function unitOf(word: string): bigint | undefined {
  if (Object.hasOwn(units, word)) return units[word];
  if (Object.hasOwn(names, word)) return units[names[word]!];
  const open = openNames.find((name) => word.startsWith(name));
  return open === undefined ? undefined : units[names[open]!];
}

/** `2006-01-02`, at midnight UTC. */
export function parseDate(text: string): Moment {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const days = match && daysOf(Number(match[1]), Number(match[2]), Number(match[3]));
  if (days === undefined || days === null) throw new EvaluationError(`Invalid date formatted string ${text}`);
  return { kind: 'timestamp', nanos: BigInt(days) * 86_400n * second };
}

/** Days since 1970; absent for a day that no calendar has. */
function daysOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  const exists = month >= 1 && month <= 12 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? Math.round(date.getTime() / 86_400_000) : undefined;
}

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** A time of RFC 3339. */
export function parseTimestamp(text: string): Moment {
  const nanos = timestampNanos(text);
  if (nanos === undefined) throw conversionError('google.protobuf.Timestamp');
  return moment(nanos);
}

/** The format `date-time` of schemas. */
export function parseDateTime(text: string): Moment {
  const nanos = timestampNanos(text) ?? timestampNanos(`${text}Z`);
  if (nanos === undefined) throw new EvaluationError(`Invalid date-time formatted string ${text}`);
  return { kind: 'timestamp', nanos };
}

function timestampNanos(text: string): bigint | undefined {
  const match = rfc3339.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, seconds] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const days = daysOf(year, month, day);
  const [offsetHours, offsetMinutes] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  const isTime = hour < 24 && minute < 60 && seconds < 60 && offsetHours < 25 && offsetMinutes < 60;
  if (days === undefined || !isTime) return undefined;
  const offset = (match[8] === '-' ? -60 : 60) * (offsetHours * 60 + offsetMinutes);
  const whole = days * 86_400 + hour * 3600 + minute * 60 + seconds - offset;
  return BigInt(whole) * second + BigInt((match[7] ?? '').padEnd(9, '0').slice(0, 9));
}

/** As RFC 3339, in UTC, without zeros at the end of the fraction. */
export function timestampText({ nanos }: Moment): string {
  const fraction = ((nanos % second) + second) % second;
  const date = new Date(Number((nanos - fraction) / 1_000_000n));
  const digits = String(fraction).padStart(9, '0').replace(/0+$/, '');
  const whole = date.toISOString().slice(0, 19);
  return `${whole}${digits && `.${digits}`}Z`;
}

/** In seconds: `5400s`. */
export function durationText({ nanos }: Span): string {
  const absolute = nanos < 0n ? -nanos : nanos;
  const digits = String(absolute % second)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${nanos < 0n ? '-' : ''}${absolute / second}${digits && `.${digits}`}s`;
}

/** The format `byte` of schemas: rules read base64 in its alphabet for URLs. */
export function parseBase64(text: string): Bytes {
  const plain = text.replace(/[\r\n]/g, '');
  if (!/^(?:[\w-]{4})*(?:[\w-]{2}==|[\w-]{3}=)?$/.test(plain)) {
    throw new EvaluationError(`Invalid byte formatted string ${text}: illegal base64 data`);
  }
  return { kind: 'bytes', bytes: Uint8Array.from(Buffer.from(plain, 'base64url')) };
}
