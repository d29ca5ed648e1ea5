import { relative, resolve, sep } from 'node:path';
import { type Checked, type Diagnostic, hasErrors, Refusal } from '../../diagnostics.js';
import { manifestPath, parseManifest } from '../../emit/manifest.js';
import { namedSources, projectSources } from '../../frontend/files.js';
import { type Generated, generate } from '../../generate.js';
import { generators } from '../../generators/index.js';
import type { Api } from '../../ir/api.js';
import { noMarkers } from '../../ir/marker.js';
import { type Env, forceOf, type Input } from '../command.js';
import { checkConfig, checkDeclared } from '../consistency/index.js';
import { notAProject, readWorkspaceApi, type Workspace } from '../workspace.js';
import type { Wanted } from '../write.js';

/** What a run has read, and what follows from it. */
export interface Made extends Generated {
  readonly api: Api;
}

/** The artifacts of the sources that the flags name. */
export async function makeArtifacts(
  workspace: Workspace,
  { arguments: names, flags }: Input,
  env: Env,
): Promise<Checked<Made>> {
  const { tree, project, root } = workspace;
  const nothing: Made = { artifacts: [], crds: [], api: noApi };
  const named = Array.isArray(flags.paths) ? fromRoot(root, env.cwd, flags.paths) : undefined;
  if (!project && hadProject(tree.read(manifestPath))) return { value: nothing, diagnostics: [projectMissing] };
  const paths = named ? namedSources(tree, named) : projectSources(tree);
  if (paths.length === 0 && !project) return { value: nothing, diagnostics: [notAProject(root, env.cwd)] };
  const api = await readWorkspaceApi(workspace, paths);
  if (hasErrors(api.diagnostics)) return { value: { ...nothing, api: api.value }, diagnostics: api.diagnostics };
  const made = generate(project, api.value, {
    ...(names.length > 0 ? { only: names } : {}),
    ...(typeof flags.maxDescLen === 'number' ? { maxDescLen: flags.maxDescLen } : {}),
  });
  const isWhole = project && !named && !hasErrors(made.diagnostics);
  const undeclared = isWhole ? checkDeclared(project, tree.read('PROJECT')!, made.value.crds) : [];
  const none = api.value.kinds.length === 0 && undeclared.length === 0 ? [noKinds(named !== undefined)] : [];
  const diagnostics = [...api.diagnostics, ...none, ...undeclared, ...made.diagnostics];
  return { value: { ...made.value, api: api.value }, diagnostics };
}

const noApi: Api = { kinds: [], markers: noMarkers, files: [] };

/** Paths as they are typed, where the user stands, become paths of the project. */
export function fromRoot(root: string, cwd: string, paths: readonly string[]): readonly string[] {
  return paths.map((path) => {
    const inside = relative(root, resolve(cwd, path)).split(sep).join('/');
    if (path !== '' && !/^\.\.(\/|$)/.test(inside)) return inside === '' ? '.' : inside;
    const fact = path === '' ? 'one of them is empty' : `\`${path}\` lies outside of it`;
    const message = `\`--paths\` must name sources of the project, but ${fact}`;
    throw new Refusal({
      code: 'OG5001',
      severity: 'error',
      message,
      hint: 'name files, folders or quoted globs below the project',
    });
  });
}

/** Whether the manifest lists what is only made where a PROJECT is; sources without one have a manifest, too. */
function hadProject(manifest: string | undefined): boolean {
  const files = manifest === undefined ? [] : (parseManifest(manifest).value?.files ?? []);
  return files.some(({ path, source }) => path === 'PROJECT' || ['init', 'makefile', 'dockerfile'].includes(source));
}

const projectMissing: Diagnostic = {
  code: 'OG5002',
  severity: 'error',
  message: `A project must have its PROJECT file, but \`${manifestPath}\` is here without it`,
  hint: 'bring it back with `git checkout PROJECT`',
};

function noKinds(byPaths: boolean): Diagnostic {
  const message = 'An API needs a kind, but no source exports an interface that extends `CustomResource`';
  const hint = byPaths ? 'check `--paths`' : 'run `opgen create api --kind Memcached`';
  return { code: 'OG1008', severity: 'warning', message, hint };
}

/** The artifacts as they are to be planned, with what has been found on the way. */
export function toWanted(
  workspace: Workspace,
  made: Checked<Made>,
  { arguments: names, flags }: Input,
  env: Env,
): Wanted {
  const partial = flags.paths !== undefined || flags.output !== undefined;
  return {
    artifacts: made.value.artifacts,
    diagnostics: made.diagnostics,
    verify: (changes) => checkConfig(workspace, changes, made.value.crds, flags.check ? 'error' : 'warning'),
    options: {
      opgenVersion: env.version,
      dryRun: flags.dryRun === true,
      force: forceOf(flags),
      createUserFiles: names.includes('samples') || flags.output !== undefined,
      manifest: flags.output === undefined,
      ...(partial ? {} : { sources: names.length > 0 ? names : generators.map(({ name }) => name) }),
    },
  };
}
