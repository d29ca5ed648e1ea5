import type { Crd } from '../../crd/crd.js';
import type { Diagnostic } from '../../diagnostics.js';
import type { Change } from '../../emit/plan.js';
import type { Workspace } from '../workspace.js';
import { checkKustomizations } from './kustomizations.js';
import { checkSamples } from './samples.js';

export { checkDeclared } from './declared.js';

/** What a project's own files say against the plan: samples and lists that opgen does not rewrite. */
export function checkConfig(
  { tree, project }: Workspace,
  changes: readonly Change[],
  crds: readonly Crd[],
  severity: Diagnostic['severity'],
): readonly Diagnostic[] {
  return [...checkKustomizations(tree, changes, severity), ...checkSamples(tree, project, changes, crds, severity)];
}
