import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Crd } from '../../crd/crd.js';
import type { Diagnostic } from '../../diagnostics.js';
import { readCache, writeCache } from '../../emit/cache.js';
import type { Api } from '../../ir/api.js';
import { packageVersion } from '../../package.js';
import type { Project } from '../../project/model.js';

/** A run of `generate` that left nothing to do, with all that it depends on. */
export interface Run {
  /** What PROJECT says. */
  readonly project: Project;
  readonly artifacts: number;
  /** Warnings about the sources, which the next run gives again. */
  readonly warnings: readonly Diagnostic[];
  /** Everything that was read and everything that was written. */
  readonly files: readonly FileState[];
  /** By the paths of the scanned sources. */
  readonly sources: { readonly [path: string]: SourceFacts };
  readonly crds: readonly CrdFacts[];
}

/** Path, time of modification in ms, size in bytes, SHA-256. */
export type FileState = readonly [path: string, mtimeMs: number, size: number, sha256: string];

/** What a source says beside the schemas of its kinds. */
export interface SourceFacts {
  /** Its markers of package level, and where its kinds are: equal texts say the same. */
  readonly says: string;
  /** Whether kinds of other files in its folder get their group or version from it. */
  readonly names: boolean;
}

export interface CrdFacts {
  /** `metadata.name` */
  readonly name: string;
  /** What artifacts that follow from several kinds know of it: equal texts say the same. */
  readonly head: string;
  /** The sources that declare its versions. */
  readonly declared: readonly string[];
  /** All files that its schemas may depend on. */
  readonly files: readonly string[];
}

interface Remembered {
  /** Version of opgen. */
  readonly opgen: string;
  readonly runs: { readonly [key: string]: Run };
}

const cacheFile = 'generate.json';

/** The last run for these artifacts (none: all), unless it was forgotten or another version of opgen made it. */
export function recall(root: string, names: readonly string[]): Run | undefined {
  const remembered = parse(readCache(root, cacheFile));
  return remembered?.opgen === packageVersion() ? remembered.runs[keyOf(names)] : undefined;
}

/**
 * Remembers a run. What somebody saved while it was at work (after `since`, a time in ms) may have been read before, so such a run is forgotten.
 */
export function remember(
  root: string,
  names: readonly string[],
  run: Run,
  outputs: readonly string[],
  since: number,
): void {
  const written = new Set(outputs);
  if (run.files.some(([path, mtimeMs]) => mtimeMs >= since && !written.has(path))) return;
  const opgen = packageVersion();
  const earlier = parse(readCache(root, cacheFile));
  const runs = earlier?.opgen === opgen ? earlier.runs : {};
  const next: Remembered = { opgen, runs: { ...runs, [keyOf(names)]: run } };
  writeCache(root, cacheFile, JSON.stringify(next));
}

const keyOf = (names: readonly string[]): string => [...names].sort().join(' ');

function parse(text: Buffer | undefined): Remembered | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text.toString()) as Remembered);
  } catch {
    return undefined;
  }
}

/** With `byContent` the times of modification do not count: git and copies change them. */
export function isUnchanged(root: string, [path, mtimeMs, size, sha256]: FileState, byContent: boolean): boolean {
  const name = `${root}/${path}`;
  const stat = statSync(name, { throwIfNoEntry: false });
  if (!stat || stat.size !== size) return false;
  return (!byContent && stat.mtimeMs === mtimeMs) || hash(readFileSync(name)) === sha256;
}

/** None for a file that does not exist. */
export function statesOf(root: string, paths: readonly string[]): readonly FileState[] {
  return paths.flatMap((path): FileState[] => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (!stat) return [];
    return [[path, stat.mtimeMs, stat.size, stat.isFile() ? hash(readFileSync(join(root, path))) : '']];
  });
}

/** The module is loaded on the first use: a run that finds every time and size unchanged does not need it. */
const hash = (content: Buffer): string =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(content).digest('hex');

/** Every file that could be a source, and all manifests: a new one among them may change what a run has to say. */
export const watchedFiles = (root: string): readonly string[] => [
  ...filesBelow(root, 'src').filter((path) => /\.ts$/.test(path) && !/\.(test|d)\.ts$/.test(path)),
  ...filesBelow(root, 'config'),
];

function filesBelow(root: string, dir: string): readonly string[] {
  if (!existsSync(join(root, dir))) return [];
  return readdirSync(join(root, dir), { withFileTypes: true }).flatMap((entry) => {
    const path = `${dir}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return path === 'src/generated' || entry.name === 'node_modules' ? [] : filesBelow(root, path);
  });
}

/** The facts of the sources at these paths. */
export function sourceFacts(api: Api, paths: readonly string[]): Run['sources'] {
  const said = new Map(paths.map((path) => [path, { lines: [] as string[], names: false }]));
  for (const { def, value, at } of api.markers.list) {
    const source = said.get(at.file);
    source?.lines.push(JSON.stringify([def.name, value]));
    if (source && ['groupName', 'versionName', 'kubebuilder:skip'].includes(def.name)) source.names = true;
  }
  for (const { group, version, kind, at } of api.kinds) {
    said.get(at.file)?.lines.push(JSON.stringify([group, version, kind]));
  }
  return Object.fromEntries([...said].map(([path, { lines, names }]) => [path, { says: lines.join('\n'), names }]));
}

export function crdFacts(api: Api, crds: readonly Crd[]): readonly CrdFacts[] {
  return crds.map(({ object: { metadata, spec } }) => {
    const kinds = api.kinds.filter(({ group, kind }) => group === spec.group && kind === spec.names.kind);
    const versions = spec.versions.map(({ name, served, storage }) => [name, served, storage]);
    return {
      name: metadata.name,
      head: JSON.stringify([spec.group, spec.names, spec.scope, versions]),
      declared: distinct(kinds.map(({ at }) => at.file)),
      files: distinct(kinds.flatMap(({ files }) => files)),
    };
  });
}

const distinct = (paths: readonly string[]): readonly string[] => [...new Set(paths)].sort();
