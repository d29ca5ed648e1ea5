import { type Diagnostic, hasErrors } from '../diagnostics.js';
import { apply, recover } from '../emit/apply.js';
import type { Sourced } from '../emit/artifact.js';
import { withLock } from '../emit/lock.js';
import { type Change, type PlanOptions, plan } from '../emit/plan.js';
import { diskTree } from '../emit/tree.js';
import type { Outcome } from './command.js';

export interface WriteOptions extends PlanOptions {
  readonly dryRun: boolean;
}

/** What a writing command wants: artifacts, and what it found wrong on the way. */
export interface Wanted {
  readonly artifacts: readonly Sourced[];
  readonly diagnostics: readonly Diagnostic[];
  readonly options: WriteOptions;
  /** A last look at the plan, before anything is written. */
  verify?(changes: readonly Change[]): readonly Diagnostic[];
}

export interface Written {
  readonly outcome: Outcome;
  /** The changes stand in the tree. */
  readonly applied: boolean;
}

/**
 * Plans and applies as one step that other processes cannot come between: `want` is asked when the lock is held and what an interrupted
 * run left behind has been cleaned up. With an error nothing is written.
 */
export async function write(root: string, dryRun: boolean, want: () => Promise<Wanted>): Promise<Written> {
  if (dryRun) return attempt(root, await want());
  return withLock(root, async () => {
    recover(root);
    return attempt(root, await want());
  });
}

function attempt(root: string, { artifacts, diagnostics, options, verify }: Wanted): Written {
  if (hasErrors(diagnostics)) return { outcome: { diagnostics, root }, applied: false };
  const planned = plan(artifacts, diskTree(root), options);
  const all = [...diagnostics, ...planned.diagnostics, ...(verify?.(planned.value) ?? [])];
  if (hasErrors(all)) return { outcome: { diagnostics: all, root }, applied: false };
  const changes: readonly Change[] = planned.value;
  if (!options.dryRun) apply(changes, root);
  return { outcome: { diagnostics: all, changes, dryRun: options.dryRun, root }, applied: !options.dryRun };
}

/** The paths of the files that are created or replaced. */
export const writtenBy = (changes: readonly Change[]): readonly string[] =>
  changes.filter(({ action }) => action === 'create' || action === 'update').map(({ path }) => path);

/** Whether anything differs from the tree. */
export const countChanges = (changes: readonly Change[]): number =>
  changes.filter((change) => change.action !== 'keep').length;
