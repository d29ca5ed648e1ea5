import { resolve } from 'node:path';
import { type Checked, type Diagnostic, hasErrors } from '../../diagnostics.js';
import { drift } from '../../emit/drift.js';
import { manifestSource, plan } from '../../emit/plan.js';
import { projectSources } from '../../frontend/files.js';
import type { Env, Input, Outcome } from '../command.js';
import { plural } from '../report.js';
import { projectRoot } from '../root.js';
import { openWorkspace, type Workspace } from '../workspace.js';
import { countChanges, write, writtenBy } from '../write.js';
import { changedRun } from './changed.js';
import { crdFacts, readingOf, sourceFacts } from './facts.js';
import { type Made, makeArtifacts, toWanted } from './made.js';
import { clockStep, lookBack, type Run, remember, statesOf, watchedFiles } from './memory.js';
import { upToDate } from './unchanged.js';
import type { Round } from './watch.js';

/** One run, and what it has read and written in the folder of the project itself. */
export async function generateOnce(input: Input, env: Env): Promise<Round> {
  const since = Date.now() - clockStep;
  return (await withMemory(input, env, since)) ?? wholeRun(input, env, since);
}

/** The ways that do not read all sources again, where one of them is open. */
async function withMemory({ arguments: names, flags }: Input, env: Env, since: number): Promise<Round | undefined> {
  const root = projectRoot(env.cwd);
  if (!root || [...unusualFlags, 'force', 'dryRun'].some((name) => flags[name] !== undefined)) return undefined;
  const check = flags.check === true;
  const back = lookBack(root, names, check);
  if (back?.changed.length === 0) {
    const { artifacts, warnings } = back.run;
    return { outcome: { diagnostics: warnings, root, summary: upToDate(check, artifacts) }, read: filesOf(back.run) };
  }
  const rerun = back && !check ? await changedRun(root, back, { names, version: env.version, since }) : undefined;
  return rerun && { outcome: summarised(rerun.outcome, rerun.run.artifacts), read: filesOf(rerun.run) };
}

/** With one of these a run has other inputs or outputs than the everyday one. */
const unusualFlags = ['paths', 'output', 'maxDescLen'];

const filesOf = ({ files }: Run): readonly string[] => files.map(([path]) => path);

async function wholeRun(input: Input, env: Env, since: number): Promise<Round> {
  const opened = openWorkspace(env.cwd);
  const workspace = opened.value;
  if (hasErrors(opened.diagnostics))
    return { outcome: { diagnostics: opened.diagnostics, root: workspace.root }, read: [] };
  const { flags } = input;
  if (flags.output === '-') return { outcome: await toStdout(workspace, input, env, opened.diagnostics), read: [] };
  if (flags.check) return { outcome: await check(workspace, input, env, opened.diagnostics, since), read: [] };
  const root = flags.output === undefined ? workspace.root : resolve(env.cwd, String(flags.output));
  let made: Checked<Made> | undefined;
  const { outcome, applied } = await write(root, flags.dryRun === true, async () => {
    made = await makeArtifacts(workspace, input, env);
    return toWanted(workspace, { ...made, diagnostics: [...opened.diagnostics, ...made.diagnostics] }, input, env);
  });
  const files = made?.value.api.files ?? [];
  if (!outcome.changes) return { outcome: { ...outcome, root: workspace.root }, read: files };
  if (applied && made) rememberMade(workspace, input, made, outcome, since);
  const atRoot = outcome.changes
    .map(({ path }) => path)
    .filter((path) => root === workspace.root && !path.includes('/'));
  const whole = { ...outcome, root: workspace.root };
  const isPlan = flags.dryRun === true && countChanges(outcome.changes) > 0;
  return {
    outcome: isPlan ? whole : summarised(whole, outcome.changes.length),
    read: [...files, ...atRoot],
    target: root,
  };
}

function summarised(outcome: Outcome, artifacts: number): Outcome {
  const changed = countChanges(outcome.changes ?? []);
  return { ...outcome, summary: changed === 0 ? upToDate(false, artifacts) : `${plural(changed, 'file')} written.` };
}

/** A run whose only findings are about the sources need not be repeated until a file changes. */
function rememberMade(
  { root, tree, project }: Workspace,
  { arguments: names, flags }: Input,
  { value: { api, crds }, diagnostics: warnings }: Checked<Made>,
  outcome: Outcome,
  since: number,
): void {
  const isSpecial = [...unusualFlags, 'force'].some((name) => flags[name] !== undefined);
  if (isSpecial || !project || outcome.diagnostics.length > warnings.length || !outcome.changes) return;
  const outputs = outcome.changes.filter(({ action }) => action !== 'delete').map(({ path }) => path);
  const scanned = projectSources(tree);
  const files = new Set(['PROJECT', ...scanned, ...api.files, ...watchedFiles(root), ...outputs]);
  const run: Run = {
    project,
    artifacts: outputs.length,
    warnings,
    files: statesOf(root, [...files]),
    sources: sourceFacts(api, scanned),
    crds: crdFacts(api, crds),
    reading: readingOf(api),
  };
  const written = flags.check ? [] : writtenBy(outcome.changes);
  remember(root, names, run, written, since);
}

async function check(
  workspace: Workspace,
  input: Input,
  env: Env,
  found: readonly Diagnostic[],
  since: number,
): Promise<Outcome> {
  const { root, tree } = workspace;
  const made = await makeArtifacts(workspace, input, env);
  const wanted = toWanted(workspace, { ...made, diagnostics: [...found, ...made.diagnostics] }, input, env);
  if (hasErrors(wanted.diagnostics)) return { diagnostics: wanted.diagnostics, root };
  const { value: changes, diagnostics: planned } = plan(wanted.artifacts, tree, wanted.options);
  const drifted = drift(changes, {
    command: (source) =>
      ['opgen generate', ...(source === manifestSource ? [] : [source]), ...flagsAgain(input)].join(' '),
  });
  const diagnostics = [...wanted.diagnostics, ...planned, ...drifted, ...wanted.verify!(changes)];
  rememberMade(workspace, input, made, { changes, diagnostics }, since);
  return { diagnostics, root, summary: upToDate(true, changes.length) };
}

/** Without these flags the command of a hint would write something else than what was checked. */
const flagsAgain = ({ flags: { maxDescLen } }: Input): readonly string[] =>
  maxDescLen === undefined ? [] : [`--max-desc-len ${maxDescLen}`];

/** Manifests as one stream of YAML documents in the order of their paths; other files only when they are asked for by name. */
async function toStdout(workspace: Workspace, input: Input, env: Env, found: readonly Diagnostic[]): Promise<Outcome> {
  const { value, diagnostics } = await makeArtifacts(workspace, input, env);
  const output = value.artifacts
    .flatMap((artifact) => ('content' in artifact ? [artifact] : []))
    .filter(({ path }) => input.arguments.length > 0 || path.endsWith('.yaml'))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ content }) => content);
  return { diagnostics: [...found, ...diagnostics], output: output.join(''), root: workspace.root };
}
