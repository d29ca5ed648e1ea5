import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'vitest';
import type { Checked } from '../../src/diagnostics.js';
import type { Artifact } from '../../src/emit/artifact.js';
import { diskTree } from '../../src/emit/tree.js';
import { projectSources } from '../../src/frontend/files.js';
import { readApi } from '../../src/frontend/index.js';
import { type Generated, generate } from '../../src/generate.js';
import type { Generator } from '../../src/generators/generator.js';
import { noMarkers } from '../../src/ir/marker.js';
import { readProject } from '../../src/project/file.js';
import { type Project, qualifiedGroup } from '../../src/project/model.js';

/** A project of the usual layout without kinds. */
export const emptyProject: Project = {
  layout: [],
  domain: 'example.com',
  name: 'demo',
  multigroup: false,
  namespaced: false,
  resources: [],
};

/** What a generator makes of a project without kinds, or of no project. */
export const artifactsOf = (generator: Generator, project?: Project): readonly Artifact[] =>
  generator.generate({
    api: { kinds: [], markers: noMarkers, files: [] },
    crds: [],
    ...(project && { project }),
  }).value;

/**
 * What the generators of these names make of the folder's sources, with its PROJECT if it has one. Everything is
 * generated without names.
 */
export async function generateFrom(folder: string, ...only: readonly string[]): Promise<Checked<Generated>> {
  const file = join(folder, 'PROJECT');
  const project = existsSync(file) ? readProject(readFileSync(file, 'utf8')).value : undefined;
  const groupOf = () => (project?.resources[0] ? qualifiedGroup(project.resources[0]) : undefined);
  const api = await readApi(folder, projectSources(diskTree(folder)), { groupOf });
  const made = generate(project, api.value, only.length > 0 ? { only } : {});
  return { value: made.value, diagnostics: [...api.diagnostics, ...made.diagnostics] };
}

/** The text of an artifact; of a shared one, the text after its edit of what the artifact starts from. */
export function textOf(artifact: Artifact, before?: string): string {
  if (artifact.owner !== 'shared') return artifact.content;
  const edited = artifact.edit(before ?? artifact.initial);
  if (typeof edited !== 'string') throw new Error(edited.message);
  return edited;
}

/** Compares the artifacts with the files of the folder, which has no other ones below `config` and `src/generated`. */
export async function expectFiles(folder: string, artifacts: readonly Artifact[]): Promise<void> {
  for (const artifact of artifacts) await expect(textOf(artifact)).toMatchFileSnapshot(join(folder, artifact.path));
  const paths = new Set(artifacts.map(({ path }) => path));
  const others = ['config', 'src/generated']
    .flatMap((dir) => filesBelow(folder, dir))
    .filter((path) => !paths.has(path));
  expect(others).toEqual([]);
}

function filesBelow(folder: string, dir: string): readonly string[] {
  if (!existsSync(join(folder, dir))) return [];
  return readdirSync(join(folder, dir), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}
