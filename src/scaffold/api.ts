import { posix } from 'node:path';
import type { Diagnostic } from '../diagnostics.js';
import type { Artifact } from '../emit/artifact.js';
import { pluralize } from '../names.js';
import { addResource } from '../project/file.js';
import { type Project, qualifiedGroup, type Resource } from '../project/model.js';
import { apiFile, crdFile, groupVersionFile, kindRoleFile, projectFile, sampleFile } from '../project/paths.js';
import { addToList } from '../template/edit-yaml.js';
import { comment, identifier, path } from '../template/encode.js';
import { readTemplates } from '../template/load.js';
import { renderTree, type Values } from '../template/render.js';

export interface ApiInput {
  readonly project: Project;
  readonly resource: Resource;
}

/** The types of a new kind, its entry in PROJECT, and the lists of what the generators will make of the types. */
export function apiArtifacts({ project, resource }: ApiInput): readonly Artifact[] {
  const registered: Artifact = {
    path: projectFile,
    owner: 'shared',
    initial: '',
    edit: (before) => addResource(before, resource),
  };
  if (!resource.api) return [registered];
  const templates = [...readTemplates('api'), ...readTemplates('init').filter((file) => file.path === roleList)];
  const files = new Map(renderTree(templates, values(project, resource)).map((file) => [file.path, file.content]));
  const sources = [apiFile(project, resource), groupVersionFile(project, resource)];
  return [
    registered,
    ...sources.map((file): Artifact => ({ path: file, owner: 'user', content: files.get(file)! })),
    ...lists(project, resource).map(([file, items]): Artifact => {
      return { path: file, owner: 'shared', initial: files.get(file)!, edit: (before) => addAll(before, items, file) };
    }),
  ];
}

const roleList = 'config/rbac/kustomization.yaml';

/** The kustomizations with the files that they get, relative to their folders. */
function lists(project: Project, resource: Resource): readonly (readonly [file: string, items: readonly string[]])[] {
  const crd = crdFile(qualifiedGroup(resource), resource.plural ?? pluralize(resource.kind));
  const roles = (['admin', 'editor', 'viewer'] as const).map((role) => kindRoleFile(project, resource, role));
  const lists = [
    ['config/crd/kustomization.yaml', [crd]],
    ['config/samples/kustomization.yaml', [sampleFile(resource)]],
    [roleList, roles],
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

function values(project: Project, resource: Resource): Values {
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
