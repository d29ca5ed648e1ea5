import type { Crd } from '../../crd/crd.js';
import { type Project, qualifiedGroup } from '../../project/model.js';
import type { GeneratorInput } from '../generator.js';

/** What decides the places of files. */
export interface Layout {
  readonly multigroup: boolean;
  /** The API group as paths have it: as in PROJECT, without the domain. */
  shortGroup(group: string): string;
}

/**
 * Without PROJECT the first word of a group stands for it, unless two groups share it, and several groups get folders of their own, as
 * in a project for several groups.
 */
export function layoutOf({ project, crds }: Pick<GeneratorInput, 'project' | 'crds'>): Layout {
  if (project) return { multigroup: project.multigroup, shortGroup: (group) => inProject(project, group) };
  const groups = [...new Set(crds.map((crd) => crd.object.spec.group))];
  const word = (group: string) => group.split('.')[0]!;
  const shared = (group: string) => groups.some((other) => other !== group && word(other) === word(group));
  return { multigroup: groups.length > 1, shortGroup: (group) => (shared(group) ? group : word(group)) };
}

/** A group that PROJECT does not list loses the project's domain. */
function inProject(project: Project, group: string): string {
  const listed = project.resources.find((resource) => qualifiedGroup(resource) === group);
  if (listed) return listed.group;
  if (group === project.domain) return '';
  return group.endsWith(`.${project.domain}`) ? group.slice(0, -project.domain.length - 1) : group;
}

/** A version of the CRD as paths name it. */
export function placeOf(layout: Layout, crd: Crd, version: string): { group: string; version: string; kind: string } {
  const { group, names } = crd.object.spec;
  return { group: layout.shortGroup(group), version, kind: names.kind };
}
