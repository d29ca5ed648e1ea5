import type { Crd } from '../crd/crd.js';
import type { Checked } from '../diagnostics.js';
import type { Artifact } from '../emit/artifact.js';
import type { Api } from '../ir/api.js';
import type { Project } from '../project/model.js';

export interface GeneratorInput {
  /** Absent where the sources stand alone, without PROJECT. */
  readonly project?: Project;
  readonly api: Api;
  /** One for each group and kind, sorted by name; they have passed validation. */
  readonly crds: readonly Crd[];
}

/** Pure: no file system, clock, environment, randomness or console. The name is what users type after `opgen generate`. */
export interface Generator {
  readonly name: string;
  readonly summary: string;
  generate(input: GeneratorInput): Checked<readonly Artifact[]>;
}
