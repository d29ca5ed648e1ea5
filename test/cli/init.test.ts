import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectRefusal, newProject, opgen, succeed, write } from '../support/opgen.js';
import { snapshotTree, tempFolder } from '../support/temp.js';

describe('init', () => {
  test('writes a project that shows no drift', async () => {
    const folder = await newProject();
    expect(Object.keys(snapshotTree(folder))).toContain('PROJECT');
    const check = await opgen(folder, ['generate', '--check']);
    expect(check.stderr).toMatch(/^warning OG1008: .* hint: run `opgen create api --kind Memcached`\n$/);
    expect(check.status).toBe(0);
  });

  test('takes the name of the folder and my.domain when nothing is said', async () => {
    const folder = tempFolder();
    await succeed(folder, 'init', 'Cache_Operator', '--skip-install');
    const project = readFileSync(join(folder, 'Cache_Operator/PROJECT'), 'utf8');
    expect(project).toMatch(/^domain: my\.domain$/m);
    expect(project).toMatch(/^projectName: cache-operator$/m);
  });

  test('--opgen file: is relative to where the user stands', async () => {
    const folder = tempFolder();
    write(folder, 'opgen.tgz', '');
    await succeed(folder, 'init', 'deep/down', '--skip-install', '--opgen', 'file:./opgen.tgz');
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'deep/down/package.json'), 'utf8'));
    expect(dependencies).toEqual({ opgen: 'file:../../opgen.tgz' });
  });

  test('--dry-run shows the files with their content and writes nothing', async () => {
    const folder = tempFolder();
    const { stdout, status } = await opgen(folder, ['init', '--domain', 'example.com', '--dry-run']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\+ create PROJECT\n--- /);
    expect(stdout).toMatch(/^\+domain: example\.com$/m);
    expect(stdout).toMatch(/Nothing was written: \d+ files would change\.$/m);
    expect(snapshotTree(folder)).toEqual({});
  });

  test('a folder with a repository, an editor and a licence counts as empty', async () => {
    const folder = tempFolder();
    write(folder, '.git/HEAD', 'ref: refs/heads/main\n');
    write(folder, '.vscode/settings.json', '{}\n');
    write(folder, 'LICENSE', 'mine\n');
    await succeed(folder, 'init', '--skip-install');
    expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toBe('mine\n');
  });

  test('a folder that is not empty is refused', async () => {
    const folder = tempFolder();
    write(folder, 'package.json', '{}\n');
    await expectRefusal(folder, ['init', '--skip-install'], {
      status: 2,
      code: 'OG5003',
      says: [/`package\.json`/, /hint: run `opgen init my-operator`/],
    });
  });

  test('--force replaces files and keeps the old ones', async () => {
    const folder = tempFolder();
    write(folder, 'package.json', '{}\n');
    await succeed(folder, 'init', '--skip-install', '--force');
    expect(readFileSync(join(folder, 'package.json.orig'), 'utf8')).toBe('{}\n');
  });

  test('--force before the folder does not swallow it', async () => {
    const folder = tempFolder();
    write(folder, 'keep.txt', 'x');
    await succeed(folder, 'init', '--force', 'sub', '--skip-install');
    expect(Object.keys(snapshotTree(folder)).filter((path) => !path.startsWith('sub/'))).toEqual(['keep.txt']);
  });

  test('a file in place of the folder is refused', async () => {
    const folder = tempFolder();
    write(folder, 'afile', 'x');
    await expectRefusal(folder, ['init', 'afile'], { status: 2, code: 'OG5003', says: [/is a file/] });
  });

  test('a second init is refused', async () => {
    const folder = await newProject();
    await expectRefusal(folder, ['init'], { status: 2, code: 'OG5003', says: [/has a PROJECT file already/] });
  });

  test.each([
    [['--domain', 'Example.com'], 'OG5004', /Example\.com/],
    [['--domain', 'my_domain'], 'OG5004', /my_domain/],
    [['--project-name', 'My Operator'], 'OG5004', /My Operator/],
    [['--license', 'mit'], 'OG5001', /apache2, none/],
    [['--opgen', 'file:nowhere.tgz'], 'OG5001', /does not exist/],
    [['--opgen', 'not a "version"'], 'OG5001', /is neither/],
    [['--opgen', ''], 'OG5001', /is neither/],
  ])('%j is refused', async (flags, code, says) => {
    const folder = tempFolder();
    await expectRefusal(folder, ['init', '--skip-install', ...flags], { status: 2, code, says: [says, /hint: /] });
  });
});
