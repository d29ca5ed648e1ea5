import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Refusal } from '../../src/diagnostics.js';
import { apply, recover } from '../../src/emit/apply.js';
import { withLock } from '../../src/emit/lock.js';
import { changesBetween, newFiles, oldFiles } from './disk.js';
import { watched } from './faulty.js';

const [mode, root = '', argument = ''] = process.argv.slice(2);

const dieAt = (fatal: number) =>
  watched((number, _, half) => {
    if (number !== fatal) return;
    half();
    process.kill(process.pid, 'SIGKILL');
  });

/** Adds one to a number in a file, slowly, and fails if anyone else is at it. */
async function count(file: string): Promise<void> {
  const guard = openSync(`${file}.guard`, 'wx');
  const number = Number(readFileSync(file, 'utf8'));
  await setTimeout(5);
  writeFileSync(file, String(number + 1));
  closeSync(guard);
  (await import('node:fs')).unlinkSync(`${file}.guard`);
}

async function countOften(file: string): Promise<void> {
  for (let done = 0; done < 5; ) {
    try {
      await withLock(root, () => count(file));
      done++;
    } catch (error) {
      if (!(error instanceof Refusal) || error.diagnostics[0]?.code !== 'OG4007') throw error;
      await setTimeout(3);
    }
  }
}

if (mode === 'apply') apply(changesBetween(oldFiles, newFiles), root, dieAt(Number(argument)));
if (mode === 'recover') recover(root, dieAt(Number(argument)));
if (mode === 'count') await countOften(argument);
if (mode === 'hold') {
  await withLock(root, async () => {
    process.stdout.write('held\n');
    await setTimeout(60_000);
  });
}
