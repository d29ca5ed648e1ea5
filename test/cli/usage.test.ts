import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands/index.js';
import { plannedCommands } from '../../src/cli/planned.js';
import { memcachedProject, opgen, write } from '../support/opgen.js';
import { tempFolder } from '../support/temp.js';

describe('the command line', () => {
  test.each(commands.map(({ name }) => name))('%s has help with examples', async (name) => {
    const { stdout, status } = await opgen(tempFolder(), [...name.split(' '), '--help']);
    const { examples, summary } = commands.find((command) => command.name === name)!;
    expect(status).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain(summary);
    for (const example of examples) expect(stdout).toContain(`  ${example}\n`);
  });

  test.each([
    [['generat'], /did you mean `generate`\?/],
    [['generate', '--chek'], /did you mean `--check`\?/],
    [['create', 'apy'], /did you mean `api`\?/],
    [['create'], /opgen create api/],
    [['create', 'api', '--plugins=deploy-image/v1-alpha'], /`create api --image IMAGE`/],
    [['create', 'api', '--plugins', 'deploy-image/v1-alpha'], /`create api --image IMAGE`/],
    [['create', 'api', '--make=false'], /generates at once/],
    [['init', '--repo', 'example.com/x'], /`--project-name`/],
    [['edit', '--multigroup'], /`opgen init`/],
    [[], /needs a command/],
    [['init', 'a', 'b'], /too many arguments/],
    [['generate', '--output'], /argument missing/],
    [['generate', '--max-desc-len', 'many'], /whole number/],
    [['--format', 'xml', 'version'], /human, json/],
    [['--cwd', 'nowhere', 'version'], /`nowhere` is none/],
    [['markers', 'kubebuilder:validation:Minimun'], /kubebuilder:validation:Minimum/],
  ])('%j is refused with a hint', async (args, says) => {
    const { stderr, stdout, status } = await opgen(tempFolder(), args);
    expect(stderr).toMatch(/^error OG5001: .*\. hint: .*\n$/);
    expect(stderr).toMatch(says);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  const missing = Object.keys(plannedCommands).filter((name) => !commands.some((command) => command.name === name));
  test.each(missing.length > 0 ? missing : ['--version'])('%s', async (name) => {
    const { stderr, status } = await opgen(tempFolder(), [...name.split(' '), '--kind', 'Memcached']);
    if (name === '--version') return expect(status).toBe(0);
    expect(stderr).toMatch(
      /^error OG5001: `opgen .*` must wait for a later version, but it is asked for now: .*\. hint: .*\n$/,
    );
    expect(stderr).toContain(`opgen ${name}`);
    expect(status).toBe(2);
  });

  test('every unknown flag is told, each with the nearest one', async () => {
    const { stderr } = await opgen(tempFolder(), ['generate', '--chek', '--no-qiet', '--sctrict=true', '--zzz', '-x']);
    expect(
      stderr
        .trimEnd()
        .split('\n')
        .map((line) => /but (.*)/.exec(line)![1]),
    ).toEqual([
      '`--chek` is no flag of it. hint: did you mean `--check`?',
      '`--no-qiet` is no flag of it. hint: did you mean `--no-quiet`?',
      '`--sctrict` is no flag of it. hint: did you mean `--strict`?',
      '`--zzz` is no flag of it. hint: see `opgen generate --help`',
      '`-x` is no flag of it. hint: see `opgen generate --help`',
    ]);
  });

  test('global flags stand before or behind the command, in every boolean form', async () => {
    const folder = await memcachedProject();
    const printed = async (...args: string[]) => (await opgen(folder, args)).stdout;
    for (const quiet of ['--quiet', '--quiet=true']) {
      expect(await printed(quiet, 'generate')).toBe('');
      expect(await printed('generate', quiet)).toBe('');
    }
    for (const loud of ['--no-quiet', '--quiet=false'])
      expect(await printed('generate', loud)).toContain('Nothing to do');
    expect(await printed('generate', '--json=false')).toContain('Nothing to do');
    expect(JSON.parse(await printed('--json=true', 'generate'))).toMatchObject({ command: 'generate' });
    expect(await printed('generate', '--quiet', '--no-quiet')).toContain('Nothing to do');
  });

  test.each([['--version'], ['-V'], ['version']])('%s prints the version', async (argument) => {
    const { stdout, status } = await opgen(tempFolder(), [argument]);
    expect(stdout).toMatch(/\d+\.\d+\.\d+/);
    expect(status).toBe(0);
  });

  test('--format json is one report on stdout, for success and for mistakes', async () => {
    const folder = await memcachedProject();
    const good = JSON.parse((await opgen(folder, ['generate', '--json'])).stdout);
    expect(good).toMatchObject({ version: 1, command: 'generate', exitCode: 0, diagnostics: [] });
    expect(good.changes).toContainEqual({
      path: 'config/rbac/role.yaml',
      action: 'keep',
      owner: 'opgen',
      source: 'rbac',
    });
    write(folder, 'src/api/v1alpha1/bad.ts', '// +kubebuilder:rback:groups=a\nexport {};\n');
    const bad = await opgen(folder, ['generate', '--format', 'json']);
    const report = JSON.parse(bad.stdout);
    expect(bad.stderr).toBe('');
    expect(bad.status).toBe(1);
    expect(report).toMatchObject({
      exitCode: 1,
      diagnostics: [{ code: 'OG2001', at: { file: 'src/api/v1alpha1/bad.ts', line: 1 } }],
    });
    const usage = JSON.parse((await opgen(folder, ['generate', '--json', '--nonsense'])).stdout);
    expect(usage).toMatchObject({ exitCode: 2, diagnostics: [{ code: 'OG5001' }] });
  });

  test('--quiet prints nothing when all is well', async () => {
    const folder = await memcachedProject();
    const { stdout, stderr } = await opgen(folder, ['generate', '--quiet']);
    expect(stdout + stderr).toBe('');
  });

  test('--cwd works in another folder', async () => {
    const folder = await memcachedProject();
    const { stdout, status } = await opgen(tempFolder(), ['--cwd', folder, 'generate', '--check']);
    expect(stdout).toContain('No drift');
    expect(status).toBe(0);
  });

  test('a pipe gets no colours, and a reader that goes away is no error', async () => {
    const { stdout } = await opgen(tempFolder(), ['generate'], { env: { TERM: 'xterm-256color' } });
    expect(stdout).not.toContain('\x1b[');
    const { run } = await import('../support/process.js');
    const head = await run('sh', ['-c', `"${process.execPath}" bin/opgen.js markers | head -1; echo done`]);
    expect(head.stderr).toBe('');
    expect(head.stdout).toContain('done');
  });

  test('markers explains a marker and a tag', async () => {
    const marker = await opgen(tempFolder(), ['markers', 'kubebuilder:printcolumn']);
    expect(marker.stdout).toContain('+kubebuilder:printcolumn:name=Size');
    const tag = await opgen(tempFolder(), ['markers', '@minimum']);
    expect(tag.stdout).toContain('kubebuilder:validation:Minimum');
  });
});
