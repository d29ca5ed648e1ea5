import type { Diagnostic } from '../../diagnostics.js';
import type { Tree } from '../../emit/tree.js';
import { controllerName, controllersOf, defaultController, nameOwner } from '../../project/controllers.js';
import { type Project, qualifiedGroup, type Resource } from '../../project/model.js';
import { checkClash } from '../../project/names.js';
import { apiFile, controllerFile } from '../../project/paths.js';
import { mainFile } from '../../scaffold/main.js';

/** Why types cannot be added to the project. */
export function refuseTypes(tree: Tree, project: Project, resource: Resource): readonly Diagnostic[] {
  const own = project.resources.filter((each) => each.api);
  const same = (other: Resource) =>
    qualifiedGroup(other) === qualifiedGroup(resource) &&
    other.version === resource.version &&
    other.kind === resource.kind;
  if (own.some(same)) return [apiExists(project, resource)];
  const other = own.find((each) => each.group !== resource.group);
  if (other && !project.multigroup) return [secondGroup(other, resource)];
  const neighbours = own.filter((each) => qualifiedGroup(each) === qualifiedGroup(resource));
  const clash = checkClash(resource, neighbours);
  if (clash) return [clash];
  const path = apiFile(project, resource);
  return tree.read(path) === undefined ? [] : [fileExists(path)];
}

/** Why a controller cannot be added to the project. `name` is that of its file. */
export function refuseController(
  tree: Tree,
  project: Project,
  resource: Resource,
  name: string,
): readonly Diagnostic[] {
  const owner = nameOwner(project, controllerName(project, resource, name));
  if (owner) return [nameTaken(project, resource, name, owner)];
  const hasOthers = project.resources.some((each) => controllersOf(each).length > 0);
  if (hasOthers && tree.read(mainFile) === undefined) return [mainIsGone];
  const path = controllerFile(project, resource, name);
  return tree.read(path) === undefined ? [] : [fileExists(path)];
}

/** A new file would run the new controller only. */
const mainIsGone: Diagnostic = {
  code: 'OG5011',
  severity: 'error',
  message: `\`${mainFile}\` must start the controllers of PROJECT, but it is not there`,
  hint: `bring it back with \`git checkout ${mainFile}\``,
};

/** Whether another version of the kind has a controller already. */
export const hasController = (project: Project, resource: Resource): boolean =>
  project.resources.some(
    (each) =>
      qualifiedGroup(each) === qualifiedGroup(resource) &&
      each.kind === resource.kind &&
      each.version !== resource.version &&
      controllersOf(each).length > 0,
  );

function apiExists(project: Project, resource: Resource): Diagnostic {
  const message = `A kind is created once, but ${qualifiedGroup(resource)}/${resource.version} \`${resource.kind}\` is in PROJECT already`;
  return {
    code: 'OG5005',
    severity: 'error',
    message,
    hint: `edit \`${apiFile(project, resource)}\`, write it anew with \`--force\`, or add \`--no-resource\` for a controller alone`,
  };
}

function secondGroup(other: Resource, resource: Resource): Diagnostic {
  const name = (group: string) => (group === '' ? 'the domain itself' : `\`${group}\``);
  const message = `A project has one API group unless it is multigroup, but ${name(resource.group)} differs from ${name(other.group)}`;
  const hint = `use \`--group ${other.group || "''"}\`, or set \`multigroup: true\` in a new project with \`opgen init --multigroup\``;
  return { code: 'OG5006', severity: 'error', message, hint };
}

function nameTaken(
  project: Project,
  resource: Resource,
  file: string,
  owner: { readonly resource: Resource; readonly file: string },
): Diagnostic {
  const name = controllerName(project, resource, file);
  const taken = controllerName(project, owner.resource, owner.file);
  const whose = `${qualifiedGroup(owner.resource)}/${owner.resource.version} \`${owner.resource.kind}\``;
  const fact =
    taken === name
      ? `\`${name}\` is a controller of ${whose}`
      : `\`${name}\` resembles \`${taken}\`, a controller of ${whose}`;
  const message = `The name of a controller must differ from the others, but ${fact} already`;
  const hint = `add \`--controller-name ${defaultController(resource)}-backup\`, or another name`;
  return { code: 'OG5012', severity: 'error', message, hint };
}

function fileExists(path: string): Diagnostic {
  const message = `\`create api\` writes \`${path}\`, but the file exists already`;
  return {
    code: 'OG4009',
    severity: 'error',
    message,
    hint: 'move it away, or replace it with `--force`, which keeps the old one as .orig',
  };
}
