import { join } from 'node:path';
import type { Checked } from '../../src/diagnostics.js';
import { hasErrors } from '../../src/diagnostics.js';
import { diskTree } from '../../src/emit/tree.js';
import { projectSources } from '../../src/frontend/files.js';
import { readApi } from '../../src/frontend/index.js';
import { generate } from '../../src/generate.js';
import type { Api } from '../../src/ir/api.js';
import { textOf } from '../support/api.js';
import { caseFolder, casesOf } from '../support/fixtures.js';

/** Sources by their path. */
export type Sources = Readonly<Record<string, string>>;

/** A file for a kind of a test's own, the group beside it, and what stands above the interface `S` of its spec. */
export const file = 'src/api/v1/thing.ts';
export const group: Sources = { 'src/api/v1/groupversion.ts': '// +groupName=test.example.com\nexport {};\n' };
export const header =
  "import type { CustomResource, Int32, Json } from 'opgen/api';\nexport interface Thing extends CustomResource<S> {}\n";

/** The sources of a fixture. */
export function sourcesOf(family: string, name: string): Sources {
  const tree = diskTree(caseFolder(family, name));
  return Object.fromEntries(projectSources(tree).map((path) => [path, tree.read(path)!]));
}

/** All fixtures of both families, each with its sources. */
export const allCases: readonly (readonly [string, Sources])[] = ['crds', 'errors'].flatMap((family) =>
  casesOf(family).map((name) => [join(family, name), sourcesOf(family, name)] as const),
);

/** Reads sources from memory, in the order of their paths or in another one. */
export const read = (sources: Sources, paths = Object.keys(sources)): Promise<Checked<Api>> =>
  readApi('/nowhere', paths, { overlay: sources });

/** The CRDs and roles of sources by their path, or nothing where there are errors. */
export async function manifestsOf(
  sources: Sources,
  paths?: readonly string[],
): Promise<Record<string, string> | undefined> {
  const api = await read(sources, [...(paths ?? Object.keys(sources))]);
  if (hasErrors(api.diagnostics)) return undefined;
  const { artifacts } = generate(undefined, api.value, { only: ['crds', 'rbac'] }).value;
  return Object.fromEntries(artifacts.map((artifact) => [artifact.path, textOf(artifact)]));
}
