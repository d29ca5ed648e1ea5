import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from '../../../src/runtime/cluster.js';
import { areas } from './index.js';
import { play, type Seen } from './play.js';
import type { Scenario } from './scenario.js';

/** What a real API server answered, by the claim of the scenario. */
export type Answers = Readonly<Record<string, readonly Seen[]>>;

const folder = join(import.meta.dirname, '../../../fixtures/conformance');

export const storedAnswers = (area: string): Answers =>
  JSON.parse(readFileSync(join(folder, `${area}.json`), 'utf8')) as Answers;

export function storeAnswers(area: string, answers: Answers): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${area}.json`), `${JSON.stringify(answers, undefined, 1)}\n`);
}

/** Plays scenarios of an area, default all, a few at once. */
export async function answersOf(
  cluster: Cluster,
  area: string,
  scenarios: readonly Scenario[] = areas[area] ?? [],
): Promise<Answers> {
  const waiting = scenarios.map((scenario, index) => ({ scenario, namespace: `${area}-${index}` }));
  const all: [string, readonly Seen[]][] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      all.push([next.scenario.claim, await play(cluster, next.scenario, next)]);
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return Object.fromEntries(all.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The answers to a scenario without what is known to differ. */
export const comparable = ({ differs }: Scenario, seen: readonly Seen[]): readonly unknown[] =>
  seen.map((each, index) => {
    if (!differs?.steps.includes(index)) return sorted(each);
    return { request: each.request, status: each.status, differs: differs.why };
  });

const sorted = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
