import { dirname, relative, sep } from 'node:path';
import type { Checked, Diagnostic } from '../diagnostics.js';
import { readCache, writeCache } from '../emit/cache.js';
import { diskTree, type Tree } from '../emit/tree.js';
import type { CodeCache } from '../frontend/compiler.js';
import { type ReadOptions, readApi } from '../frontend/index.js';
import type { Api } from '../ir/api.js';
import { readProject } from '../project/file.js';
import { type Project, qualifiedGroup, type Resource } from '../project/model.js';
import { apiFile } from '../project/paths.js';
import { projectRoot } from './root.js';

/** A folder that a command works in. */
export interface Workspace {
  /** Absolute. */
  readonly root: string;
  readonly tree: Tree;
  readonly project?: Project;
}

/** The folder of the nearest PROJECT from `cwd` upwards, else `cwd` itself. */
export function openWorkspace(cwd: string): Checked<Workspace> {
  const root = projectRoot(cwd) ?? cwd;
  const tree = diskTree(root);
  const text = tree.read('PROJECT');
  if (text === undefined) return { value: { root, tree }, diagnostics: [] };
  const { value: project, diagnostics } = readProject(text);
  return { value: project ? { root, tree, project } : { root, tree }, diagnostics };
}

export function notAProject(root: string, cwd: string): Diagnostic {
  const folder = relative(cwd, root).split(sep).join('/') || '.';
  const message = `The command needs an opgen project, but neither \`${folder}\` nor a folder above it has a PROJECT file`;
  return {
    code: 'OG5002',
    severity: 'error',
    message,
    hint: 'run `opgen init --domain example.com` in an empty folder',
  };
}

/** Reads the API of a workspace. */
export async function readWorkspaceApi(
  workspace: Workspace,
  paths: readonly string[],
  options: Pick<ReadOptions, 'overlay' | 'names'> = {},
): Promise<Checked<Api>> {
  const { project } = workspace;
  const groupOf = (file: string) => project && groupOfFile(project, file);
  return readApi(workspace.root, paths, { ...options, groupOf, codeCache: codeCache(workspace.root) });
}

const codeCache = (root: string): CodeCache => ({
  read: () => readCache(root, 'compiler.bin'),
  write: (bytes) => writeCache(root, 'compiler.bin', bytes),
});

/** PROJECT knows the group of a file that it scaffolded, and of the other files beside it. */
function groupOfFile(project: Project, file: string): string | undefined {
  const inFolder = (resource: Resource) => dirname(apiFile(project, resource)) === dirname(file);
  const found = project.resources.find(inFolder);
  return found && qualifiedGroup(found);
}
