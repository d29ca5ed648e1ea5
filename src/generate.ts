import { buildCrds } from './crd/build.js';
import type { Crd } from './crd/crd.js';
import { type Checked, type Diagnostic, hasErrors, sortDiagnostics } from './diagnostics.js';
import { type Sourced, sourced } from './emit/artifact.js';
import { generators } from './generators/index.js';
import type { Api } from './ir/api.js';
import type { Project } from './project/model.js';
import { validateCrds } from './validate/index.js';

export interface GenerateOptions {
  /** Names of generators; absent: all. */
  readonly only?: readonly string[];
  /** Longest description in the CRDs, in bytes; 0 drops them. */
  readonly maxDescLen?: number;
}

export interface Generated {
  readonly artifacts: readonly Sourced[];
  readonly crds: readonly Crd[];
}

/**
 * Rules that are not asked here: limits that cross are found where the markers stand, and the size of a CRD matters to a client-side `kubectl apply`
 * only, which the Makefile does not use.
 */
const leftOut = ['LT1', 'LT5'];

/**
 * Everything that follows from an API: CRDs, which have to pass validation first, and what the generators make of them. With an error among the
 * diagnostics there are no artifacts. Pure.
 */
export function generate(project: Project | undefined, api: Api, options: GenerateOptions = {}): Checked<Generated> {
  const crds = buildCrds(api, options.maxDescLen === undefined ? {} : { maxDescLen: options.maxDescLen });
  const diagnostics: Diagnostic[] = [...crds.diagnostics];
  if (!hasErrors(diagnostics)) diagnostics.push(...validateCrds(crds.value, leftOut));
  if (hasErrors(diagnostics))
    return { value: { artifacts: [], crds: crds.value }, diagnostics: sortDiagnostics(diagnostics) };
  const input = { api, crds: crds.value, ...(project ? { project } : {}) };
  const artifacts = generators
    .filter((generator) => options.only?.includes(generator.name) ?? true)
    .flatMap((generator) => {
      const made = generator.generate(input);
      diagnostics.push(...made.diagnostics);
      return sourced(generator.name, made.value);
    });
  const value = { artifacts: hasErrors(diagnostics) ? [] : artifacts, crds: crds.value };
  return { value, diagnostics: sortDiagnostics(diagnostics) };
}
