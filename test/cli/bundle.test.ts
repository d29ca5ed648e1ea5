import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundlePath, createBundler } from '../../src/cli/dev/bundle.js';
import { newProject, write } from '../support/opgen.js';
import { run } from '../support/process.js';

test('opgen dev bundles as the build script does', async () => {
  const folder = await newProject();
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['.bin', 'esbuild', 'js-yaml'])
    symlinkSync(join(process.cwd(), 'node_modules', name), join(folder, 'node_modules', name));
  write(folder, 'src/main.ts', "import { load } from 'js-yaml';\nconsole.log(load('a: 1'), (0 as number) ?? 1);\n");
  const bundler = await createBundler(folder, createRequire(import.meta.url).resolve('esbuild'));
  expect(await bundler.build()).toEqual({ unchanged: false });
  await bundler.close();
  const { status, stderr } = await run('npm', ['run', 'bundle'], { cwd: folder });
  expect(status, stderr).toBe(0);
  const withoutMap = (path: string) =>
    readFileSync(join(folder, path), 'utf8').replace(/^\/\/# sourceMappingURL.*$/m, '');
  expect(withoutMap(bundlePath)).toBe(withoutMap('dist/main.js'));
});
