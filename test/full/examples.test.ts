import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { copyExample, examples } from '../support/example.js';
import { packedOpgen } from '../support/packed.js';
import { run } from '../support/process.js';
import { tempFolder } from '../support/temp.js';

/** Each example with the packed opgen in place of the published one, as its users would have it. */
describe('the example operators', () => {
  test.each(examples)('%s installs, compiles, lints, tests, builds and shows no drift', async (name) => {
    const folder = tempFolder();
    copyExample(name, folder);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    manifest.dependencies.opgen = `file:${await packedOpgen()}`;
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    const npm = async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await run('npm', args, { cwd: folder, timeout: 180_000 });
      expect(status, `npm ${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
    };
    await npm('install', '--ignore-scripts', '--no-audit', '--no-fund');
    for (const script of ['check', 'lint', 'test', 'build']) await npm('run', script);
    expect(readFileSync(join(folder, 'dist/main.js'), 'utf8')).toContain('createRequire');
  });
});
