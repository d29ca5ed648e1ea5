import { type Checked, type Diagnostic, InternalError, type Position } from '../diagnostics.js';
import { nearest } from '../nearest.js';
import type { Sourced } from './artifact.js';
import { shortDiff } from './diff.js';
import {
  formatManifest,
  hashOf,
  type Manifest,
  type ManifestEntry,
  manifestPath,
  parseManifest,
  withLf,
} from './manifest.js';
import { checkPaths } from './path.js';
import { byCodeUnit, type Tree } from './tree.js';

/** What happens to one file. `before` and `after` are whole texts; absent: the file does not exist then. */
export interface Change {
  readonly path: string;
  readonly action: 'create' | 'update' | 'delete' | 'keep' | 'conflict';
  readonly before?: string;
  readonly after?: string;
  readonly owner: 'opgen' | 'user' | 'shared';
  readonly source: string;
  readonly at?: Position;
}

export interface PlanOptions {
  readonly opgenVersion: string;
  /** What `--force` names: everything, or files and folders. */
  readonly force?: boolean | readonly string[];
  /** Recorded files of these sources without an artifact are orphans. Absent: none are looked for. */
  readonly sources?: readonly string[];
  /** Default true. False: a user's file that is missing stays missing. */
  readonly createUserFiles?: boolean;
  /** Default true. False: no manifest is read or written. */
  readonly manifest?: boolean;
}

/** The `source` of the manifest's own change. */
export const manifestSource = 'manifest';

/** What became of one file: its changes, the manifest's entry for it, and what was found. */
interface Decision {
  readonly changes: readonly Change[];
  readonly entry?: ManifestEntry | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

interface File {
  readonly artifact: Sourced;
  readonly before: string | undefined;
  readonly recorded: ManifestEntry | undefined;
  readonly forced: boolean;
  readonly tree: Tree;
}

/**
 * Compares what commands want with what is there; writes nothing. Line ends of a checkout do not count. The changes are sorted by
 * path, the manifest comes last. With an error among the diagnostics nothing may be applied.
 */
export function plan(artifacts: readonly Sourced[], tree: Tree, options: PlanOptions): Checked<readonly Change[]> {
  const before = options.manifest === false ? undefined : tree.read(manifestPath);
  const parsed = before === undefined ? undefined : parseManifest(before);
  const paths = [manifestPath, ...artifacts.map((artifact) => artifact.path)];
  const unusable = [...(parsed?.diagnostics ?? []), ...checkPaths(paths), ...checkForce(artifacts, options.force)];
  if (unusable.length > 0) return { value: [], diagnostics: unusable };
  const recorded = parsed?.value;
  const decisions = decide(artifacts, tree, options, recorded?.files ?? []);
  const changes = decisions.flatMap((decision) => decision.changes).sort((a, b) => byCodeUnit(a.path, b.path));
  const diagnostics = decisions.flatMap((decision) => decision.diagnostics);
  if (options.manifest === false) return { value: changes, diagnostics };
  const manifest = { opgen: options.opgenVersion, files: decisions.flatMap(({ entry }) => (entry ? [entry] : [])) };
  const value = [...changes, manifestChange(before, manifest)];
  return { value, diagnostics: [...checkVersion(recorded, options.opgenVersion), ...diagnostics] };
}

function decide(
  artifacts: readonly Sourced[],
  tree: Tree,
  options: PlanOptions,
  recorded: readonly ManifestEntry[],
): readonly Decision[] {
  const entries = new Map(recorded.map((entry) => [entry.path, entry]));
  const wanted = new Set(artifacts.map((artifact) => artifact.path));
  const fileOf = (artifact: Sourced): File => ({
    artifact,
    before: tree.read(artifact.path),
    recorded: entries.get(artifact.path),
    forced: isForced(artifact.path, options.force),
    tree,
  });
  return [
    ...artifacts.map((artifact) => decideFile(fileOf(artifact), options.createUserFiles ?? true)),
    ...recorded.filter((entry) => !wanted.has(entry.path)).map((entry) => decideUnwanted(entry, tree, options.sources)),
  ];
}

function decideFile(file: File, createUserFiles: boolean): Decision {
  const { artifact, recorded } = file;
  if (artifact.owner === 'shared') return decideShared(file, artifact);
  if (artifact.owner === 'user') return decideUsers(file, artifact, createUserFiles);
  const { owner: _, ...rest } = artifact;
  const ejected = recorded?.owner === 'user';
  return ejected ? decideUsers(file, { ...rest, owner: 'user' }, createUserFiles) : decideOwned(file, artifact.content);
}

function decideOwned(file: File, content: string): Decision {
  const { before, recorded } = file;
  const entry = entryOf(file, 'opgen', hashOf(content));
  if (before === undefined) return { changes: [change(file, 'create', content)], entry, diagnostics: [] };
  if (withLf(before) === withLf(content)) return { changes: [change(file, 'keep', before)], entry, diagnostics: [] };
  if (isUnedited(before, recorded)) return { changes: [change(file, 'update', content)], entry, diagnostics: [] };
  if (file.forced) return { changes: overwrite(file, content), entry, diagnostics: [] };
  return {
    changes: [change(file, 'conflict', content)],
    entry: recorded,
    diagnostics: [conflict(file, before, content)],
  };
}

/** Written once; `refresh`: rewritten as long as nobody has edited it. */
function decideUsers(whole: File, artifact: Sourced & { readonly owner: 'user' }, createMissing: boolean): Decision {
  const file = { ...whole, artifact };
  const { before, recorded } = file;
  const { content } = artifact;
  const entry = entryOf(file, 'user', hashOf(content));
  if (before === undefined && !createMissing) return { changes: [], entry: recorded, diagnostics: [] };
  if (before === undefined) return { changes: [change(file, 'create', content)], entry, diagnostics: [] };
  if (withLf(before) === withLf(content)) return { changes: [change(file, 'keep', before)], entry, diagnostics: [] };
  if (artifact.refresh && isUnedited(before, recorded)) {
    return { changes: [change(file, 'update', content)], entry, diagnostics: [] };
  }
  if (file.forced) return { changes: overwrite(file, content), entry, diagnostics: [] };
  const kept = recorded?.sha256 === undefined ? undefined : { ...recorded, owner: 'user' as const };
  return { changes: [change(file, 'keep', before)], entry: kept, diagnostics: [] };
}

function decideShared(file: File, artifact: Sourced & { readonly owner: 'shared' }): Decision {
  const { before } = file;
  const entry = entryOf(file, 'shared');
  const edited = editShared(artifact, before ?? artifact.initial);
  if (typeof edited !== 'string') {
    const kept = before === undefined ? [] : [change(file, 'keep', before)];
    return { changes: kept, entry: file.recorded, diagnostics: [edited] };
  }
  const action = before === undefined ? 'create' : before === edited ? 'keep' : 'update';
  return { changes: [change(file, action, edited)], entry, diagnostics: [] };
}

/** Edits see line feeds only; a file that has CRLF at the end of every line keeps them. */
function editShared(artifact: Sourced & { readonly owner: 'shared' }, before: string): string | Diagnostic {
  const crlf = before.includes('\r\n') && !/(?<!\r)\n/.test(before);
  const text = crlf ? withLf(before) : before;
  const edited = artifact.edit(text);
  if (typeof edited !== 'string') return edited;
  if (edited !== text && artifact.edit(edited) !== edited) {
    throw new InternalError(
      `the edit of ${artifact.path} by ${artifact.source} gives another result when it is repeated`,
    );
  }
  return crlf ? edited.replaceAll('\n', '\r\n') : edited;
}

/** A recorded file that no artifact stands for: another command's, gone, or an orphan. */
function decideUnwanted(entry: ManifestEntry, tree: Tree, sources: readonly string[] | undefined): Decision {
  if (!sources?.includes(entry.source)) return { changes: [], entry, diagnostics: [] };
  const before = tree.read(entry.path);
  if (before === undefined) return { changes: [], diagnostics: [] };
  if (entry.owner !== 'opgen') return { changes: [], entry, diagnostics: [] };
  const { path, owner, source } = entry;
  if (isUnedited(before, entry))
    return { changes: [{ path, action: 'delete', before, owner, source }], diagnostics: [] };
  const kept: Change = { path, action: 'keep', before, after: before, owner, source };
  return { changes: [kept], entry, diagnostics: [editedOrphan(path)] };
}

function isUnedited(before: string, recorded: ManifestEntry | undefined): boolean {
  if (recorded?.sha256 === undefined) return false;
  return [recorded.sha256, ...(recorded.merged ?? [])].includes(hashOf(before));
}

/** A file that is not opgen's stays recorded under the command that made it, whoever edits it later. */
function entryOf({ artifact, recorded }: File, owner: ManifestEntry['owner'], sha256?: string): ManifestEntry {
  const source = owner !== 'opgen' && recorded?.owner === owner ? recorded.source : artifact.source;
  return { path: artifact.path, owner, ...(sha256 !== undefined && { sha256 }), source };
}

function change({ artifact, before }: File, action: Change['action'], after: string): Change {
  const { path, owner, source, at } = artifact;
  return { path, action, ...(before !== undefined && { before }), after, owner, source, ...(at && { at }) };
}

/** The update, and the copy of what it overwrites. */
function overwrite(file: File, content: string): readonly Change[] {
  const before = file.before ?? '';
  const { source } = file.artifact;
  const copy = copyPath(file);
  const saved: readonly Change[] =
    copy === undefined ? [] : [{ path: copy, action: 'create', after: before, owner: 'user', source }];
  return [change(file, 'update', content), ...saved];
}

/** The first of `PATH.orig`, `PATH.orig.1`, … that is free; undefined: one of them is such a copy already. */
function copyPath({ artifact, before, tree }: File): string | undefined {
  for (let number = 0; ; number++) {
    const path = `${artifact.path}.orig${number === 0 ? '' : `.${number}`}`;
    const existing = tree.read(path);
    if (existing === undefined) return path;
    if (existing === before) return undefined;
  }
}

function isForced(path: string, force: boolean | readonly string[] | undefined): boolean {
  if (force === undefined || typeof force === 'boolean') return force === true;
  return force.some((named) => covers(named, path));
}

/** Whether a path of `--force` names a file, or a folder above it. */
function covers(named: string, path: string): boolean {
  const plain = named.replace(/^\.\//, '').replace(/\/$/, '');
  return plain === '.' || plain === path || path.startsWith(`${plain}/`);
}

function checkForce(artifacts: readonly Sourced[], force: PlanOptions['force']): readonly Diagnostic[] {
  const paths = artifacts.map((artifact) => artifact.path);
  const unused = Array.isArray(force) ? force.filter((named) => !paths.some((path) => covers(named, path))) : [];
  return unused.map((named) => {
    const near = nearest(named, paths);
    const message = `\`--force\` names files that this command writes, but \`${named}\` is none`;
    const hint = near ? `did you mean \`--force=${near}\`?` : 'name files relative to the project, separated by commas';
    return { code: 'OG5001', severity: 'error', message, hint };
  });
}

function manifestChange(before: string | undefined, manifest: Manifest): Change {
  const common = { path: manifestPath, owner: 'opgen', source: manifestSource } as const;
  if (before === undefined && manifest.files.length === 0) return { ...common, action: 'keep' };
  const after = formatManifest(manifest);
  if (before === undefined) return { ...common, action: 'create', after };
  return withLf(before) === after
    ? { ...common, action: 'keep', before, after: before }
    : { ...common, action: 'update', before, after };
}

function conflict(file: File, before: string, content: string): Diagnostic {
  const { path, at } = file.artifact;
  const edited = file.recorded !== undefined;
  const message = edited
    ? `\`${path}\` must be as opgen wrote it, but it was edited`
    : `\`${path}\` must be opgen's to write, but a file that opgen did not write is there`;
  const hint = `run \`opgen generate --force=${path}\`, which keeps the present text in \`${path}.orig\``;
  const detail = shortDiff(path, withLf(before), withLf(content));
  return { code: edited ? 'OG4001' : 'OG4009', severity: 'error', message, ...(at && { at }), hint, detail };
}

function editedOrphan(path: string): Diagnostic {
  const message = `\`${path}\` must have a source, but nothing generates it any more and it was edited`;
  const hint = `delete it, or take its line out of \`.opgen/manifest.json\` to keep it as your own`;
  return { code: 'OG4004', severity: 'warning', message, hint };
}

function checkVersion(recorded: Manifest | undefined, version: string): readonly Diagnostic[] {
  if (recorded === undefined || recorded.opgen === version) return [];
  const message = `The project must be generated by one version of opgen, but opgen ${recorded.opgen} wrote it and this is opgen ${version}`;
  const hint = `run \`opgen generate\` and commit the result, or install opgen ${recorded.opgen}`;
  return [{ code: 'OG4010', severity: 'warning', message, hint }];
}
