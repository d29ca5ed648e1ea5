import { posix } from 'node:path';
import type { Diagnostic } from '../diagnostics.js';
import type { Artifact } from '../emit/artifact.js';
import { pluralize } from '../names.js';
import { addResource } from '../project/file.js';
import { type Project, qualifiedGroup, type Resource } from '../project/model.js';
import { apiFile, crdFile, groupVersionFile, kindRoleFile, projectFile, sampleFile } from '../project/paths.js';
import { addToList } from '../template/edit-yaml.js';
import { comment, identifier, path, yaml } from '../template/encode.js';
import { readTemplates } from '../template/load.js';
import { renderTree, type Values } from '../template/render.js';
import { controllerArtifacts } from './controller.js';
import { dependencyArtifact, externalArtifacts, type Package } from './external.js';
import type { Image } from './image.js';

export interface ApiInput {
  readonly project: Project;
  /** As PROJECT will have it. */
  readonly resource: Resource;
  /** The types are written, too; the default for a kind of the project. */
  readonly types?: boolean;
  /** The controller that is written, by the name of its file. */
  readonly controller?: string;
  /** What the controller runs for each object; the types have what can be set of it. */
  readonly image?: Image;
  /** Where the types of an external kind come from. */
  readonly dependency?: Package;
}

/** A kind's entry in PROJECT, its types with the lists of what the generators will make of them, and its controller. */
export function apiArtifacts(input: ApiInput): readonly Artifact[] {
  const { project, resource, controller: name, image, dependency } = input;
  const registered: Artifact = {
    path: projectFile,
    owner: 'shared',
    initial: '',
    edit: (before) => addResource(before, resource),
  };
  return [
    registered,
    ...(resource.api && input.types !== false ? typesArtifacts(input) : []),
    ...(resource.external ? externalArtifacts(resource) : []),
    ...(dependency ? [dependencyArtifact(dependency)] : []),
    ...(name === undefined ? [] : controllerArtifacts({ project, resource, name, ...(image && { image }) })),
  ];
}

function typesArtifacts({ project, resource, image }: ApiInput): readonly Artifact[] {
  const templates = [...readTemplates('api'), ...readTemplates('init').filter((file) => initial.includes(file.path))];
  const files = new Map(
    renderTree(templates, values(project, resource, image)).map((file) => [file.path, file.content]),
  );
  const sources = [apiFile(project, resource), groupVersionFile(project, resource)];
  return [
    ...sources.map((file): Artifact => ({ path: file, owner: 'user', content: files.get(file)! })),
    ...lists(project, resource).map(([file, items]): Artifact => {
      return { path: file, owner: 'shared', initial: files.get(file)!, edit: (before) => addAll(before, items, file) };
    }),
  ];
}

const roleList = 'config/rbac/kustomization.yaml';
const wholeList = 'config/default/kustomization.yaml.hbs';
const initial = [roleList, wholeList];

/** The kustomizations with the files that they get, relative to their folders. */
function lists(project: Project, resource: Resource): readonly (readonly [file: string, items: readonly string[]])[] {
  const crd = crdFile(qualifiedGroup(resource), resource.plural ?? pluralize(resource.kind));
  const roles = (['admin', 'editor', 'viewer'] as const).map((role) => kindRoleFile(project, resource, role));
  const lists = [
    ['config/crd/kustomization.yaml', [crd]],
    ['config/samples/kustomization.yaml', [sampleFile(resource)]],
    [roleList, roles],
    [wholeList.replace(/\.hbs$/, ''), ['config/crd']],
  ] as const;
  return lists.map(([file, items]) => [file, items.map((item) => posix.relative(posix.dirname(file), item))]);
}

function addAll(before: string, items: readonly string[], file: string): string | Diagnostic {
  let text = before;
  for (const item of items) {
    const edited = addToList(text, ['resources'], item, file);
    if (typeof edited !== 'string') return edited;
    text = edited;
  }
  return text;
}

function values(project: Project, resource: Resource, image: Image | undefined): Values {
  const { kind, plural, namespaced } = resource;
  const [customResource, condition, int32] = ['CustomResource', 'Condition', 'Int32'].map((type) =>
    imported(type, kind),
  );
  const markers = [...(plural === undefined ? [] : [`path=${plural}`]), ...(namespaced ? [] : ['scope=Cluster'])];
  return {
    dir: path(posix.relative('src/api', posix.dirname(apiFile(project, resource)))),
    kind: identifier(kind),
    plural: comment(plural ?? pluralize(kind)),
    group: comment(qualifiedGroup(resource)),
    resource: markers.length > 0 && comment(markers.join(',')),
    imports: comment(inOrder([customResource!, condition!, int32!]).join(', ')),
    condition: identifier(condition!.local),
    customResource: identifier(customResource!.local),
    int32: identifier(int32!.local),
    namespace: yaml(`${project.name}-system`),
    prefix: yaml(`${project.name}-`),
    port: image !== undefined && comment(String(image.port)),
  };
}

interface Imported {
  readonly specifier: string;
  /** The name in the file. */
  readonly local: string;
}

/** In the order that the linter wants. */
const inOrder = (types: readonly Imported[]): readonly string[] =>
  [...types].sort((a, b) => (a.local < b.local ? -1 : 1)).map(({ specifier }) => specifier);

/** A kind may have the name of a type that its file imports. */
function imported(type: string, kind: string): Imported {
  return type === kind
    ? { specifier: `${type} as Opgen${type}`, local: `Opgen${type}` }
    : { specifier: type, local: type };
}
