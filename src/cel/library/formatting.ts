import { durationText, timestampText } from '../time.js';
import type { Value } from '../value.js';
import { EvaluationError, kindOf, NotEvaluated, typeName, wholeOf } from '../value.js';
import { doubleText } from './conversions.js';

/** The text with its clauses (`%s`, `%d`, `%.2f`, `%x` …) filled in. */
export function formatText(text: string, args: readonly Value[]): string {
  let next = 0;
  return text.replace(
    /%(?:%|(?:\.(\d+))?([\s\S]?))/gu,
    (clause, precision: string | undefined, verb: string | undefined) => {
      if (clause === '%%') return '%';
      if (next >= args.length) throw new EvaluationError(`index ${next} out of range`);
      const write = Object.hasOwn(verbs, verb ?? '') ? verbs[verb!]! : undefined;
      if (!write) throw new EvaluationError(`unrecognized formatting clause "${verb ?? ''}"`);
      return write(args[next++]!, precision === undefined ? 6 : Number(precision));
    },
  );
}

function refuse(verb: string, value: Value): never {
  throw new EvaluationError(`no such overload: %${verb} of ${typeName(value)}`);
}

const inBase = (verb: string, base: number) => (value: Value) => {
  const whole = typeof value === 'number' ? undefined : wholeOf(value);
  return whole === undefined ? refuse(verb, value) : whole.toString(base);
};

const verbs: Readonly<Record<string, (value: Value, precision: number) => string>> = {
  s: textOf,
  d: decimal,
  f: fixed,
  e() {
    throw new NotEvaluated('the clause `%e` is not known');
  },
  b: (value) => (typeof value === 'boolean' ? String(Number(value)) : inBase('b', 2)(value)),
  o: inBase('o', 8),
  x: hexadecimal,
  X: (value) => hexadecimal(value).toUpperCase(),
};

function hexadecimal(value: Value): string {
  if (typeof value === 'string') return Buffer.from(value, 'utf8').toString('hex');
  if (typeof value === 'object' && value?.kind === 'bytes') return Buffer.from(value.bytes).toString('hex');
  return inBase('x', 16)(value);
}

function decimal(value: Value): string {
  const whole = typeof value === 'number' ? undefined : wholeOf(value);
  if (whole !== undefined) return String(whole);
  return typeof value === 'number' && !Number.isFinite(value) ? special(value) : refuse('d', value);
}

const special = (value: number): string => (Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞');

/** With commas between thousands, as the locale of the server has them. */
function fixed(value: Value, precision: number): string {
  if (typeof value !== 'number') return refuse('f', value);
  if (!Number.isFinite(value)) return special(value);
  if (Math.abs(value) >= 1e21 || precision > 100) throw new NotEvaluated('a number of that size is not formatted');
  const [whole, fraction] = rounded(value, precision).split('.') as [string, string?];
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** As `toFixed`, but of two neighbours that are equally near the even one. */
function rounded(value: number, precision: number): string {
  const text = value.toFixed(precision);
  const isTie =
    precision < 50 && /^.*5$/.test(value.toFixed(precision + 1)) && Number(value.toFixed(precision + 1)) === value;
  if (!isTie || /[02468]$/.test(text)) return text;
  const digits = BigInt(text.replace('.', '')) - (value < 0 ? -1n : 1n);
  const sign = digits < 0n ? '-' : '';
  const padded = String(digits < 0n ? -digits : digits).padStart(precision + 1, '0');
  return precision === 0 ? `${sign}${padded}` : `${sign}${padded.slice(0, -precision)}.${padded.slice(-precision)}`;
}

function textOf(value: Value): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return doubleText(value);
    case 'object':
      break;
    default:
      return String(value);
  }
  switch (value.kind) {
    case 'uint':
      return String(value.value);
    case 'timestamp':
      return timestampText(value);
    case 'duration':
      return durationText(value);
    case 'bytes':
      return Buffer.from(value.bytes).toString('utf8');
    case 'type':
      return value.name;
    case 'list':
      return `[${value.items.map(memberText).join(', ')}]`;
    case 'map':
      return `{${[...value.entries.values()]
        .map((pair) => pair.map(memberText).join(':'))
        .sort()
        .join(', ')}}`;
    default:
      return kindOf(value) === 'object' ? notFormatted() : refuse('s', value);
  }
}

function notFormatted(): never {
  throw new NotEvaluated('an object is not formatted');
}

/** Inside of lists and maps, strings have quotes and times their constructors. */
function memberText(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'object' && value !== null) {
    if (value.kind === 'timestamp') return `timestamp(${JSON.stringify(timestampText(value))})`;
    if (value.kind === 'duration') return `duration(${JSON.stringify(durationText(value))})`;
  }
  return typeof value === 'number' && Number.isFinite(value) ? rounded(value, 6) : textOf(value);
}
