import type { Project, Resource } from './model.js';
import type { Layout, Named } from './paths.js';

/** What names the file of a controller that has no name of its own. */
export const defaultController = ({ kind }: Pick<Resource, 'kind'>): string => kind.toLowerCase();

/** The controllers of a kind by the names of their files. */
export function controllersOf(resource: Resource): readonly string[] {
  if (resource.controllers && resource.controllers.length > 0) return resource.controllers;
  return resource.controller ? [defaultController(resource)] : [];
}

/** The name in the process, in logs and metrics: that of the file, in a project of several groups behind the group. */
export function controllerName(project: Layout, { group }: Named, file: string): string {
  const name = project.multigroup && group !== '' ? `${group}-${file}` : file;
  return name.replaceAll('.', '-').slice(0, 63).replace(/-+$/, '');
}

/** The constant that a controller is exported as: `memcachedController`, `webMemcachedController`. */
export function controllerConstant(project: Layout, resource: Named, file: string): string {
  const own = file === defaultController(resource) ? lowerFirst(resource.kind) : camelCase(file);
  const prefix = project.multigroup ? camelCase(resource.group).replace(/^(?=[0-9])/, 'group') : '';
  return `${prefix === '' ? own : prefix + upperFirst(own)}Controller`;
}

/** The kind with a controller more. Only controllers with names of their own make a list in PROJECT. */
export function withController(resource: Resource, file: string): Resource {
  const names = [...new Set([...controllersOf(resource), file])];
  const { controllers: _, ...rest } = resource;
  if (names.length === 1 && file === defaultController(resource) && !resource.controllers)
    return { ...rest, controller: true };
  return { ...rest, controller: true, controllers: names };
}

export interface Owner {
  readonly resource: Resource;
  /** Name of the file. */
  readonly file: string;
}

/** The controller of the project whose name differs from the wanted one in punctuation at most. */
export function nameOwner(project: Project, wanted: string): Owner | undefined {
  const bare = (name: string): string => name.replace(/[^a-z0-9]/g, '');
  return project.resources
    .flatMap((resource) => controllersOf(resource).map((file) => ({ resource, file })))
    .find(({ resource, file }) => bare(controllerName(project, resource, file)) === bare(wanted));
}

/** `HTTPRoute` → `httpRoute`, `DB` → `db`. */
const lowerFirst = (kind: string): string =>
  kind.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+(?![a-z])|^[A-Z]/, (start) => start.toLowerCase());
const upperFirst = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** `memcached-backup` → `memcachedBackup`. */
const camelCase = (label: string): string =>
  label
    .split(/[^a-z0-9]+/)
    .map((word, index) => (index === 0 ? word : upperFirst(word)))
    .join('');
