import nodeFs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Diagnostic, InternalError, Refusal } from '../diagnostics.js';
import { type LocateFs, locate, relativePath } from './locate.js';
import { unsafePath } from './path.js';
import type { Change } from './plan.js';
import { errnoOf, fileProblem, fileRefusal, pathProblem } from './problem.js';

export type PreflightFs = LocateFs & Pick<typeof nodeFs, 'accessSync' | 'readFileSync'>;

/** A change that may be made, as far as can be told without making it. Paths are relative to the root, symlinks resolved. */
export interface Target {
  /** As the plan names it. */
  readonly name: string;
  readonly path: string;
  /** Of the file that is there; 0644 for a new one. */
  readonly mode: number;
  readonly before: Buffer | undefined;
  /** Undefined: the file is deleted. */
  readonly after: Buffer | undefined;
  /** Folders that have to be created for it, outermost first. */
  readonly folders: readonly string[];
}

/**
 * Checks every change against the disk: safe path, no symlink out of the root, a file where one is expected, writable, and as it was
 * when the plan was made. Throws one Refusal with all problems.
 */
export function preflight(changes: readonly Change[], realRoot: string, fs: PreflightFs): readonly Target[] {
  const problems: Diagnostic[] = [];
  const targets = changes.flatMap((change) => {
    try {
      return [checkChange(change, realRoot, fs)];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(...error.diagnostics);
      return [];
    }
  });
  problems.push(...sharedFiles(targets));
  if (problems.length > 0) throw new Refusal(...problems);
  return targets;
}

function checkChange(change: Change, realRoot: string, fs: PreflightFs): Target {
  const { path: name, action } = change;
  if (action === 'conflict') throw new InternalError(`a plan with a conflict at ${name} was applied`);
  const rule = unsafePath(name);
  if (rule !== undefined) throw new Refusal(pathProblem(name, rule));
  const file = action === 'delete' ? locateEntry(realRoot, name, fs) : locate(realRoot, name, fs);
  const mode = fileMode(file, name, fs);
  const before = mode === undefined ? undefined : readBytes(file, name, fs);
  checkUnchanged(change, before);
  const folders = missingFolders(dirname(file), realRoot, fs);
  checkWritable(name, [dirname(folders[0] ?? file), ...(before ? [file] : [])], fs);
  const after = action === 'delete' ? undefined : Buffer.from(change.after ?? '');
  const relative = (each: string) => relativePath(realRoot, each);
  return { name, path: relative(file), mode: mode ?? 0o644, before, after, folders: folders.map(relative) };
}

/** A deletion removes a symlink, not the file behind it. */
function locateEntry(realRoot: string, path: string, fs: PreflightFs): string {
  locate(realRoot, path, fs);
  const folder = dirname(path);
  return folder === '.' ? join(realRoot, path) : join(locate(realRoot, folder, fs), basename(path));
}

/** Undefined: there is no such file. */
function fileMode(file: string, name: string, fs: PreflightFs): number | undefined {
  const stat = statOf(file, name, fs);
  if (stat === undefined) return undefined;
  if (stat.isDirectory()) throw new Refusal(fileProblem(name, 'be a file', 'a folder has its name'));
  if (!stat.isFile() && !stat.isSymbolicLink()) {
    throw new Refusal(fileProblem(name, 'be a file', 'a device, socket or pipe has its name'));
  }
  return stat.isFile() ? stat.mode & 0o777 : 0o644;
}

function statOf(file: string, name: string, fs: PreflightFs): nodeFs.Stats | undefined {
  try {
    return fs.lstatSync(file);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw fileRefusal(name, 'be readable', error);
  }
}

function readBytes(file: string, name: string, fs: PreflightFs): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw fileRefusal(name, 'be readable', error);
  }
}

function checkUnchanged(change: Change, before: Buffer | undefined): void {
  const planned = change.before === undefined ? undefined : Buffer.from(change.before);
  if (planned === undefined ? before === undefined : before?.equals(planned)) return;
  const fact = planned === undefined ? 'it exists now' : before === undefined ? 'it is gone' : 'it has changed';
  const message = `\`${change.path}\` must stay as it is while opgen runs, but ${fact}`;
  throw new Refusal({ code: 'OG4012', severity: 'error', message, hint: 'run the command again' });
}

/** Absolute, outermost first. */
function missingFolders(folder: string, realRoot: string, fs: PreflightFs): readonly string[] {
  if (folder === realRoot || statOf(folder, relativePath(realRoot, folder), fs) !== undefined) return [];
  return [...missingFolders(dirname(folder), realRoot, fs), folder];
}

function checkWritable(name: string, files: readonly string[], fs: PreflightFs): void {
  try {
    for (const file of files) fs.accessSync(file, nodeFs.constants.W_OK);
  } catch (error) {
    throw fileRefusal(name, 'be writable', error);
  }
}

/** Two names of the plan that symlinks lead to one file. */
function sharedFiles(targets: readonly Target[]): readonly Diagnostic[] {
  const names = new Map<string, string>();
  return targets.flatMap(({ name, path }) => {
    const other = names.get(path);
    names.set(path, other ?? name);
    if (other === undefined) return [];
    const message = `\`${name}\` must be a file of its own, but a symlink makes it the same file as \`${other}\``;
    return [{ code: 'OG4005', severity: 'error', message } satisfies Diagnostic];
  });
}
