import { type Checked, type Diagnostic, hasErrors } from '../../diagnostics.js';
import { type Artifact, type Sourced, sourced } from '../../emit/artifact.js';
import { projectSources } from '../../frontend/files.js';
import { generate } from '../../generate.js';
import { addResource, readProject } from '../../project/file.js';
import { type Project, qualifiedGroup, type Resource } from '../../project/model.js';
import { checkClash, checkKind, checkPlural, checkQualifiedGroup, checkVersion } from '../../project/names.js';
import { apiFile } from '../../project/paths.js';
import { apiArtifacts } from '../../scaffold/api.js';
import {
  type Command,
  type Env,
  type Flag,
  type FlagValues,
  flagName,
  forceOf,
  type Input,
  type Outcome,
  writingFlags,
} from '../command.js';
import { notAProject, openWorkspace, readWorkspaceApi, type Workspace } from '../workspace.js';
import { type Wanted, write } from '../write.js';

const kindFlag: Flag = {
  name: 'kind',
  type: 'string',
  value: '<kind>',
  summary: 'name of the kind, in CamelCase',
  prompt: 'Kind:',
  check: checkKind,
};
const groupFlag: Flag = {
  name: 'group',
  type: 'string',
  value: '<group>',
  summary: 'API group in front of the domain; none: the group is the domain itself',
  prompt: 'Group (empty: the domain alone):',
};
const versionFlag: Flag = {
  name: 'version',
  type: 'string',
  value: '<version>',
  summary: 'version of the API, such as v1alpha1 (default) or v1',
  prompt: 'Version:',
  check: checkVersion,
};

export const createApi: Command = {
  name: 'create api',
  summary: 'add a kind: its types, CRD, roles, sample and generated code',
  flags: [
    groupFlag,
    versionFlag,
    kindFlag,
    { name: 'plural', type: 'string', value: '<plural>', summary: 'plural of the resource, if the usual one is wrong' },
    {
      name: 'namespaced',
      type: 'boolean',
      summary: 'objects live in namespaces (default); --no-namespaced: in the cluster',
      default: true,
    },
    ...writingFlags,
  ],
  examples: [
    'opgen create api --group cache --version v1alpha1 --kind Memcached',
    'opgen create api --kind Memcached',
    'opgen create api --group infra --version v1 --kind Cluster --no-namespaced --dry-run',
  ],
  run,
};

async function run({ flags }: Input, env: Env): Promise<Outcome> {
  const opened = openWorkspace(env.cwd);
  const workspace = opened.value;
  const { project, root } = workspace;
  if (hasErrors(opened.diagnostics)) return { diagnostics: opened.diagnostics, root };
  if (!project) return { diagnostics: [notAProject(root, env.cwd)] };
  const asked = await askResource(flags, project, env);
  if (!asked.value) return { diagnostics: asked.diagnostics, root };
  const resource = asked.value;
  const { outcome, applied } = await write(root, flags.dryRun === true, () =>
    want(openWorkspace(env.cwd).value, resource, flags, env),
  );
  if (!applied) return outcome;
  const next = [`Edit ${resource.path}, then run \`opgen generate\`.`];
  return { ...outcome, next };
}

/** The resource that the flags and, on a terminal, the answers describe. */
async function askResource(flags: FlagValues, project: Project, env: Env): Promise<Checked<Resource | undefined>> {
  const text = async (flag: Flag, defaultValue?: string) =>
    typeof flags[flag.name] === 'string' ? String(flags[flag.name]) : env.ask(flag, defaultValue);
  const kind = await text(kindFlag);
  if (kind === undefined || kind === '') return { value: undefined, diagnostics: [missingKind(flags)] };
  const group = await askGroup(flags, project, env);
  const version = (await text(versionFlag, 'v1alpha1')) ?? 'v1alpha1';
  const plural = flags.plural === undefined ? {} : { plural: String(flags.plural) };
  const base: Resource = {
    group,
    ...(project.domain === '' ? {} : { domain: project.domain }),
    version,
    kind,
    ...plural,
    namespaced: flags.namespaced !== false,
    api: true,
    controller: false,
    webhooks: [],
  };
  const diagnostics = [
    checkKind(kind),
    checkQualifiedGroup(group, project.domain),
    checkVersion(version),
    plural.plural === undefined ? undefined : checkPlural(plural.plural),
  ];
  const found = diagnostics.filter((each) => each !== undefined);
  if (found.length > 0) return { value: undefined, diagnostics: found };
  return { value: { ...base, path: apiFile(project, base) }, diagnostics: [] };
}

/** On a terminal the group of the project's kinds is offered; off a terminal a missing group means the domain alone. */
async function askGroup(flags: FlagValues, project: Project, env: Env): Promise<string> {
  if (typeof flags.group === 'string') return flags.group;
  const groups = [...new Set(project.resources.map((resource) => resource.group))];
  const check = (value: string) => checkQualifiedGroup(value, project.domain);
  const offered = env.interactive && groups.length === 1 ? groups[0]! : '';
  return (await env.ask({ ...groupFlag, check }, offered)) ?? '';
}

function missingKind(flags: FlagValues): Diagnostic {
  const given = [groupFlag, versionFlag].flatMap((flag) =>
    flags[flag.name] ? [`${flagName(flag)} ${flags[flag.name]}`] : [],
  );
  const hint = ['opgen create api', ...given, '--kind Memcached'].join(' ');
  return { code: 'OG5007', severity: 'error', message: '`create api` needs `--kind`, but it is not given', hint };
}

/** What the new kind adds, and what the generators make of the sources with it. */
async function want(workspace: Workspace, resource: Resource, flags: FlagValues, env: Env): Promise<Wanted> {
  const { project, tree } = workspace;
  const options = { opgenVersion: env.version, dryRun: flags.dryRun === true, force: forceOf(flags) };
  const refused = project ? refusals(workspace, project, resource, flags) : [];
  if (!project || refused.length > 0) return { artifacts: [], diagnostics: refused, options };
  const scaffolded = apiArtifacts({ project, resource });
  const withResource = nextProject(tree.read('PROJECT')!, resource);
  if (!withResource.value) return { artifacts: [], diagnostics: withResource.diagnostics, options };
  const made = await generateWith({ ...workspace, project: withResource.value }, scaffolded);
  const diagnostics = made.diagnostics.map((each) =>
    each.rule === 'V2' ? storageVersion(each, project, resource) : each,
  );
  return { artifacts: [...sourced('api', scaffolded), ...made.value], diagnostics, options };
}

function nextProject(text: string, resource: Resource): Checked<Project | undefined> {
  const edited = addResource(text, resource);
  return typeof edited === 'string' ? readProject(edited) : { value: undefined, diagnostics: [edited] };
}

/** Runs the generators over the sources as they will be. Samples of other kinds stay as they are. */
async function generateWith(
  workspace: Workspace,
  scaffolded: readonly Artifact[],
): Promise<Checked<readonly Sourced[]>> {
  const { tree } = workspace;
  const overlay: Record<string, string> = {};
  for (const artifact of scaffolded) {
    if (artifact.owner === 'user' && artifact.path.endsWith('.ts'))
      overlay[artifact.path] = tree.read(artifact.path) ?? artifact.content;
  }
  const paths = [...new Set([...projectSources(tree), ...Object.keys(overlay)])].sort();
  const api = await readWorkspaceApi(workspace, paths, overlay);
  if (hasErrors(api.diagnostics)) return { value: [], diagnostics: api.diagnostics };
  const made = generate(workspace.project, api.value);
  return { value: made.value.artifacts, diagnostics: [...api.diagnostics, ...made.diagnostics] };
}

function refusals({ tree }: Workspace, project: Project, resource: Resource, flags: FlagValues): readonly Diagnostic[] {
  if (flags.force) return [];
  const same = (other: Resource) =>
    qualifiedGroup(other) === qualifiedGroup(resource) &&
    other.version === resource.version &&
    other.kind === resource.kind;
  if (project.resources.some(same)) return [apiExists(project, resource)];
  const other = project.resources.find((each) => each.group !== resource.group);
  if (other && !project.multigroup) return [secondGroup(other, resource)];
  const neighbours = project.resources.filter((each) => qualifiedGroup(each) === qualifiedGroup(resource));
  const clash = checkClash(resource, neighbours);
  if (clash) return [clash];
  const path = apiFile(project, resource);
  return tree.read(path) === undefined ? [] : [fileExists(path)];
}

/** The new version cannot be the place to put it right: its file does not exist yet. */
function storageVersion(diagnostic: Diagnostic, project: Project, { group, kind }: Resource): Diagnostic {
  const { at: _, ...rest } = diagnostic;
  const older = project.resources.find((each) => each.group === group && each.kind === kind);
  if (!older) return diagnostic;
  const hint = `put \`// +kubebuilder:storageversion\` above \`${kind}\` in ${apiFile(project, older)}, then run the command again`;
  return {
    ...rest,
    message: `A kind with several versions needs one that is stored, but no version of \`${kind}\` is marked`,
    hint,
  };
}

function apiExists(project: Project, resource: Resource): Diagnostic {
  const message = `A kind is created once, but ${qualifiedGroup(resource)}/${resource.version} \`${resource.kind}\` is in PROJECT already`;
  return {
    code: 'OG5005',
    severity: 'error',
    message,
    hint: `edit \`${apiFile(project, resource)}\`, or write it anew with \`--force\``,
  };
}

function secondGroup(other: Resource, resource: Resource): Diagnostic {
  const name = (group: string) => (group === '' ? 'the domain itself' : `\`${group}\``);
  const message = `A project has one API group unless it is multigroup, but ${name(resource.group)} differs from ${name(other.group)}`;
  const hint = `use \`--group ${other.group || "''"}\`, or set \`multigroup: true\` in a new project with \`opgen init --multigroup\``;
  return { code: 'OG5006', severity: 'error', message, hint };
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
