import { markdownTable } from '../table.js';
import type { Budget, Row } from './rows.js';

/** A table in Markdown. */
export const toTable = (rows: readonly Row[]): string =>
  markdownTable(['', 'opgen', 'peer', 'ratio', 'budget', 'mark'], rows.map(toCells));

function toCells({ label, unit, opgen, peer, budget }: Row): readonly string[] {
  const ratio = peer === undefined ? undefined : opgen / peer;
  const value = budget?.of === 'ratio' ? ratio : opgen;
  return [
    label,
    toText(opgen, unit),
    peer === undefined ? '' : toText(peer, unit),
    ratio === undefined || !Number.isFinite(ratio) ? '' : ratio.toFixed(2),
    budget ? `${budget.atLeast ? '≥' : '≤'} ${budget.limit}${budget.of === 'ratio' ? ' x' : ` ${unit}`}`.trim() : '',
    budget && value !== undefined ? (isKept(value, budget) ? 'pass' : 'FAIL') : '',
  ];
}

const isKept = (value: number, { limit, atLeast }: Budget): boolean => (atLeast ? value >= limit : value <= limit);

const toText = (value: number, unit: string): string =>
  `${value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(value < 10 ? 2 : 1)} ${unit}`.trim();

/** The section of docs/benchmarks.md. */
export function toDocument(twin: readonly Row[], clientNode: readonly Row[], rounds: number): string {
  return `Made by \`npm run bench:runtime -- --write\` with Node.js ${process.versions.node} on ${process.platform} ${process.arch}; it needs Go and \`KUBEBUILDER_ASSETS\`. An operator on
\`opgen/runtime\`, bundled as a project bundles it, and the same one on controller-runtime v0.25 (\`bench/runtime/twin\`), each alone on one core; API
server, load and measuring are on the other. They take turns, ${rounds} times; each figure is the median. Ratios are opgen / peer;
a tenth more than the peer counts as parity.

- **events taken**: a server replays updates of 10,000 objects of 2 KB over TLS; a predicate drops them. Both strip managed fields.
- **event to reconcile**: the same server, 500 updates a second, 10 workers, a reconcile that does nothing.
- **update to reconcile**: kube-apiserver, 50 updates a second by somebody else; each reconcile keeps a Deployment and patches the status.
- **conflict storm**: eight writers change 10 objects as fast as they can for 10 s, while the operator updates the status of what its cache holds.
- **cold start**: from the start of the process; kube-apiserver has 10,000 objects.

${toTable(twin)}
An operator that is not bundled, against one that imports \`@kubernetes/client-node\` 1.4 (the newest for Node.js 20) for an informer:

${toTable(clientNode)}`;
}

/** The section about the soak. */
export const toSoak = (rows: readonly Row[], minutes: number): string =>
  `Made by \`npm run bench:runtime -- --only=soak --write\` with Node.js ${process.versions.node}: ${minutes} minutes on kube-apiserver with 50 updates a second, each of
which makes a reconcile that patches the status, and 50 of 500 objects replaced every 15 s. Growth is the median of the last third of the time against
that of the first; the first two minutes do not count.

${toTable(rows)}`;
