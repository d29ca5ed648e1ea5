import { relative, resolve, sep } from 'node:path';
import { type Checked, type Diagnostic, hasErrors, Refusal } from '../../diagnostics.js';
import { drift } from '../../emit/drift.js';
import { manifestPath } from '../../emit/manifest.js';
import { manifestSource, plan } from '../../emit/plan.js';
import { namedSources, projectSources } from '../../frontend/files.js';
import { type Generated, generate as generateArtifacts } from '../../generate.js';
import { generators } from '../../generators/index.js';
import { nearest } from '../../nearest.js';
import { type Command, type Env, forceOf, type Input, type Outcome, writingFlags } from '../command.js';
import { checkConfig, checkDeclared } from '../consistency/index.js';
import { plural } from '../report.js';
import { rememberRun, upToDate } from '../unchanged.js';
import { notAProject, openWorkspace, readWorkspaceApi, type Workspace } from '../workspace.js';
import { countChanges, type Wanted, write } from '../write.js';

export const generate: Command = {
  name: 'generate',
  summary: 'write the artifacts that follow from the types: CRDs, RBAC, generated code, samples, Makefile',
  arguments: {
    usage: '[artifact...]',
    summary: `any of ${generators.map(({ name }) => name).join(', ')}; none means all`,
  },
  flags: [
    { name: 'check', type: 'boolean', summary: 'write nothing; exit 1 and say why if anything is out of date' },
    {
      name: 'paths',
      type: 'repeat',
      value: '<path>',
      summary: 'read these files, folders or globs in place of src/**/*.ts',
    },
    { name: 'output', type: 'string', value: '<dir>', summary: 'write below this folder, or to stdout with `-`' },
    {
      name: 'maxDescLen',
      type: 'number',
      value: '<bytes>',
      summary: 'cut descriptions in CRDs to this length; 0 drops them',
    },
    ...writingFlags,
  ],
  examples: [
    'opgen generate',
    'opgen generate crds rbac',
    'opgen generate --check',
    'opgen generate crds --paths src/api --output -',
  ],
  run,
};

async function run(input: Input, env: Env): Promise<Outcome> {
  const usage = checkUsage(input);
  if (usage.length > 0) return { diagnostics: usage };
  const opened = openWorkspace(env.cwd);
  const workspace = opened.value;
  if (hasErrors(opened.diagnostics)) return { diagnostics: opened.diagnostics, root: workspace.root };
  const { flags } = input;
  if (flags.output === '-') return toStdout(workspace, input, env, opened.diagnostics);
  if (flags.check) return check(workspace, input, env, opened.diagnostics);
  const root = flags.output === undefined ? workspace.root : resolve(env.cwd, String(flags.output));
  let files: readonly string[] = [];
  const { outcome, applied } = await write(root, flags.dryRun === true, async () => {
    const made = await generated(workspace, input, env);
    files = made.value.files;
    return toWanted(workspace, { ...made, diagnostics: [...opened.diagnostics, ...made.diagnostics] }, input, env);
  });
  if (!outcome.changes) return { ...outcome, root: workspace.root };
  if (applied) remember(workspace, input, files, outcome);
  const changed = countChanges(outcome.changes);
  const summary = changed === 0 ? upToDate(false, outcome.changes.length) : `${plural(changed, 'file')} written.`;
  return { ...outcome, root: workspace.root, ...(flags.dryRun && changed > 0 ? {} : { summary }) };
}

/** A run that has nothing to say need not be repeated until a file changes. */
function remember(
  { root, tree, project }: Workspace,
  { arguments: names, flags }: Input,
  files: readonly string[],
  outcome: Outcome,
): void {
  const special = ['paths', 'output', 'maxDescLen'].some((name) => flags[name] !== undefined);
  if (special || !project || outcome.diagnostics.length > 0 || !outcome.changes) return;
  const outputs = outcome.changes.filter(({ action }) => action !== 'delete').map(({ path }) => path);
  rememberRun(root, names, ['PROJECT', ...projectSources(tree), ...files], outputs);
}

function checkUsage({ arguments: names, flags }: Input): readonly Diagnostic[] {
  const known = generators.map(({ name }) => name);
  const error = (message: string, hint: string): Diagnostic => ({ code: 'OG5001', severity: 'error', message, hint });
  const hint = (name: string) => {
    const near = nearest(name, known);
    return near ? `did you mean \`${near}\`?` : `use any of ${known.join(', ')}`;
  };
  const unknown = names.filter((name) => !known.includes(name));
  const diagnostics = unknown.map((name) =>
    error(`\`generate\` takes names of artifacts, but \`${name}\` is none`, hint(name)),
  );
  if (flags.check && (flags.output !== undefined || flags.force || flags.dryRun)) {
    diagnostics.push(
      error('`--check` writes nothing, but `--output`, `--force` or `--dry-run` is given too', 'drop one of them'),
    );
  }
  return diagnostics;
}

interface Made extends Generated {
  /** What was read, relative to the root. */
  readonly files: readonly string[];
}

/** The artifacts of the sources that the flags name. */
async function generated(workspace: Workspace, { arguments: names, flags }: Input, env: Env): Promise<Checked<Made>> {
  const { tree, project, root } = workspace;
  const nothing: Made = { artifacts: [], crds: [], files: [] };
  const named = Array.isArray(flags.paths) ? fromRoot(root, env.cwd, flags.paths) : undefined;
  if (!project && tree.read(manifestPath) !== undefined) return { value: nothing, diagnostics: [projectMissing] };
  const paths = named ? namedSources(tree, named) : projectSources(tree);
  if (paths.length === 0 && !project) return { value: nothing, diagnostics: [notAProject(root, env.cwd)] };
  const api = await readWorkspaceApi(workspace, paths);
  if (hasErrors(api.diagnostics)) return { value: nothing, diagnostics: api.diagnostics };
  const made = generateArtifacts(project, api.value, {
    ...(names.length > 0 ? { only: names } : {}),
    ...(typeof flags.maxDescLen === 'number' ? { maxDescLen: flags.maxDescLen } : {}),
  });
  const isWhole = project && !named && !hasErrors(made.diagnostics);
  const undeclared = isWhole ? checkDeclared(project, tree.read('PROJECT')!, made.value.crds) : [];
  const none = api.value.kinds.length === 0 && undeclared.length === 0 ? [noKinds(named !== undefined)] : [];
  const diagnostics = [...api.diagnostics, ...none, ...undeclared, ...made.diagnostics];
  return { value: { ...made.value, files: api.value.files }, diagnostics };
}

/** Paths as they are typed, where the user stands, become paths of the project. */
function fromRoot(root: string, cwd: string, paths: readonly string[]): readonly string[] {
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

const projectMissing: Diagnostic = {
  code: 'OG5002',
  severity: 'error',
  message: `A project must have its PROJECT file, but only \`${manifestPath}\` of it is here`,
  hint: 'bring it back with `git checkout PROJECT`',
};

function noKinds(byPaths: boolean): Diagnostic {
  const message = 'An API needs a kind, but no source exports an interface that extends `CustomResource`';
  const hint = byPaths ? 'check `--paths`' : 'run `opgen create api --kind Memcached`';
  return { code: 'OG1008', severity: 'warning', message, hint };
}

function toWanted(workspace: Workspace, made: Checked<Made>, { arguments: names, flags }: Input, env: Env): Wanted {
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

async function check(workspace: Workspace, input: Input, env: Env, found: readonly Diagnostic[]): Promise<Outcome> {
  const { root, tree } = workspace;
  const made = await generated(workspace, input, env);
  const wanted = toWanted(workspace, { ...made, diagnostics: [...found, ...made.diagnostics] }, input, env);
  if (hasErrors(wanted.diagnostics)) return { diagnostics: wanted.diagnostics, root };
  const { value: changes, diagnostics: planned } = plan(wanted.artifacts, tree, wanted.options);
  const drifted = drift(changes, {
    command: (source) => (source === manifestSource ? 'opgen generate' : `opgen generate ${source}`),
  });
  const diagnostics = [...wanted.diagnostics, ...planned, ...drifted, ...wanted.verify!(changes)];
  remember(workspace, input, made.value.files, { changes, diagnostics });
  return { diagnostics, root, summary: upToDate(true, changes.length) };
}

/** Manifests as one stream of YAML documents in the order of their paths; other files only when they are asked for by name. */
async function toStdout(workspace: Workspace, input: Input, env: Env, found: readonly Diagnostic[]): Promise<Outcome> {
  const { value, diagnostics } = await generated(workspace, input, env);
  const output = value.artifacts
    .flatMap((artifact) => ('content' in artifact ? [artifact] : []))
    .filter(({ path }) => input.arguments.length > 0 || path.endsWith('.yaml'))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ content }) => content);
  return { diagnostics: [...found, ...diagnostics], output: output.join(''), root: workspace.root };
}
