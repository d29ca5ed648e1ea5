import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Crd } from '../../crd/crd.js';
import { type Diagnostic, hasErrors, sortDiagnostics } from '../../diagnostics.js';
import { apply } from '../../emit/apply.js';
import type { Sourced } from '../../emit/artifact.js';
import { withLock } from '../../emit/lock.js';
import { type Change, plan } from '../../emit/plan.js';
import { diskTree, type Tree } from '../../emit/tree.js';
import { generate } from '../../generate.js';
import type { Api } from '../../ir/api.js';
import type { Outcome } from '../command.js';
import { checkSamples } from '../consistency/samples.js';
import { readWorkspaceApi, type Workspace } from '../workspace.js';
import { writtenBy } from '../write.js';
import { crdFacts, readingOf, sourceFacts } from './facts.js';
import { type CrdFacts, type LookBack, lookBack, type Run, remember, statesOf } from './memory.js';

export interface Options {
  readonly names: readonly string[];
  /** Version of opgen. */
  readonly version: string;
  /** When the run began, in ms. */
  readonly since: number;
}

export interface Rerun {
  readonly outcome: Outcome;
  /** As it is to be remembered. */
  readonly run: Run;
}

/**
 * Where nothing but sources has changed since the last run, and they still declare the same kinds with the same names, only what follows from the kinds at
 * hand is made anew. Everything else, and everything that calls for a message, is left to the long way: `undefined`, and nothing is written.
 */
export async function changedRun(root: string, back: LookBack, options: Options): Promise<Rerun | undefined> {
  if (!onlySources(root, back)) return undefined;
  return withLock(root, async () => {
    const now = lookBack(root, options.names, false);
    return now && onlySources(root, now) ? rerun(root, now, options) : undefined;
  });
}

async function rerun(root: string, { run, changed }: LookBack, options: Options): Promise<Rerun | undefined> {
  const workspace = { root, tree: diskTree(root), project: run.project };
  const { tree } = workspace;
  const made = await madeAnew(workspace, run, changed, options.names);
  if (!made) return undefined;
  const planned = plan(made.artifacts, tree, { opgenVersion: options.version, createUserFiles: false });
  const changes = planned.value;
  const calm = changes.every(({ action }) => action === 'keep' || action === 'update');
  if (!calm || planned.diagnostics.length > 0 || complaints(workspace, changes, made.crds).length > 0) return undefined;
  apply(changes, root);
  const outputs = changes.map(({ path }) => path);
  const next = nextRun(root, run, made, [...changed, ...outputs]);
  remember(root, options.names, next, writtenBy(changes), options.since);
  return { outcome: { diagnostics: made.warnings, changes, dryRun: false, root }, run: next };
}

/** Whether nothing but sources has changed, and none of them is gone. */
function onlySources(root: string, { run, changed }: LookBack): boolean {
  const followed = [...run.crds.map(({ files }) => files), ...Object.values(run.reading.searched)];
  const sources = new Set([...Object.keys(run.sources), ...followed.flat()]);
  return changed.every((path) => sources.has(path) && existsSync(join(root, path)));
}

interface Made {
  readonly api: Api;
  readonly crds: readonly Crd[];
  /** The scanned sources that were read. */
  readonly read: readonly string[];
  readonly artifacts: readonly Sourced[];
  /** Of the whole project. */
  readonly warnings: readonly Diagnostic[];
}

async function madeAnew(
  workspace: Workspace,
  run: Run,
  changed: readonly string[],
  names: readonly string[],
): Promise<Made | undefined> {
  const read = sourcesToRead(run, changed);
  const api = await readWorkspaceApi(workspace, read, { names: run.reading.names });
  const facts = sourceFacts(api.value, read);
  const sameSources = read.every((path) => facts[path]!.says === run.sources[path]!.says);
  if (hasErrors(api.diagnostics) || !sameSources || !isWhole(api.value, run)) return undefined;
  const made = generate(workspace.project, api.value, names.length > 0 ? { only: names } : {});
  const heads = new Map(run.crds.map(({ name, head }) => [name, head]));
  const fresh = crdFacts(api.value, made.value.crds);
  const warnings = mergedWarnings(run, [...api.diagnostics, ...made.diagnostics], fresh, read);
  if (!warnings || fresh.some(({ name, head }) => heads.get(name) !== head)) return undefined;
  const artifacts = made.value.artifacts.filter(({ crd }) => crd !== undefined);
  return { api: api.value, crds: made.value.crds, read, artifacts, warnings };
}

/** Whether the files at hand are all that has a say in what they declare, and declare nothing that has a say in others. */
function isWhole({ reading }: Api, run: Run): boolean {
  const { names, searched, globals } = reading!;
  const sameGlobals = Object.keys(searched).length === 0 || globals.join('\n') === run.reading.globals.join('\n');
  return sameGlobals && names.every((name) => run.reading.names.includes(name));
}

/** What was found now, and what was found earlier about the rest; undefined where the two cannot be told apart, and for errors. */
function mergedWarnings(
  run: Run,
  found: readonly Diagnostic[],
  fresh: readonly CrdFacts[],
  read: readonly string[],
): readonly Diagnostic[] | undefined {
  const anew = new Set(fresh.map(({ name }) => name));
  const here = new Set([...read, ...fresh.flatMap(({ files }) => files)]);
  const elsewhere = new Set(run.crds.flatMap(({ name, files }) => (anew.has(name) ? [] : files)));
  const isHalfRead = (path: string): boolean => path in run.sources && !read.includes(path);
  const isOpen = ({ at }: Diagnostic): boolean =>
    !at || (here.has(at.file) && (elsewhere.has(at.file) || isHalfRead(at.file)));
  if (hasErrors(found) || [...found, ...run.warnings].some(isOpen)) return undefined;
  return sortDiagnostics([...run.warnings.filter(({ at }) => !here.has(at!.file)), ...found]);
}

/** The changed sources, those of all kinds that may depend on a changed file, whole CRDs each, and what gives them their groups and versions. */
function sourcesToRead(run: Run, changed: readonly string[]): readonly string[] {
  const idle = Object.entries(run.reading.searched).filter(([, files]) => files.some((path) => changed.includes(path)));
  const read = new Set(
    [...changed, ...idle.map(([path]) => path), ...run.reading.globals].filter((path) => path in run.sources),
  );
  const isTouched = ({ declared, files }: CrdFacts) =>
    declared.some((path) => read.has(path)) || files.some((path) => changed.includes(path));
  let left = run.crds;
  for (let touched = left.filter(isTouched); touched.length > 0; touched = left.filter(isTouched)) {
    for (const path of touched.flatMap(({ declared }) => declared)) read.add(path);
    left = left.filter((crd) => !touched.includes(crd));
  }
  const folders = new Set([...read].map((path) => posix.dirname(path)));
  for (const [path, { names }] of Object.entries(run.sources))
    if (names && folders.has(posix.dirname(path))) read.add(path);
  return [...read].sort();
}

/** What the user's samples of these kinds say against their schemas. */
function complaints({ tree, project }: Workspace, changes: readonly Change[], crds: readonly Crd[]) {
  const kinds = crds.map(({ object }) => object.spec.names.kind).join('|');
  const mentions = new RegExp(`\\b(${kinds})\\b`);
  const samples: Tree = {
    read: tree.read,
    list: (dir) =>
      tree.list(dir).filter((name) => name.endsWith('/') || mentions.test(tree.read(`${dir}/${name}`) ?? '')),
  };
  return crds.length === 0 ? [] : checkSamples(samples, project, changes, crds, 'warning');
}

function nextRun(root: string, run: Run, { api, crds, read, warnings }: Made, touched: readonly string[]): Run {
  const fresh = crdFacts(api, crds);
  const states = statesOf(root, [...new Set([...touched, ...fresh.flatMap(({ files }) => files)])]);
  const replaced = new Set(states.map(([path]) => path));
  const names = new Set(fresh.map(({ name }) => name));
  const { searched, missing } = readingOf(api);
  const idle = Object.entries(run.reading.searched).filter(([path]) => !read.includes(path));
  return {
    project: run.project,
    artifacts: run.artifacts,
    warnings,
    files: [...run.files.filter(([path]) => !replaced.has(path)), ...states],
    sources: { ...run.sources, ...sourceFacts(api, read) },
    crds: [...run.crds.filter(({ name }) => !names.has(name)), ...fresh],
    reading: {
      ...run.reading,
      searched: { ...Object.fromEntries(idle), ...searched },
      missing: [...new Set([...run.reading.missing, ...missing])].sort(),
    },
  };
}
