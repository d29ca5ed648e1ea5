import type { Diagnostic, Position } from '../diagnostics.js';

interface Common {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  /** The declaration that the artifact comes from. */
  readonly at?: Position;
  /** The CRD (its `metadata.name`) that the artifact follows from, if it follows from that one and the project alone. */
  readonly crd?: string;
}

/**
 * A file that a command wants; who owns it is part of the value.
 *
 * `opgen`: rewritten while its bytes equal the recorded hash; a hand edit is a conflict, nothing is written.
 * `user`: written once. `refresh`: rewritten as long as nobody has edited it.
 * `shared`: the user's file, edited in place; `edit` is idempotent. `initial` is what it starts from.
 */
export type Artifact =
  | (Common & { readonly owner: 'opgen'; readonly content: string })
  | (Common & { readonly owner: 'user'; readonly content: string; readonly refresh?: boolean })
  | (Common & { readonly owner: 'shared'; readonly initial: string; edit(before: string): string | Diagnostic });

/** An artifact and who made it: the name of a generator, or `init`, `api`. Recorded, so that orphans can be found. */
export type Sourced = Artifact & { readonly source: string };

export function sourced(source: string, artifacts: readonly Artifact[]): readonly Sourced[] {
  return artifacts.map((artifact) => ({ ...artifact, source }));
}
