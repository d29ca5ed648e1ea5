import { median } from '../median.js';
import type { Times } from './measure.js';
import { caseName } from './projects.js';

/** A line of the table. `value` is missing where something could not be measured. */
export interface Row {
  readonly label: string;
  readonly kinds: number;
  readonly milliseconds?: number;
  readonly value?: number;
  /** `x node`: times the start of Node.js. */
  readonly unit: 'x node' | 'x faster' | 'MB';
  readonly budget?: Budget;
}

/** The most that is allowed, or the least if `atLeast`. */
export interface Budget {
  readonly limit: number;
  readonly atLeast?: true;
  /** Absent: it binds now. */
  readonly binds?: 'later';
}

export const sizes = [1, 10, 100] as const;

const unchanged: Budget = { limit: 1.6 };
const compiler: Budget = { limit: Number(process.versions.node.split('.')[0]) >= 22 ? 10 : 15 };
const changed: Budget = { limit: 2.5, binds: 'later' };
const clean: Partial<Record<number, Budget>> = { 10: { limit: 3, binds: 'later' }, 100: { limit: 8, binds: 'later' } };
const tenTimes: Budget = { limit: 10, atLeast: true, binds: 'later' };
const fifteenTimes: Budget = { limit: 15, atLeast: true, binds: 'later' };
const memory: Budget = { limit: 100, binds: 'later' };

/** Times against the start of Node.js and against controller-gen, and memory in MB, each with its budget. */
export function toRows(times: Times, megabytes: number): readonly Row[] {
  const ms = (name: string) => (times.get(name)?.length ? median(times.get(name)!) : undefined);
  const node = ms(caseName.node)!;
  const against = (label: string, kinds: number, name: string, budget?: Budget): Row => {
    const milliseconds = ms(name)!;
    return { label, kinds, milliseconds, value: milliseconds / node, unit: 'x node', ...(budget ? { budget } : {}) };
  };
  const faster = (label: string, kinds: number, name: string, budget?: Budget): Row => {
    const other = ms(caseName.controllerGen(kinds));
    const value = other === undefined ? {} : { value: other / ms(name)! };
    return { label, kinds, ...value, unit: 'x faster', ...(budget ? { budget } : {}) };
  };
  const each = (row: (kinds: number) => Row): readonly Row[] => sizes.map(row);
  return [
    against('`node empty.mjs`', 0, caseName.node),
    ...each((kinds) => against('unchanged', kinds, caseName.unchanged(kinds), unchanged)),
    ...each((kinds) => against('unchanged, `--check`', kinds, caseName.check(kinds))),
    ...each((kinds) => against('one kind changed', kinds, caseName.changed(kinds), compiler)),
    ...each((kinds) => against('one kind changed', kinds, caseName.changed(kinds), changed)),
    ...each((kinds) => against('clean', kinds, caseName.clean(kinds), clean[kinds])),
    { label: 'peak memory, clean', kinds: 100, value: megabytes, unit: 'MB', budget: memory },
    ...each((kinds) => faster('controller-gen / unchanged', kinds, caseName.unchanged(kinds), tenTimes)),
    ...each((kinds) => faster('controller-gen / one kind changed', kinds, caseName.changed(kinds), tenTimes)),
    ...each((kinds) =>
      faster('controller-gen / clean', kinds, caseName.clean(kinds), kinds === 100 ? fifteenTimes : undefined),
    ),
    ...each((kinds) => ({ label: 'controller-gen', kinds, ...controllerGen(ms(caseName.controllerGen(kinds)), node) })),
  ];
}

const controllerGen = (milliseconds: number | undefined, node: number): Omit<Row, 'label' | 'kinds'> =>
  milliseconds === undefined ? { unit: 'x node' } : { milliseconds, value: milliseconds / node, unit: 'x node' };
