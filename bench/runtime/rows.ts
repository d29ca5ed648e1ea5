import { median } from '../median.js';
import type { Programs } from './operators.js';

/** A line of the table: what was measured of the one and of the other. */
export interface Row {
  readonly label: string;
  readonly unit: string;
  readonly opgen: number;
  /** What it is compared with: the twin, or an operator that imports client-node. */
  readonly peer?: number;
  readonly budget?: Budget;
}

export interface Budget {
  readonly limit: number;
  readonly atLeast?: true;
  /** What the limit is about: the value itself, or its ratio to that of the peer. */
  readonly of: 'value' | 'ratio';
}

/** As good as the peer, but for a tenth of noise. */
export const parity: Budget = { limit: 1.1, of: 'ratio' };

/** What every scenario needs. */
export interface Setting {
  readonly programs: Programs;
  /** For files; it is removed at the end. */
  readonly folder: string;
  /** Rounds of each scenario, in which the programs take turns. */
  readonly rounds: number;
}

export type Scenario = (setting: Setting) => Promise<readonly Row[]>;

export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** The figures of both programs, each the median of its rounds: opgen, twin, opgen, twin, … */
export async function inTurn<Figure extends string>(
  { programs, rounds }: Setting,
  measure: (program: Programs['opgen']) => Promise<Readonly<Record<Figure, number>>>,
): Promise<Readonly<Record<Figure, { opgen: number; peer: number }>>> {
  const opgen: Record<Figure, number>[] = [];
  const go: Record<Figure, number>[] = [];
  for (let round = 0; round < rounds; round++) {
    opgen.push(await measure(programs.opgen));
    go.push(await measure(programs.go));
  }
  const figures = Object.keys(opgen[0]!) as Figure[];
  const middle = (figure: Figure) => ({
    opgen: median(opgen.map((each) => each[figure])),
    peer: median(go.map((each) => each[figure])),
  });
  return Object.fromEntries(figures.map((figure) => [figure, middle(figure)])) as never;
}
