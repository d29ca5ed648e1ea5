import { second } from '../time.js';
import type { Moment, Span } from '../value.js';
import { NotEvaluated } from '../value.js';
import type { CelFunction, Overload } from './function.js';
import { member, overload } from './function.js';

/** A field of a timestamp, in UTC or in the zone of the second argument. */
const fields = (read: (date: Date) => number): readonly Overload[] => [
  overload<[Moment]>(['timestamp'], ([value]) => BigInt(read(dateOf(value, 'UTC')))),
  overload<[Moment, string]>(['timestamp', 'string'], ([value, zone]) => BigInt(read(dateOf(value, zone)))),
];

const field = (name: string, read: (date: Date) => number): CelFunction => member('1.23', name, ...fields(read));

/** A field of a timestamp; of a duration, the whole of it in that unit. */
const unit = (name: string, read: (date: Date) => number, nanos: bigint): CelFunction =>
  member(
    '1.23',
    name,
    ...fields(read),
    overload<[Span]>(['duration'], ([value]) => value.nanos / nanos),
  );

const millisecond = second / 1000n;

function dateOf({ nanos }: Moment, zone: string): Date {
  const whole = nanos - (((nanos % millisecond) + millisecond) % millisecond);
  return new Date(Number(whole / millisecond) + offsetOf(zone) * 60_000);
}

/** Minutes from UTC; the rules of named zones are not known here. */
function offsetOf(zone: string): number {
  if (zone === 'UTC' || zone === '') return 0;
  const match = /^([+-]?)(\d{2}):(\d{2})$/.exec(zone);
  if (!match) throw new NotEvaluated(`the time zone \`${zone}\` is not known`);
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

const dayOfYear = (date: Date): number => Math.floor((date.getTime() - new Date(date).setUTCMonth(0, 1)) / 86_400_000);

/** The parts of timestamps and durations. */
export const clocks: readonly CelFunction[] = [
  field('getFullYear', (date) => date.getUTCFullYear()),
  field('getMonth', (date) => date.getUTCMonth()),
  field('getDate', (date) => date.getUTCDate()),
  field('getDayOfMonth', (date) => date.getUTCDate() - 1),
  field('getDayOfWeek', (date) => date.getUTCDay()),
  field('getDayOfYear', dayOfYear),
  unit('getHours', (date) => date.getUTCHours(), 3600n * second),
  unit('getMinutes', (date) => date.getUTCMinutes(), 60n * second),
  unit('getSeconds', (date) => date.getUTCSeconds(), second),
  unit('getMilliseconds', (date) => date.getUTCMilliseconds(), millisecond),
];
