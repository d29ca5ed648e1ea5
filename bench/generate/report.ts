import { markdownTable } from '../table.js';
import type { Budget, Row } from './budgets.js';

/** A table in Markdown. */
export const toTable = (rows: readonly Row[]): string =>
  markdownTable(['case', 'kinds', 'ms', 'ratio', 'budget', 'mark'], rows.map(toCells));

const toCells = ({ label, kinds, milliseconds, value, unit, budget }: Row): readonly string[] => [
  label,
  kinds === 0 ? '' : String(kinds),
  milliseconds === undefined ? '' : milliseconds.toFixed(0),
  value === undefined ? 'not measured' : `${value.toFixed(unit === 'MB' ? 0 : 1)} ${unit}`,
  budget ? `${budget.atLeast ? '≥' : '≤'} ${budget.limit}` : '',
  budget && value !== undefined ? mark(value, budget) : '',
];

function mark(value: number, { limit, atLeast, binds }: Budget): string {
  const kept = atLeast ? value >= limit : value <= limit;
  if (!binds) return kept ? 'pass' : 'FAIL';
  return `${kept ? 'pass' : 'not yet'} (binds with the syntactic front end)`;
}

/** How a table was measured. */
export interface Circumstances {
  /** Counted runs of the fast cases, and of those with 100 kinds that read sources. */
  readonly rounds: number;
  readonly slowRounds: number;
  /** Lines and bytes of the source of one kind. */
  readonly lines: number;
  readonly bytes: number;
  /** Why controller-gen was not measured. */
  readonly skipped?: string;
}

/** The section of docs/benchmarks.md. */
export function toDocument(rows: readonly Row[], { rounds, slowRounds, lines, bytes, skipped }: Circumstances): string {
  return `Made by \`npm run bench -- --write\` with Node.js ${process.versions.node} on ${process.platform} ${process.arch}. It makes projects with 1, 10 and 100 kinds in
a temporary folder and measures wall times of whole processes: medians of ${rounds} runs, ${slowRounds} for the runs with 100 kinds that read sources,
all cases in turn (A B C A B C …), \`NODE_EXTRA_CA_CERTS\` unset. Milliseconds differ between machines and days; ratios within one table
say more.

A kind has ${lines} lines (${(bytes / 1000).toFixed(1)} KB) of TypeScript: 16 properties in its spec, nested interfaces, unions, maps, lists, types from another file through
a re-export, \`ResourceRequirements\` and \`EnvVar\` of \`opgen/k8s\` in every kind and \`PodTemplateSpec\` in every second one, and up to
four markers on each property.

- **unchanged**: \`opgen generate\` when no file has changed; with \`--check\`, every content is compared.
- **one kind changed**: the limit of one property has another value, so one CRD changes.
- **clean**: outputs and cache have been removed.
- **x node**: times \`node empty.mjs\`, the time that no program for Node.js can go below.
- **controller-gen** v0.23 makes the CRDs, and only these, of the same kinds in Go; opgen makes roles, samples and code too.

${toTable(rows)}${skipped ? `\ncontroller-gen was not measured: ${skipped}.\n` : ''}`;
}
