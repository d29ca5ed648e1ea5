import nodeFs from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Diagnostic, Refusal } from '../diagnostics.js';
import { makeFolder, openDisk, removeCreated, removeEmpty } from './disk.js';
import { locate } from './locate.js';
import { errnoOf, fileRefusal, isMissing } from './problem.js';

export const lockPath = '.opgen/lock';

/**
 * Runs `run` while no other opgen writes below `root`. Throws OG4007 with the other one's pid; the lock of a process that has ended is
 * taken over. The folder `.opgen` stays only if something is in it.
 */
export async function withLock<T>(root: string, run: () => Promise<T>): Promise<T> {
  const folder = join(root, '.opgen');
  const created = makeFolder(folder, '.opgen', nodeFs);
  try {
    const file = locate(openDisk(root, nodeFs).root, lockPath);
    await acquire(file);
    try {
      return await run();
    } finally {
      if (holderOf(file) === process.pid) nodeFs.unlinkSync(file);
    }
  } finally {
    if (removeEmpty(folder, nodeFs)) removeCreated(root, created, nodeFs);
  }
}

async function acquire(file: string): Promise<void> {
  for (let attempt = 0; !create(file); attempt++) {
    const holder = holderOf(file);
    if (attempt >= 20 || (typeof holder === 'number' && isOther(holder))) throw new Refusal(atWork(holder));
    if (holder === 'unknown' && attempt < 3) await setTimeout(50);
    else if (holder !== 'nobody') moveAside(file, holder);
  }
}

/** False: another process has the lock, or has just removed the folder with its own. */
function create(file: string): boolean {
  makeFolder(dirname(file), '.opgen', nodeFs);
  try {
    nodeFs.writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST' || isMissing(error)) return false;
    throw fileRefusal(lockPath, 'be writable', error);
  }
}

type Holder = number | 'nobody' | 'unknown';

/** `unknown`: the file holds no pid, because its writer has not come to it yet or never did. */
function holderOf(file: string): Holder {
  try {
    const pid = Number(nodeFs.readFileSync(file, 'utf8').trim());
    return Number.isSafeInteger(pid) && pid > 0 ? pid : 'unknown';
  } catch (error) {
    if (isMissing(error)) return 'nobody';
    throw fileRefusal(lockPath, 'be readable', error);
  }
}

function isOther(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}

/** Removes a stale lock. Another process may have replaced it by its own in between: that one is put back. */
function moveAside(file: string, stale: Holder): void {
  const aside = `${file}.${process.pid}`;
  try {
    nodeFs.renameSync(file, aside);
    if (holderOf(aside) !== stale) nodeFs.linkSync(aside, file);
    nodeFs.unlinkSync(aside);
  } catch (error) {
    if (!isMissing(error) && errnoOf(error) !== 'EEXIST') throw fileRefusal(lockPath, 'be writable', error);
  }
}

function atWork(holder: Holder): Diagnostic {
  const who = typeof holder === 'number' ? `process ${holder}` : 'a process';
  const message = `An opgen must be alone in a project, but ${who} holds \`${lockPath}\``;
  const hint = `wait until it has ended; if it is not an opgen, delete \`${lockPath}\``;
  return { code: 'OG4007', severity: 'error', message, hint };
}
