import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readCache, writeCache } from '../emit/cache.js';
import { packageVersion } from '../package.js';
import { projectRoot } from './root.js';

/**
 * A run of `generate` that found nothing to do is remembered with the files that it depends on. As long as none of them has changed, the next run stops
 * here, before anything else is loaded: it costs little more than the start of Node.js.
 */
interface Remembered {
  /** Version of opgen. */
  readonly opgen: string;
  readonly runs: { readonly [key: string]: { readonly artifacts: number; readonly files: readonly FileState[] } };
}

/** Path, time of modification in ms, size in bytes, SHA-256. */
type FileState = readonly [path: string, mtimeMs: number, size: number, sha256: string];

const cacheFile = 'generate.json';

/** The line to print if the arguments are a `generate` whose inputs and outputs have not changed; else `undefined`. */
export function unchangedRun(argv: readonly string[], cwd = process.cwd()): string | undefined {
  const request = parseRequest(argv);
  try {
    const artifacts = request && unchangedArtifacts(request, resolve(cwd));
    if (!request || artifacts === undefined) return undefined;
    return request.quiet ? '' : `${upToDate(request.check, artifacts)}\n`;
  } catch {
    return undefined; // A cache of another shape, a file that vanishes: the long way finds out what is the matter.
  }
}

/** How many artifacts are up to date, if all are. */
function unchangedArtifacts({ names, check }: Request, cwd: string): number | undefined {
  const root = projectRoot(cwd);
  if (!root || existsSync(join(root, '.opgen/journal.json'))) return undefined;
  const remembered = parseCache(readCache(root, cacheFile));
  const run = remembered?.runs[names.join(' ')];
  if (!run || remembered.opgen !== packageVersion()) return undefined;
  const known = new Set(run.files.map(([path]) => path));
  if (!watchedFiles(root).every((path) => known.has(path))) return undefined;
  return run.files.every((state) => isUnchanged(root, state, check)) ? run.artifacts : undefined;
}

export const upToDate = (check: boolean, artifacts: number): string =>
  `${check ? 'No drift' : 'Nothing to do'}: ${artifacts} file${artifacts === 1 ? '' : 's'} up to date.`;

interface Request {
  readonly names: readonly string[];
  readonly check: boolean;
  readonly quiet: boolean;
}

/** Only the everyday forms; any other argument takes the long way. */
function parseRequest(argv: readonly string[]): Request | undefined {
  const [command, ...rest] = argv;
  const names = rest.filter((argument) => !argument.startsWith('-'));
  const options = rest.filter((argument) => argument.startsWith('-'));
  if (command !== 'generate' || !options.every((option) => option === '--check' || option === '--quiet'))
    return undefined;
  return { names: names.sort(), check: options.includes('--check'), quiet: options.includes('--quiet') };
}

function parseCache(text: Buffer | undefined): Remembered | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text.toString()) as Remembered);
  } catch {
    return undefined;
  }
}

function isUnchanged(root: string, [path, mtimeMs, size, sha256]: FileState, byContent: boolean): boolean {
  const name = `${root}/${path}`;
  const stat = statSync(name, { throwIfNoEntry: false });
  if (!stat || stat.size !== size) return false;
  return (!byContent && stat.mtimeMs === mtimeMs) || hash(readFileSync(name)) === sha256;
}

/** Every file that could be a source, and all manifests: a new one among them may change what a run has to say. */
const watchedFiles = (root: string): readonly string[] => [
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

/**
 * Remembers that, for these artifacts (none: all), what was read agrees with the `outputs`. What somebody saved while this process was running may
 * have been read before, so such a run is forgotten.
 */
export function rememberRun(
  root: string,
  names: readonly string[],
  inputs: readonly string[],
  outputs: readonly string[],
): void {
  const written = new Set(outputs);
  const others = [...new Set([...inputs, ...watchedFiles(root)])].filter((path) => !written.has(path));
  const read = others.flatMap((path) => stateOf(root, path));
  if (read.some(([, mtimeMs]) => mtimeMs >= performance.timeOrigin)) return;
  const opgen = packageVersion();
  const earlier = parseCache(readCache(root, cacheFile));
  const runs = earlier?.opgen === opgen ? earlier.runs : {};
  const run = { artifacts: outputs.length, files: [...read, ...outputs.flatMap((path) => stateOf(root, path))] };
  const next: Remembered = { opgen, runs: { ...runs, [[...names].sort().join(' ')]: run } };
  writeCache(root, cacheFile, JSON.stringify(next));
}

function stateOf(root: string, path: string): readonly FileState[] {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stat) return [];
  return [[path, stat.mtimeMs, stat.size, stat.isFile() ? hash(readFileSync(join(root, path))) : '']];
}

/** The module is loaded on the first use: a run that finds every time and size unchanged does not need it. */
const hash = (content: Buffer): string =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(content).digest('hex');
