import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { Refusal } from '../diagnostics.js';
import { parentsOf, unsafePath } from './path.js';
import type { Target } from './preflight.js';
import { fileProblem } from './problem.js';
import { byCodeUnit } from './tree.js';

export const journalPath = '.opgen/journal.json';

/** A SHA-256 in hexadecimal; null: there is no file. */
export type Hash = string | null;

/** Renames `temp` to `path`; without `temp`, deletes `path`. Done when the file's bytes have the hash `after`. */
export interface Step {
  readonly path: string;
  readonly temp?: string;
  readonly before: Hash;
  readonly after: Hash;
}

/**
 * What a run that was cut off leaves to do, paths relative to the root and free of symlinks. `staging`: nothing but temporary files
 * was written. `committing`: `steps` have begun. In both, `leftovers` are deleted at the end, and `folders` where they are empty.
 */
export interface Journal {
  readonly phase: 'staging' | 'committing';
  /** What it means for the changes when the steps are done. */
  readonly outcome: 'finished' | 'undone';
  readonly steps: readonly Step[];
  readonly leftovers: readonly string[];
  readonly folders: readonly string[];
}

export const formatJournal = (journal: Journal): string => `${JSON.stringify({ version: 1, ...journal }, null, 2)}\n`;

/** Throws OG4006 for what is not a journal of this version; its paths are checked, since it may come from anyone. */
export function parseJournal(text: string): Journal {
  try {
    const value: unknown = JSON.parse(text);
    if (isJournal(value)) return value;
  } catch {
    // Not JSON: refused as well.
  }
  const hint = `delete \`${journalPath}\`, then run \`opgen generate\``;
  throw new Refusal(fileProblem(journalPath, 'be a journal of opgen', 'its content is not that of one', hint));
}

function isJournal(value: unknown): value is Journal {
  if (!isObject(value)) return false;
  const { version, phase, outcome, steps, leftovers, folders } = value;
  const states = (phase === 'staging' || phase === 'committing') && (outcome === 'finished' || outcome === 'undone');
  return version === 1 && states && areAll(steps, isStep) && areAll(leftovers, isTemp) && areAll(folders, isSafe);
}

function isStep(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { path, temp, before, after } = value;
  const hashed = isHash(before) && isHash(after) && (temp === undefined) === (after === null);
  return isSafe(path) && (temp === undefined || isTemp(temp)) && hashed;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const areAll = (value: unknown, is: (each: unknown) => boolean): boolean => Array.isArray(value) && value.every(is);

const isHash = (value: unknown): boolean =>
  value === null || (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value));

const isSafe = (value: unknown): boolean => typeof value === 'string' && unsafePath(value) === undefined;

/** Only files with the names that opgen gives to its temporary files are ever deleted as such. */
const isTemp = (value: unknown): boolean =>
  isSafe(value) && /(?:^|\/)\.opgen-\d+-\d+\.(?:new|old)$/.test(String(value));

/** A target with the temporary files for its new and, on the way back, its old text. */
export interface Staged extends Target {
  readonly temp: string;
  readonly undo: string;
}

/** `isFree` tells whether no file has that path; `process` is the number of this one. */
export function withTemps(
  targets: readonly Target[],
  process: number,
  isFree: (path: string) => boolean,
): readonly Staged[] {
  let number = 0;
  const freeName = (path: string): string => {
    const stem = posix.join(posix.dirname(path), `.opgen-${process}-${number++}`);
    return isFree(`${stem}.new`) && isFree(`${stem}.old`) ? stem : freeName(path);
  };
  return targets.map((target) => {
    const stem = freeName(target.path);
    return { ...target, temp: `${stem}.new`, undo: `${stem}.old` };
  });
}

/** Before anything is written: how to be rid of it. */
export function stagingJournal(staged: readonly Staged[], folders: readonly string[]): Journal {
  const leftovers = staged.flatMap((each) => (each.after ? [each.temp] : []));
  return { phase: 'staging', outcome: 'undone', steps: [], leftovers, folders: innermostFirst(folders) };
}

/** From old to new; folders that lose their last file go. */
export function forwardJournal(staged: readonly Staged[]): Journal {
  const steps = staged.map(({ path, temp, before, after }) => ({
    path,
    ...(after && { temp }),
    before: hash(before),
    after: hash(after),
  }));
  const folders = new Set(staged.flatMap((each) => (each.after ? [] : parentsOf(each.path))));
  const leftovers = staged.flatMap((each) => (each.before ? [each.undo] : []));
  return { phase: 'committing', outcome: 'finished', steps, leftovers, folders: innermostFirst([...folders]) };
}

/** From new to old, for the targets that are new already; `folders` were created for them. */
export function backwardJournal(
  staged: readonly Staged[],
  done: readonly Staged[],
  folders: readonly string[],
): Journal {
  const steps = done.map(({ path, undo, before, after }) => ({
    path,
    ...(before && { temp: undo }),
    before: hash(after),
    after: hash(before),
  }));
  const { leftovers } = stagingJournal(staged, folders);
  return { phase: 'committing', outcome: 'undone', steps, leftovers, folders: innermostFirst(folders) };
}

export function hash(bytes: Buffer | undefined): Hash {
  return bytes === undefined ? null : createHash('sha256').update(bytes).digest('hex');
}

const innermostFirst = (folders: readonly string[]): readonly string[] =>
  [...folders].sort((a, b) => b.length - a.length || byCodeUnit(a, b));
