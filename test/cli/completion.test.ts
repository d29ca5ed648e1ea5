import { spawn } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands/index.js';
import { splitLine } from '../../src/cli/completion/words.js';
import { bin, crd, memcachedProject, opgen, succeed, write } from '../support/opgen.js';
import { run } from '../support/process.js';
import { tempFolder } from '../support/temp.js';

/** The candidates for the last word, in the way of fish. */
async function candidates(cwd: string, ...words: string[]): Promise<string[]> {
  const { stdout, stderr, status } = await opgen(cwd, ['__complete', 'fish', ...words]);
  expect([stderr, status]).toEqual(['', 0]);
  return stdout.split('\n').slice(0, -1);
}

const values = async (cwd: string, ...words: string[]): Promise<string[]> =>
  (await candidates(cwd, ...words)).map((line) => line.split('\t')[0]!);

describe('what is offered', () => {
  test('commands and the words of their names, with their summaries', async () => {
    const folder = tempFolder();
    const words = [...new Set(commands.map(({ name }) => name.split(' ')[0]!)), 'help'];
    expect(await values(folder, '')).toEqual(words);
    expect(await candidates(folder, 'gen')).toEqual([
      `generate\t${commands.find(({ name }) => name === 'generate')!.summary}`,
    ]);
    expect(await values(folder, 'create', '')).toContain('api');
    expect(await values(folder, 'help', 'create', 'a')).toEqual(['api']);
  });

  test('flags of the command and of all commands, negated ones when they are begun, none twice', async () => {
    const folder = tempFolder();
    const flags = await values(folder, 'generate', '--');
    for (const name of ['--check', '--paths', '--cwd', '--format', '--help']) expect(flags).toContain(name);
    expect(flags).not.toContain('--no-check');
    expect(await values(folder, 'generate', '--no-ch')).toEqual(['--no-check']);
    expect(await values(folder, 'generate', '--check', '--ch')).toEqual([]);
    expect(await values(folder, 'init', '--ch')).toEqual([]);
  });

  test('values of flags, behind a space and behind `=`', async () => {
    const folder = tempFolder();
    expect(await values(folder, 'init', '--license', '')).toEqual(['apache2', 'none']);
    expect(await values(folder, 'generate', '--format=')).toEqual(
      ['human', 'json', 'github', 'sarif'].map((value) => `--format=${value}`),
    );
    expect(await values(folder, '--format', 'j')).toEqual(['json']);
    expect(await values(folder, 'generate', '--check=')).toEqual(['--check=true', '--check=false']);
    expect(await values(folder, 'init', '--domain', '')).toEqual([]);
  });

  test('artifacts that are not named yet, markers and tags, shells', async () => {
    const folder = tempFolder();
    expect(await values(folder, 'generate', 'crds', '')).toContain('rbac');
    expect(await values(folder, 'generate', 'crds', 'c')).not.toContain('crds');
    expect(await values(folder, 'markers', 'kubebuilder:validation:ExclusiveMi')).toEqual([
      'kubebuilder:validation:ExclusiveMinimum',
    ]);
    expect(await values(folder, 'markers', '@exclusiveMi')).toEqual(['@exclusiveMinimum']);
    expect(await values(folder, 'markers', '@minimum', '')).toEqual([]);
    expect(await values(folder, 'completion', '')).toEqual(['bash', 'zsh', 'fish', 'powershell']);
  });

  test('kinds, groups and versions of the project, and its generated files', async () => {
    const folder = await memcachedProject();
    expect(await values(folder, 'create', 'api', '--kind', '')).toEqual(['Memcached']);
    expect(await values(join(folder, 'src'), 'create', 'api', '--group', '')).toEqual(['cache']);
    expect(await values(folder, 'create', 'api', '--version=')).toEqual(['--version=v1alpha1']);
    expect(await values(folder, 'generate', '--force=config/crd')).toEqual([`--force=${crd}`]);
    expect(await values(tempFolder(), '--cwd', folder, 'create', 'api', '--kind', 'M')).toEqual(['Memcached']);
    expect(await values(tempFolder(), 'create', 'api', '--kind', '')).toEqual([]);
    write(folder, 'PROJECT', 'a: [');
    expect(await values(folder, 'create', 'api', '--kind', '')).toEqual([]);
  });

  test('files and folders, with spaces in their names', async () => {
    const folder = tempFolder();
    write(folder, 'src/my types/a b.ts', '');
    write(folder, 'src/x.ts', '');
    write(folder, 'src/.hidden', '');
    expect(await values(folder, 'generate', '--paths', 'src/')).toEqual(['src/my types/', 'src/x.ts']);
    expect(await values(folder, 'generate', '--paths', 'src/x.ts', 'src/my types/a')).toEqual(['src/my types/a b.ts']);
    expect(await values(folder, 'generate', '--output=src/')).toEqual(['--output=src/my types/']);
    expect(await values(folder, 'generate', '--paths', 'no/')).toEqual([]);
  });

  test('without the compiler, so that a key is answered quickly', async () => {
    const folder = await memcachedProject();
    const trace = { NODE_DEBUG: 'module,esm' };
    const { stderr, stdout } = await opgen(folder, ['__complete', 'fish', 'create', 'api', '--kind', ''], {
      env: trace,
    });
    expect(stdout).toContain('Memcached');
    expect(stderr).not.toMatch(/ts-morph|inquirer|typescript\.js/);
  });
});

describe('a line as bash reads it', () => {
  const lines: readonly [string, readonly string[], boolean][] = [
    ['opgen ', ['opgen', ''], false],
    ['opgen  a', ['opgen', 'a'], false],
    ['opgen a\\ b "c d" \'e "f\' g', ['opgen', 'a b', 'c d', 'e "f', 'g'], false],
    ['opgen "a b', ['opgen', 'a b'], true],
    ['opgen "a\\"b\\c" ', ['opgen', 'a"b\\c', ''], false],
    ['opgen "" ', ['opgen', '', ''], false],
    ["opgen --x='a", ['opgen', '--x=a'], true],
  ];
  test.each(lines)('%s', (line, words, isQuoted) => {
    expect(splitLine(line)).toEqual({ words, isQuoted });
  });

  test('gives back words that were quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string().filter((word) => !word.includes("'"))), (words) => {
        const line = ['opgen', ...words.map((word) => `'${word}'`), 'end'].join(' ');
        expect(splitLine(line).words).toEqual(['opgen', ...words, 'end']);
      }),
    );
  });
});

/** A folder with an `opgen` that a shell finds. */
function binFolder(): string {
  const folder = tempFolder();
  writeFileSync(join(folder, 'opgen'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`);
  chmodSync(join(folder, 'opgen'), 0o755);
  return folder;
}

const has = (shell: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, shell)));
const shellTest = (shell: string) => (has(shell) ? test : test.skip);
const titled = (title: string, ...programs: readonly string[]): string => {
  const missing = programs.filter((program) => !has(program));
  return missing.length === 0 ? title : `${title} (skipped: no ${missing.join(', ')} here)`;
};
const pathWith = (folder: string): Record<string, string> => ({ PATH: `${folder}${delimiter}${process.env.PATH}` });

describe('the scripts', () => {
  test.each(['bash', 'zsh', 'fish', 'powershell'])('opgen completion %s prints one', async (shell) => {
    const { stdout } = await succeed(tempFolder(), 'completion', shell);
    expect(stdout).toContain(`__complete ${shell}`);
  });

  test('a shell that is not known is refused with the nearest name', async () => {
    const { stderr, status } = await opgen(tempFolder(), ['completion', 'bsh']);
    expect(stderr).toMatch(/OG5001: .*`bsh` is none\. hint: opgen completion bash\n/);
    expect(status).toBe(2);
    expect((await opgen(tempFolder(), ['completion'])).status).toBe(2);
  });

  const syntax: readonly [string, readonly string[]][] = [
    ['bash', ['-n']],
    ['zsh', ['-n']],
    ['fish', ['--no-execute']],
  ];
  for (const [shell, args] of syntax) {
    shellTest(shell)(titled(`${shell} reads its script`, shell), async () => {
      const folder = tempFolder();
      writeFileSync(join(folder, 'script'), (await succeed(folder, 'completion', shell)).stdout);
      const { stderr, status } = await run(shell, [...args, 'script'], { cwd: folder });
      expect([stderr, status]).toEqual(['', 0]);
    });
  }

  shellTest('fish')(titled('fish completes', 'fish'), async () => {
    const folder = await memcachedProject();
    write(folder, 'src/my types/a.ts', '');
    const lines = [
      'opgen gen',
      'opgen generate --format=s',
      'opgen create api --kind M',
      'opgen generate --paths src/my',
    ];
    const script = ['opgen completion fish | source', ...lines.map((line) => `complete -C '${line}'`)].join('\n');
    const { stdout } = await run('fish', ['--no-config', '-c', script], { cwd: folder, env: pathWith(binFolder()) });
    const offered = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t')[0]);
    expect(offered).toEqual(['generate', '--format=sarif', 'Memcached', 'src/my types/']);
  });

  const terminal = titled('in bash on a terminal, with `=`, colons, quotes and spaces', 'bash', 'script');
  (has('bash') && has('script') ? test : test.skip)(terminal, async () => {
    const folder = await memcachedProject();
    write(folder, 'src/my types/a.ts', '');
    const env = {
      ...process.env,
      ...pathWith(binFolder()),
      TERM: 'dumb',
      PS1: '$ ',
      HISTFILE: '/dev/null',
      INPUTRC: '/dev/null',
    };
    const child = spawn('script', ['-qfc', 'bash --noprofile --norc -i', '/dev/null'], { cwd: folder, env });
    let screen = '';
    let seen = 0;
    child.stdout.on('data', (data: Buffer) => {
      screen += data.toString();
    });
    const until = async (text: string): Promise<void> => {
      await expect.poll(() => screen.indexOf(text, seen), { timeout: 30_000, message: text }).toBeGreaterThanOrEqual(0);
      seen = screen.indexOf(text, seen) + text.length;
    };
    const type = (keys: string): void => void child.stdin.write(keys);
    type('source <(opgen completion bash); echo rea""dy\n');
    await until('ready');
    const typed: readonly [string, string][] = [
      ['gen\t', 'generate '],
      ['generate --format=sa\t', '--format=sarif '],
      ['generate --format sa\t', '--format sarif '],
      ['markers kubebuilder:validation:ExclusiveMi\t', 'kubebuilder:validation:ExclusiveMinimum '],
      ['markers "kubebuilder:validation:ExclusiveMi\t', '"kubebuilder:validation:ExclusiveMinimum" '],
      ['markers @exclusiveMi\t', '@exclusiveMinimum '],
      ['generate --paths src/my\t', 'src/my\\ types/'],
      ['generate --paths "src/my\t', '"src/my types'],
      ['--cwd=src/my\t', '--cwd=src/my\\ types/'],
      ['create api --kind M\t', '--kind Memcached '],
      ['generate --force=Mak\t', '--force=Makefile '],
    ];
    for (const [keys, expected] of typed) {
      type(`: \x15opgen ${keys}`);
      await until(expected);
      type('\x15');
    }
    type('\x15exit\n');
    await new Promise((resolve) => child.once('close', resolve));
    expect(screen).not.toContain('Error');
  });
});
