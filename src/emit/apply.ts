import nodeFs from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { type Diagnostic, Refusal } from '../diagnostics.js';
import {
  type Disk,
  exists,
  type Fs,
  guard,
  makeFolder,
  openDisk,
  readBytes,
  removeCreated,
  removeFile,
  removeFolder,
  syncFolders,
  writeFile,
} from './disk.js';
import {
  backwardJournal,
  formatJournal,
  forwardJournal,
  hash,
  type Journal,
  journalPath,
  parseJournal,
  type Staged,
  type Step,
  stagingJournal,
  withTemps,
} from './journal.js';
import { locate } from './locate.js';
import type { Change } from './plan.js';
import { preflight, type Target } from './preflight.js';
import { fileProblem, linkProblem } from './problem.js';

/** The journal before it takes its name. */
const draftPath = `${journalPath}.tmp`;

/**
 * Makes all changes or none. Whenever it is cut off, each file is old or new, and `recover` brings all of them to the same side. Call
 * it inside `withLock` and after `recover`. Throws a Refusal when a change cannot be made; then the files are as they were.
 */
export function apply(changes: readonly Change[], root: string, fs: Fs = nodeFs): void {
  const writing = changes.filter((change) => change.action !== 'keep');
  if (writing.length === 0) return;
  const created = makeFolder(root, root, fs);
  try {
    const disk = openDisk(root, fs);
    if (hasJournal(disk)) throw new Refusal(unsettled());
    transact(preflight(writing, disk.root, fs), disk);
  } catch (error) {
    removeCreated(root, created, fs);
    throw error;
  }
}

/** Ends what a run that was cut off has begun. Throws a Refusal when a file has changed since, and leaves everything as it is. */
export function recover(root: string, fs: Fs = nodeFs): 'nothing' | 'finished' | 'undone' {
  if (!nodeFs.existsSync(root)) return 'nothing';
  const disk = openDisk(root, fs);
  if (!hasJournal(disk)) {
    removeFile(draftPath, disk);
    removeFolder('.opgen', disk);
    return 'nothing';
  }
  const journal = parseJournal(readBytes(journalPath, disk)?.toString('utf8') ?? '');
  checkPlain(journal, disk);
  const pending = journal.steps.filter((step) => !isDone(step, disk));
  const changed = pending.filter((step) => !isPending(step, disk));
  if (changed.length > 0) throw new Refusal(...changed.map(changedSince));
  complete({ ...journal, steps: pending }, disk);
  return journal.outcome;
}

function transact(targets: readonly Target[], disk: Disk): void {
  const staged = withTemps(targets, process.pid, (path) => !exists(path, disk));
  const folders = [...new Set(staged.flatMap((each) => each.folders))];
  const staging = stagingJournal(staged, folders);
  const forward = forwardJournal(staged);
  const stage = () => {
    writeJournal(staging, disk);
    for (const folder of folders) makeFolder(join(disk.root, folder), folder, disk.fs);
    for (const { temp, after, mode } of staged) if (after) writeFile(temp, after, mode, disk);
    syncFolders(staged, disk);
    writeJournal(forward, disk);
  };
  orElse(stage, () => tidy(staging, disk));
  orElse(
    () => complete(forward, disk),
    () => rollBack(staged, folders, disk),
  );
}

/** Runs `back` when `run` fails; when that fails too, the journal stays and the next command sees to it. */
function orElse(run: () => void, back: () => void): void {
  try {
    run();
  } catch (error) {
    try {
      back();
    } catch {
      throw error instanceof Refusal ? new Refusal(...error.diagnostics, unsettled()) : error;
    }
    throw error;
  }
}

function rollBack(staged: readonly Staged[], folders: readonly string[], disk: Disk): void {
  const done = staged.filter((each) => hash(readBytes(each.path, disk)) === hash(each.after));
  for (const { path, undo, before, mode } of done) {
    if (before === undefined) continue;
    makeFolder(join(disk.root, dirname(path)), path, disk.fs);
    writeFile(undo, before, mode, disk);
  }
  const backward = backwardJournal(staged, done, folders);
  writeJournal(backward, disk);
  complete(backward, disk);
}

/** Takes the steps that `journal` announces and removes everything that is temporary, the journal last. */
function complete(journal: Journal, disk: Disk): void {
  for (const { path, temp } of journal.steps) {
    guard(path, () => {
      if (temp === undefined) disk.fs.unlinkSync(join(disk.root, path));
      else disk.fs.renameSync(join(disk.root, temp), join(disk.root, path));
    });
  }
  syncFolders(journal.steps, disk);
  tidy(journal, disk);
}

function tidy({ leftovers, folders }: Journal, disk: Disk): void {
  for (const path of leftovers) removeFile(path, disk);
  for (const folder of folders) removeFolder(folder, disk);
  removeFile(draftPath, disk);
  removeFile(journalPath, disk);
  removeFolder('.opgen', disk);
}

/** The journal is replaced by a rename: it is always whole. */
function writeJournal(journal: Journal, disk: Disk): void {
  makeFolder(join(disk.root, '.opgen'), '.opgen', disk.fs);
  removeFile(draftPath, disk);
  writeFile(draftPath, Buffer.from(formatJournal(journal)), 0o644, disk);
  guard(journalPath, () => disk.fs.renameSync(join(disk.root, draftPath), join(disk.root, journalPath)));
  syncFolders([{ path: journalPath }], disk);
}

function hasJournal(disk: Disk): boolean {
  locate(disk.root, journalPath, disk.fs);
  return exists(journalPath, disk);
}

const isDone = (step: Step, disk: Disk): boolean => hash(readBytes(step.path, disk)) === step.after;

function isPending(step: Step, disk: Disk): boolean {
  const ready = step.temp === undefined || hash(readBytes(step.temp, disk)) === step.after;
  return ready && hash(readBytes(step.path, disk)) === step.before;
}

/** The journal may come from anyone: none of its paths may pass through a symlink. */
function checkPlain(journal: Journal, { root, fs }: Disk): void {
  const files = [
    ...journal.steps.flatMap(({ path, temp = path }) => [path, temp]),
    ...journal.leftovers,
    ...journal.folders,
  ];
  for (const path of files) {
    const folder = posix.dirname(path);
    if (folder === '.' || locate(root, folder, fs) === join(root, folder)) continue;
    throw new Refusal(linkProblem(path, folder, 'a journal never follows'));
  }
}

function changedSince({ path }: Step): Diagnostic {
  const message = `\`${path}\` must be as the last run of opgen left it when it was cut off, but it has changed since`;
  const hint = `delete \`${journalPath}\` to keep the files as they are, then run \`opgen generate\``;
  return { code: 'OG4012', severity: 'error', message, hint };
}

function unsettled(): Diagnostic {
  const hint = 'run `opgen generate`, which finishes or undoes it first';
  return fileProblem(journalPath, 'be settled before files are written', 'a run of opgen was cut off', hint);
}
