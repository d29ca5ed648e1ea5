import { statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Diagnostic, hasErrors, Refusal } from '../../diagnostics.js';
import type { Env, Outcome } from '../command.js';
import { onSignals } from '../ending.js';
import { countText, plural } from '../report/count.js';
import { watchSources } from '../sources.js';
import { countChanges } from '../write.js';
import { type Contents, changedPaths, contentsOf, isContent } from './contents.js';
import { clockStep, hash } from './memory.js';

/** What is to be done again and again. Paths are relative to `root`. */
export interface Rounds {
  readonly root: string;
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** One round; `read` are the files that its result depends on. */
  run(): Promise<Round>;
}

export interface Round {
  readonly outcome: Outcome;
  readonly read: readonly string[];
  /** The folder that the paths of the changes are relative to; absent: the root. */
  readonly target?: string;
}

/**
 * Runs a round now and after every change of what it depends on, until a signal ends it. Its own writes are no change. Mistakes are printed, and it goes
 * on; a line tells of each round.
 */
export async function watchRounds(rounds: Rounds, env: Env): Promise<void> {
  const { root, folders, files } = rounds;
  const ending = onSignals();
  const sources = watchSources(root, { folders, files }, env.progress);
  ending.signal.addEventListener('abort', () => sources.close(), { once: true });
  let known: Contents | undefined;
  let followed: readonly string[] = [];
  let missed: readonly string[] = [];
  try {
    for (;;) {
      if (missed.length === 0) await sources.changed();
      if (ending.signal.aborted) break;
      const now = contentsOf(root, folders, [...files, ...followed]);
      const changed = known && changedPaths(known, now);
      if (changed?.length === 0) {
        missed = [];
        continue;
      }
      const since = Date.now() - clockStep;
      const round = await tell(rounds, changed, env);
      followed = dependencies(round, followed);
      sources.follow(followed);
      missed = followed.filter((path) => !now.has(path) && isSavedSince(root, path, since) && !isOwn(round, path));
      known = new Map([...afterwards(rounds, now, round, followed)].filter(([path]) => !missed.includes(path)));
    }
    env.progress('Stopped.');
  } finally {
    sources.close();
    ending.release();
  }
}

/** Whether somebody saved a file that was not yet watched while a round was reading it. */
function isSavedSince(root: string, path: string, since: number): boolean {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  return stat !== undefined && Math.max(stat.mtimeMs, stat.ctimeMs) >= since;
}

const isOwn = ({ outcome }: Round, path: string): boolean =>
  (outcome.changes ?? []).some((change) => change.path === path);

/** Runs one round and prints what came of it. */
async function tell(rounds: Rounds, changed: readonly string[] | undefined, env: Env): Promise<Round> {
  const start = performance.now();
  const round = await settled(rounds);
  const { diagnostics, root } = round.outcome;
  env.print({ diagnostics, ...(root === undefined ? {} : { root }) });
  const what = changed === undefined ? 'First build' : `${listText(changed)} changed`;
  env.progress(`${what}: ${resultText(round.outcome)} (${Math.round(performance.now() - start)} ms)`);
  return round;
}

const passing: readonly Diagnostic['code'][] = ['OG4007', 'OG4012'];

/** Another opgen that is at work and a file that changes in this moment pass: the round is tried again a few times. */
async function settled({ run, root }: Rounds): Promise<Round> {
  for (let attempt = 0; ; attempt++) {
    const round = await run().catch((error: unknown) => {
      if (error instanceof Refusal) return { outcome: { diagnostics: error.diagnostics, root }, read: [] };
      throw error;
    });
    const isPassing = round.outcome.diagnostics.some(({ code }) => passing.includes(code));
    if (!isPassing || attempt === 10) return round;
    await sleep(200);
  }
}

/** With mistakes not everything has been read: what was known before still counts, and where the mistakes are. */
function dependencies({ outcome, read }: Round, before: readonly string[]): readonly string[] {
  const places = outcome.diagnostics.flatMap(({ at }) => at?.file ?? []);
  return [...new Set([...(hasErrors(outcome.diagnostics) ? before : []), ...read, ...places])].sort();
}

/** What is known after a round: the files as they were before it, what it has written, and those that it has made known. */
function afterwards(rounds: Rounds, before: Contents, round: Round, followed: readonly string[]): Contents {
  const { root, folders, files } = rounds;
  const { outcome, target = root } = round;
  const single = new Set([...files, ...followed]);
  const counts = (path: string): boolean =>
    single.has(path) || (isContent(path) && folders.some((folder) => path.startsWith(`${folder}/`)));
  const after = new Map([...contentsOf(root, [], followed), ...before]);
  for (const { path: name, action, after: text } of outcome.changes ?? []) {
    const path = relative(root, join(target, name)).split(sep).join('/');
    if (action === 'delete') after.delete(path);
    else if (action !== 'keep' && text !== undefined && counts(path)) after.set(path, hash(text));
  }
  return after;
}

function resultText({ diagnostics, changes = [] }: Outcome): string {
  if (hasErrors(diagnostics)) return `${countText(diagnostics)}, nothing written`;
  const count = countChanges(changes);
  return count === 0 ? 'nothing to do' : `${plural(count, 'file')} written`;
}

/** At most two names, and how many more there are. */
function listText(paths: readonly string[]): string {
  if (paths.length <= 2) return paths.join(' and ');
  return `${paths[0]} and ${paths.length - 1} more files`;
}
