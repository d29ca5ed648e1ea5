import type { Artifact } from '../../src/emit/artifact.js';
import { readApi } from '../../src/frontend/index.js';
import { generate } from '../../src/generate.js';
import { controllersOf } from '../../src/project/controllers.js';
import { readProject } from '../../src/project/file.js';
import type { Project, Resource } from '../../src/project/model.js';
import { apiFile } from '../../src/project/paths.js';
import { apiArtifacts } from '../../src/scaffold/api.js';
import type { Image } from '../../src/scaffold/image.js';
import { type InitInput, initArtifacts } from '../../src/scaffold/init.js';
import { textOf } from './api.js';

/** The files of a project by path, in memory. */
export type Files = ReadonlyMap<string, string>;

export const input: InitInput = {
  name: 'cache-operator',
  domain: 'example.com',
  multigroup: false,
  namespaced: false,
  license: 'apache2',
  opgenSpec: '^0.1.0',
  opgenVersion: '0.1.0',
};

/** The files after the artifacts: the user's and edited ones as they are, if they exist, or else new. */
export function withArtifacts(files: Files, artifacts: readonly Artifact[]): Files {
  const next = new Map(files);
  for (const artifact of artifacts) {
    const before = files.get(artifact.path);
    next.set(artifact.path, artifact.owner === 'user' && before !== undefined ? before : textOf(artifact, before));
  }
  return new Map([...next].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function projectIn(files: Files): Project {
  const { value, diagnostics } = readProject(files.get('PROJECT')!);
  if (!value || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return value;
}

/** A kind with what differs from the usual. */
export type WantedKind = Partial<Resource> & { readonly kind: string; readonly image?: Image };

/** What `create api` asks for; the group is `cache`. */
export function resource(
  project: Pick<Project, 'domain' | 'multigroup'>,
  wanted: Partial<Resource> & { kind: string },
): Resource {
  const whole: Resource = {
    group: 'cache',
    domain: project.domain,
    version: 'v1alpha1',
    namespaced: true,
    api: true,
    controller: true,
    webhooks: [],
    ...wanted,
  };
  return whole.api ? { ...whole, path: apiFile(project, whole) } : whole;
}

/** A project as `init` and `create api` leave it, generated files included. */
export async function scaffold(init: Partial<InitInput>, kinds: readonly WantedKind[]): Promise<Files> {
  let files = withArtifacts(new Map(), initArtifacts({ ...input, ...init }));
  for (const { image, ...kind } of kinds) {
    const project = projectIn(files);
    files = withArtifacts(files, kindArtifacts(project, resource(project, kind), image));
  }
  return generated(files);
}

/** What `create api` adds for a kind: with its controllers, where it has some. */
export function kindArtifacts(project: Project, wanted: Resource, image?: Image): readonly Artifact[] {
  const [first, ...others] = controllersOf(wanted);
  const controller = first === undefined ? {} : { controller: first };
  return [
    ...apiArtifacts({ project, resource: wanted, ...controller, ...(image ? { image } : {}) }),
    ...others.flatMap((name) => apiArtifacts({ project, resource: wanted, types: false, controller: name })),
  ];
}

async function generated(files: Files): Promise<Files> {
  const sources = [...files.keys()].filter((path) => /^src\/(?!generated).*\.ts$/.test(path));
  const api = await readApi('/nowhere', sources, { overlay: Object.fromEntries(files) });
  const { value, diagnostics } = generate(projectIn(files), api.value);
  const problems = [...api.diagnostics, ...diagnostics];
  if (problems.length > 0) throw new Error(JSON.stringify(problems, null, 2));
  return withArtifacts(files, value.artifacts);
}
