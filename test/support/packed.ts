import { join } from 'node:path';
import { run } from './process.js';
import { tempFolder } from './temp.js';

/** Packs the built package into a temporary folder and gives the path of the tarball. */
export async function packedOpgen(): Promise<string> {
  const folder = tempFolder();
  const { stdout, stderr, status } = await run('npm', ['pack', '--silent', '--pack-destination', folder]);
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  return join(folder, stdout.trim().split('\n').at(-1)!);
}
