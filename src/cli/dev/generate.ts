import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockPath } from '../../emit/lock.js';

export interface Generated {
  readonly succeeded: boolean;
  /** What was written, in the words of `opgen generate`; empty if nothing was. */
  readonly report: string;
}

/** How often the lock of another opgen is looked at, 100 ms apart: one in another terminal is done after a second or two. */
const patience = 50;

/** Runs this opgen's `generate` in a project, once no other opgen works there; its messages go to the standard error of this process. */
export async function runGenerate(root: string): Promise<Generated> {
  for (let look = 0; look < patience && existsSync(join(root, lockPath)); look++) await sleep(100);
  const [, opgen = ''] = process.argv;
  const child = spawn(process.execPath, [opgen, 'generate'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [code, output] = await Promise.all([ended, text(child.stdout)]);
  return { succeeded: code === 0, report: output.startsWith('Nothing to do') ? '' : output };
}
