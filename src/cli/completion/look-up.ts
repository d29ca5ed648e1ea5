import { parseManifest } from '../../emit/manifest.js';
import { generators } from '../../generators/index.js';
import { markers } from '../../markers/registry.js';
import type { Resource } from '../../project/model.js';
import { openWorkspace } from '../workspace.js';
import type { Candidate, Choices } from './complete.js';
import { shells } from './scripts.js';

/** Looks names up in the tables of opgen, and in the project that `cwd` is in. */
export const lookUpIn =
  (cwd: string): Choices['lookUp'] =>
  (what) =>
    lookUps[what](cwd);

const lookUps: { readonly [What in Parameters<Choices['lookUp']>[0]]: (cwd: string) => readonly Candidate[] } = {
  artifacts: () => generators.map(({ name }) => ({ value: name, summary: `artifacts of ${name}` })),
  markers: () =>
    markers.flatMap(({ name, aliases, tag, summary }) => [
      ...[name, ...(aliases ?? [])].map((value) => ({ value, summary })),
      ...(tag ? [{ value: `@${tag.name}`, summary }] : []),
    ]),
  shells: () => shells.map((value) => ({ value, summary: `the script for ${value}` })),
  groups: (cwd) => ofProject(cwd, ({ group }) => group),
  versions: (cwd) => ofProject(cwd, ({ version }) => version),
  kinds: (cwd) => ofProject(cwd, ({ kind }) => kind),
  owned: (cwd) => {
    const files = parseManifest(openWorkspace(cwd).value.tree.read('.opgen/manifest.json') ?? '').value?.files ?? [];
    return files.filter(({ owner }) => owner === 'opgen').map(({ path, source }) => ({ value: path, summary: source }));
  },
};

function ofProject(cwd: string, name: (resource: Resource) => string): readonly Candidate[] {
  const resources = openWorkspace(cwd).value.project?.resources ?? [];
  const values = [...new Set(resources.map(name))].filter((value) => value !== '').sort();
  return values.map((value) => ({ value, summary: 'of this project' }));
}
