import type { Crd } from '../../crd/crd.js';
import type { Diagnostic } from '../../diagnostics.js';
import { type Project, qualifiedGroup, type Resource } from '../../project/model.js';

/**
 * Compares PROJECT with what the sources declare. A kind that has lost its declaration would lose its CRD and its roles, too: whoever wants that says
 * so in PROJECT first.
 */
export function checkDeclared(project: Project, projectText: string, crds: readonly Crd[]): readonly Diagnostic[] {
  return project.resources
    .filter((resource) => resource.api)
    .flatMap((resource) => compare(resource, projectText, crds));
}

function compare(resource: Resource, projectText: string, crds: readonly Crd[]): readonly Diagnostic[] {
  const { kind, version } = resource;
  const group = qualifiedGroup(resource);
  const crd = crds.find(({ object: { spec } }) => spec.group === group && spec.names.kind === kind);
  const declared = crd?.object.spec.versions.some(({ name }) => name === version);
  if (!crd || !declared) return [undeclared(resource, `${group}/${version}`, projectText)];
  const namespaced = crd.object.spec.scope === 'Namespaced';
  return namespaced === resource.namespaced ? [] : [otherScope(resource, namespaced, projectText)];
}

function undeclared(resource: Resource, apiVersion: string, projectText: string): Diagnostic {
  const message = `A kind of PROJECT must be declared, but no source declares \`${resource.kind}\` of ${apiVersion}`;
  const hint = `bring back \`${resource.path ?? 'its types'}\`, or change or remove the entry in PROJECT`;
  return { code: 'OG1010', severity: 'error', at: placeOf(resource, projectText), message, hint };
}

function otherScope(resource: Resource, namespaced: boolean, projectText: string): Diagnostic {
  const message = `PROJECT and the types must agree on the scope of \`${resource.kind}\`, but only ${namespaced ? 'the types make it namespaced' : 'PROJECT makes it namespaced'}`;
  const hint = namespaced
    ? 'put `+kubebuilder:resource:scope=Cluster` above the kind, or write `namespaced: true` in PROJECT'
    : 'take `scope=Cluster` from the kind, or take `namespaced: true` out of PROJECT';
  return { code: 'OG1010', severity: 'error', at: placeOf(resource, projectText), message, hint };
}

/** The line of the entry's kind. */
function placeOf({ kind }: Resource, projectText: string): NonNullable<Diagnostic['at']> {
  const lines = projectText.split('\n');
  const index = Math.max(
    0,
    lines.findIndex((line) => new RegExp(`\\bkind:\\s*["']?${kind}\\b`).test(line)),
  );
  return { file: 'PROJECT', line: index + 1, column: Math.max(0, lines[index]!.indexOf('kind:')) + 1 };
}
