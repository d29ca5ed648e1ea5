import { type Checked, type Diagnostic, hasErrors } from '../../diagnostics.js';
import { type Artifact, type Sourced, sourced } from '../../emit/artifact.js';
import { projectSources } from '../../frontend/files.js';
import { generate } from '../../generate.js';
import { defaultController, withController } from '../../project/controllers.js';
import { addResource, readProject } from '../../project/file.js';
import type { Project, Resource } from '../../project/model.js';
import { checkQualifiedGroup } from '../../project/names.js';
import { apiFile, controllerFile } from '../../project/paths.js';
import { type ApiInput, apiArtifacts } from '../../scaffold/api.js';
import {
  checkFlags,
  dependencyOf,
  groupFlag,
  imageOf,
  isExternal,
  kindFlag,
  partFlags,
  versionFlag,
} from '../api/flags.js';
import { hasController, refuseController, refuseTypes } from '../api/refusals.js';
import { type Asked, existingKind, newKind } from '../api/target.js';
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

export const createApi: Command = {
  name: 'create api',
  summary: 'add a kind: its types, CRD, roles, sample and generated code, and a controller with a test',
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
    ...partFlags,
    ...writingFlags,
  ],
  examples: [
    'opgen create api --group cache --version v1alpha1 --kind Memcached',
    'opgen create api --kind Memcached',
    'opgen create api --group infra --version v1 --kind Cluster --no-namespaced --dry-run',
    'opgen create api --group cache --kind Memcached --image memcached:1.6.26 --image-container-port 11211',
    'opgen create api --group apps --version v1 --kind Deployment --no-resource',
    'opgen create api --group cert-manager --external-api-domain io --version v1 --kind Certificate --no-resource',
    'opgen create api --group cache --kind Memcached --no-resource --controller-name memcached-backup',
  ],
  run,
};

async function run({ flags }: Input, env: Env): Promise<Outcome> {
  const opened = openWorkspace(env.cwd);
  const workspace = opened.value;
  const { project, root } = workspace;
  if (hasErrors(opened.diagnostics)) return { diagnostics: opened.diagnostics, root };
  if (!project) return { diagnostics: [notAProject(root, env.cwd)] };
  const misuse = checkFlags(flags);
  if (misuse.length > 0) return { diagnostics: misuse, root };
  const asked = await askParts(flags, project, env);
  if (!asked.value) return { diagnostics: asked.diagnostics, root };
  const parts = asked.value;
  const { outcome, applied } = await write(root, flags.dryRun === true, () =>
    want(openWorkspace(env.cwd).value, parts, flags, env),
  );
  return applied ? { ...outcome, next: nextSteps(project, parts, flags) } : outcome;
}

/** What is to be written for which kind. */
interface Parts {
  readonly resource: Resource;
  readonly types: boolean;
  /** Name of the controller's file; absent: none is wanted. */
  readonly controller?: string;
}

/** The parts that the flags and, on a terminal, the answers describe. */
async function askParts(flags: FlagValues, project: Project, env: Env): Promise<Checked<Parts | undefined>> {
  const text = async (flag: Flag) =>
    typeof flags[flag.name] === 'string' ? String(flags[flag.name]) : env.ask(flag, undefined);
  const kind = await text(kindFlag);
  if (kind === undefined || kind === '') return { value: undefined, diagnostics: [missingKind(flags)] };
  const group = await askGroup(flags, project, env);
  const version = typeof flags.version === 'string' ? flags.version : await askVersion(env);
  const types = await askPart('resource', !isExternal(flags), flags, env);
  const asked: Asked = { group, kind, flags, ...(version === undefined ? {} : { version }) };
  const { value: resource, diagnostics } = types ? newKind(asked, project) : existingKind(asked, project);
  if (!resource) return { value: undefined, diagnostics };
  const controller = await askPart('controller', !(types && hasController(project, resource)), flags, env);
  const name = typeof flags.controllerName === 'string' ? flags.controllerName : defaultController(resource);
  return { value: { resource, types, ...(controller ? { controller: name } : {}) }, diagnostics: [] };
}

/** Off a terminal there is no answer: then the version follows from the kind. */
const askVersion = (env: Env): Promise<string | undefined> =>
  env.interactive ? env.ask(versionFlag, 'v1alpha1') : Promise.resolve(undefined);

const questions = {
  resource: 'Write the types of the kind? (y/n)',
  controller: 'Write a controller? (y/n)',
} as const;

/** A flag, or the answer to a question; off a terminal the default. The name of a controller asks for one. */
async function askPart(part: keyof typeof questions, preset: boolean, flags: FlagValues, env: Env): Promise<boolean> {
  const given = flags[part];
  if (typeof given === 'boolean') return given;
  if (part === 'controller' ? flags.controllerName !== undefined : isExternal(flags)) return part === 'controller';
  const flag: Flag = { name: part, type: 'string', summary: '', prompt: questions[part], check: checkAnswer };
  return /^y/i.test((await env.ask(flag, preset ? 'y' : 'n')) ?? '');
}

const checkAnswer = (answer: string): Diagnostic | undefined =>
  /^(y|yes|n|no)$/i.test(answer)
    ? undefined
    : { code: 'OG5001', severity: 'error', message: 'The answer must be y or n, but is something else' };

/** On a terminal the group of the project's kinds is offered; off a terminal a missing group means the domain alone. */
async function askGroup(flags: FlagValues, project: Project, env: Env): Promise<string> {
  if (typeof flags.group === 'string') return flags.group;
  const groups = [...new Set(project.resources.filter(({ api }) => api).map((resource) => resource.group))];
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

function nextSteps(project: Project, { resource, types, controller }: Parts, flags: FlagValues): readonly string[] {
  const files = [
    ...(types ? [resource.path] : []),
    ...(controller === undefined ? [] : [controllerFile(project, resource, controller)]),
  ];
  return [
    ...(flags.externalApiModule === undefined ? [] : ['npm install']),
    `Edit ${files.join(' and ')}, then run \`opgen generate\`.`,
    ...(controller !== undefined && project.namespaced && !resource.namespaced ? [outOfReach(resource)] : []),
  ];
}

/** The operator of a namespaced project has a Role, which gives nothing outside of its namespace. */
const outOfReach = ({ kind }: Resource): string =>
  `Give the operator a ClusterRole of your own for \`${kind}\`, which has no namespace: the Role that opgen generates has no effect on it.`;

/** What the new parts add, and what the generators make of the sources with them. */
async function want(workspace: Workspace, parts: Parts, flags: FlagValues, env: Env): Promise<Wanted> {
  const { project, tree } = workspace;
  const force = forceOf(flags);
  const options = { opgenVersion: env.version, dryRun: flags.dryRun === true, force };
  const refused = project && !flags.force ? refusals(workspace, project, parts) : [];
  if (!project || refused.length > 0) return { artifacts: [], diagnostics: refused, options };
  const resource = inProject(project, parts);
  const scaffolded = apiArtifacts(input(project, { ...parts, resource }, flags));
  const withResource = nextProject(tree.read('PROJECT')!, resource);
  if (!withResource.value) return { artifacts: [], diagnostics: withResource.diagnostics, options };
  const made = await generateWith({ ...workspace, project: withResource.value }, scaffolded, force);
  const diagnostics = made.diagnostics.map((each) =>
    each.rule === 'V2' ? storageVersion(each, project, resource) : each,
  );
  return { artifacts: [...sourced('api', scaffolded), ...made.value], diagnostics, options };
}

function input(project: Project, { resource, types, controller }: Parts, flags: FlagValues): ApiInput {
  const [image, dependency] = [imageOf(flags), dependencyOf(flags)];
  return {
    project,
    resource,
    types,
    ...(controller === undefined ? {} : { controller }),
    ...(image ? { image } : {}),
    ...(dependency ? { dependency } : {}),
  };
}

function refusals(
  { tree }: Workspace,
  project: Project,
  { resource, types, controller }: Parts,
): readonly Diagnostic[] {
  const found = types ? refuseTypes(tree, project, resource) : [];
  if (found.length > 0 || controller === undefined) return found;
  return refuseController(tree, project, resource, controller);
}

/** The resource as PROJECT is to have it, the controllers that it has there among it. */
function inProject(project: Project, { resource, controller }: Parts): Resource {
  const known = project.resources.find(
    (each) => each.group === resource.group && each.version === resource.version && each.kind === resource.kind,
  );
  const { controllers } = known ?? {};
  const whole = { ...resource, controller: known?.controller ?? false, ...(controllers ? { controllers } : {}) };
  return controller === undefined ? whole : withController(whole, controller);
}

function nextProject(text: string, resource: Resource): Checked<Project | undefined> {
  const edited = addResource(text, resource);
  return typeof edited === 'string' ? readProject(edited) : { value: undefined, diagnostics: [edited] };
}

/** Runs the generators over the sources as they will be. Samples of other kinds stay as they are. */
async function generateWith(
  workspace: Workspace,
  scaffolded: readonly Artifact[],
  force: boolean | readonly string[],
): Promise<Checked<readonly Sourced[]>> {
  const { tree } = workspace;
  const overlay: Record<string, string> = {};
  for (const artifact of scaffolded) {
    if (artifact.owner !== 'user' || !/^src\/.*\.ts$/.test(artifact.path)) continue;
    const replaced = force === true || (Array.isArray(force) && force.includes(artifact.path));
    overlay[artifact.path] = (replaced ? undefined : tree.read(artifact.path)) ?? artifact.content;
  }
  const paths = [...new Set([...projectSources(tree), ...Object.keys(overlay)])].sort();
  const api = await readWorkspaceApi(workspace, paths, { overlay });
  if (hasErrors(api.diagnostics)) return { value: [], diagnostics: api.diagnostics };
  const made = generate(workspace.project, api.value);
  return { value: made.value.artifacts, diagnostics: [...api.diagnostics, ...made.diagnostics] };
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
