import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../diagnostics.js';
import { readCache, writeCache } from '../../emit/cache.js';
import type { Reading } from '../../ir/api.js';
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
  /** Of all sources; of those that were searched for kinds, the ones that declare none. */
  readonly reading: Reading;
}

/** Path, time of modification in ms, size in bytes, SHA-256, time in ms of the last change of anything, which nobody can set back. */
export type FileState = readonly [path: string, mtimeMs: number, size: number, sha256: string, ctimeMs: number];

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

/** Times of files lag behind the clock by up to one of its steps, in ms. */
export const clockStep = 20;

/** A run, and which of its files are not as they were. */
export interface LookBack {
  readonly run: Run;
  readonly changed: readonly string[];
}

/**
 * The last run for these artifacts (none: all). Undefined where nothing can be built on it: it was forgotten, another version of opgen made it, files have
 * come that it does not know, or a write was interrupted. Contents count for `byContent` and in CI, else times and sizes.
 */
export function lookBack(root: string, names: readonly string[], byContent: boolean): LookBack | undefined {
  try {
    const run = existsSync(join(root, '.opgen/journal.json')) ? undefined : recall(root, names);
    const known = new Set(run?.files.map(([path]) => path));
    if (!run || !watchedFiles(root).every((path) => known.has(path)) || !areMissing(root, run)) return undefined;
    const strict = byContent || process.env.CI !== undefined;
    return { run, changed: run.files.filter((state) => !isUnchanged(root, state, strict)).map(([path]) => path) };
  } catch {
    return undefined; // A cache of another shape, a file that vanishes: the long way finds out what is the matter.
  }
}

function recall(root: string, names: readonly string[]): Run | undefined {
  const remembered = parse(readCache(root, cacheFile));
  return remembered?.opgen === packageVersion() ? remembered.runs[keyOf(names)] : undefined;
}

/**
 * Remembers a run. What somebody saved while it was at work (after `since`, a time in ms) may have been read before, so such a run is forgotten, except
 * for the files that it has `written` itself.
 */
export function remember(
  root: string,
  names: readonly string[],
  run: Run,
  written: readonly string[],
  since: number,
): void {
  const own = new Set(written);
  const isLate = ([path, mtimeMs, , , ctimeMs]: FileState) => Math.max(mtimeMs, ctimeMs) >= since && !own.has(path);
  if (run.files.some(isLate) || !areMissing(root, run)) return;
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
function isUnchanged(root: string, state: FileState, byContent: boolean): boolean {
  const [path, mtimeMs, size, sha256, ctimeMs] = state;
  const name = `${root}/${path}`;
  const stat = statSync(name, { throwIfNoEntry: false });
  if (!stat || stat.size !== size) return false;
  const isOld = !byContent && stat.mtimeMs === mtimeMs && stat.ctimeMs === ctimeMs;
  return isOld || hash(readFileSync(name)) === sha256;
}

/** Whether no file has come that would change what the sources import. */
const areMissing = (root: string, { reading }: Run): boolean =>
  reading.missing.every((path) => !existsSync(join(root, path)));

/** None for a file that does not exist. */
export function statesOf(root: string, paths: readonly string[]): readonly FileState[] {
  return paths.flatMap((path): FileState[] => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (!stat) return [];
    const sha256 = stat.isFile() ? hash(readFileSync(join(root, path))) : '';
    return [[path, stat.mtimeMs, stat.size, sha256, stat.ctimeMs]];
  });
}

/** The module is loaded on the first use: a run that finds every time and size unchanged does not need it. */
export const hash = (content: string | Buffer): string =>
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
    if (!isFolder(root, path, entry)) return [path];
    return path === 'src/generated' || entry.name === 'node_modules' ? [] : filesBelow(root, path);
  });
}

const isFolder = (root: string, path: string, entry: Dirent): boolean =>
  entry.isSymbolicLink()
    ? (statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() ?? false)
    : entry.isDirectory();
