import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { toVoice } from '../../src/cli/report/voice.js';
import { report } from '../../src/cli/report.js';
import type { Diagnostic } from '../../src/diagnostics.js';
import { memcachedProject, opgen, replace, types, write } from '../support/opgen.js';
import { tempFolder } from '../support/temp.js';

/** A project below the root of a repository, with a typo in its types and a generated file that was edited. */
async function brokenProject(): Promise<{ repository: string; folder: string }> {
  const folder = await memcachedProject();
  replace(folder, types, ' * +kubebuilder:subresource', ' * +kubebuilder:subresourze');
  return { repository: join(folder, '..'), folder };
}

const inCi = (folder: string): Record<string, string> => ({ GITHUB_WORKSPACE: join(folder, '..') });
const nameOf = (folder: string): string => folder.slice(folder.lastIndexOf('/') + 1);

/** What is printed for an outcome, on a terminal of a width or in a pipe. */
function printed(
  diagnostics: readonly Diagnostic[],
  options: {
    format?: 'human' | 'json' | 'github' | 'sarif';
    root?: string;
    columns?: number;
    env?: Record<string, string>;
  } = {},
) {
  const screen = { out: '', err: '' };
  const tty = options.columns === undefined ? {} : { isTTY: true, columns: options.columns };
  const voice = toVoice(
    { format: options.format ?? 'human', quiet: false, strict: false, cwd: options.root ?? '/nowhere' },
    { NO_COLOR: '1', ...options.env },
    {
      stdout: { ...tty, write: (text) => (screen.out += text) },
      stderr: { ...tty, write: (text) => (screen.err += text) },
    },
  );
  const outcome = { diagnostics, ...(options.root === undefined ? {} : { root: options.root }) };
  const exitCode = report('generate', outcome, voice);
  return { ...screen, exitCode };
}

const finding = (at: Diagnostic['at'], more: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'OG2003',
  severity: 'error',
  message: 'A must, but `b` is',
  ...(at ? { at } : {}),
  ...more,
});

describe('the format for people', () => {
  test('in a pipe each diagnostic is one line, whatever is in it; details follow the last', () => {
    const diagnostics = [
      finding({ file: 'b.ts', line: 2, column: 1 }, { detail: '--- a/b.ts\n+++ b/b.ts\n' }),
      finding({ file: 'a.ts', line: 10, column: 1 }, { message: 'A must,\nbut `\x1b[2J` is' }),
      finding({ file: 'a.ts', line: 9, column: 1 }),
      finding(undefined, { hint: 'do\r\nthis' }),
      finding({ file: 'a.ts', line: 9, column: 1 }),
    ];
    expect(printed(diagnostics).err).toBe(
      [
        'error OG2003: A must, but `b` is. hint: do this',
        'a.ts:9:1 error OG2003: A must, but `b` is',
        'a.ts:10:1 error OG2003: A must, but `\\x1b[2J` is',
        'b.ts:2:1 error OG2003: A must, but `b` is',
        '--- a/b.ts',
        '+++ b/b.ts',
        '',
      ].join('\n'),
    );
  });

  const frames: readonly [string, string, number, readonly string[]][] = [
    ['a plain line', 'type A = b;', 10, ['  1 | type A = b;', '    |          ^']],
    ['a tab', '\tx: b;', 5, ['  1 |     x: b;', '    |        ^']],
    ['a tab in the middle', 'ab\tx', 4, ['  1 | ab  x', '    |     ^']],
    ['wide characters', "'日本' | b", 8, ["  1 | '日本' | b", '    |          ^']],
    ['an emoji of several code points', '👩‍👩‍👧 b', 10, ['  1 | 👩‍👩‍👧 b', '    |    ^']],
    ['a combining accent', 'e\u0301 b', 4, ['  1 | e\u0301 b', '    |   ^']],
    ['the end of the line', 'abc', 4, ['  1 | abc', '    |    ^']],
    ['a control character', 'a\x1bb', 3, ['  1 | a�b', '    |   ^']],
  ];
  test.each(frames)('on a terminal a caret stands below %s', (_, line, column, expected) => {
    const root = tempFolder();
    write(root, 'a.ts', `\uFEFF${line}\r\nnext\r\n`);
    const { err } = printed([finding({ file: 'a.ts', line: 1, column })], { root, columns: 80 });
    expect(err.split('\n').slice(1)).toEqual([...expected, '']);
  });

  test.each([1, 2, 60, 150, 299, 300, 301])('a long line is cut around column %d', (column) => {
    const root = tempFolder();
    const line = Array.from({ length: 300 }, (_, index) => String.fromCharCode(97 + (index % 26))).join('');
    write(root, 'a.ts', `${line}\n`);
    const { err } = printed([finding({ file: 'a.ts', line: 1, column })], { root, columns: 40 });
    const [, source = '', caret = ''] = err.split('\n');
    expect(source.length).toBeLessThanOrEqual(40);
    expect(source.length).toBeGreaterThan(30);
    expect(source[caret.indexOf('^')]).toBe(column > 300 ? undefined : line[column - 1]);
  });

  test.each([
    ['a line that is not there', { file: 'a.ts', line: 9, column: 1 }],
    ['a column that is not there', { file: 'a.ts', line: 1, column: 50 }],
    ['a file that is not there', { file: 'b.ts', line: 1, column: 1 }],
    ['a folder', { file: '.', line: 1, column: 1 }],
  ])('%s has no frame', (_, at) => {
    const root = tempFolder();
    write(root, 'a.ts', 'x\n');
    expect(printed([finding(at)], { root, columns: 80 }).err.split('\n')).toHaveLength(2);
  });

  const colour: readonly [Record<string, string>, string[], boolean][] = [
    [{ FORCE_COLOR: '1' }, [], true],
    [{ FORCE_COLOR: '0' }, [], false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, [], true],
    [{ FORCE_COLOR: '1' }, ['--no-color'], false],
    [{ FORCE_COLOR: '1' }, ['--color=false'], false],
    [{ NO_COLOR: '1' }, ['--color'], true],
    [{}, [], false],
  ];
  test.each(colour)('with %j and %j in a pipe there are colours: %s', async (env, args, expected) => {
    const { stderr } = await opgen(tempFolder(), ['generate', ...args], { env });
    expect(stderr.includes('\x1b[31m')).toBe(expected);
  });

  test.each([
    [{ NO_COLOR: '' }, true],
    [{ NO_COLOR: '', TERM: 'dumb' }, false],
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '', CI: 'true' }, true],
  ])('on a terminal with %j there are colours: %s', (env, expected) => {
    expect(printed([finding(undefined)], { columns: 80, env }).err.includes('\x1b[31m')).toBe(expected);
  });
});

describe('--format json', () => {
  const validate = new Ajv().compile(JSON.parse(readFileSync('docs/report.schema.json', 'utf8')));

  test.each([
    [['generate']],
    [['generate', '--check']],
    [['generate', '--dry-run']],
    [['generate', '--wrong']],
    [['create', 'api', '--kind', 'Other', '--dry-run']],
    [['create', 'api']],
    [['init']],
    [['markers']],
    [['version']],
    [['completion', 'bash']],
    [['nonsense']],
    [['--cwd', 'nowhere', 'generate']],
    [[]],
  ])('%j gives a report of the schema', async (args) => {
    const { folder } = await brokenProject();
    const { stdout, stderr, status } = await opgen(folder, ['--format', 'json', ...args]);
    const value = JSON.parse(stdout);
    expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
    expect(value.exitCode).toBe(status);
    expect(stderr).toBe('');
    expect(stdout).not.toContain(folder);
  });

  test('paths are relative to `root`', async () => {
    const { folder } = await brokenProject();
    const { stdout } = await opgen(join(folder, 'src/api'), ['generate', '--json']);
    const { root, diagnostics } = JSON.parse(stdout);
    expect(join(folder, 'src/api', root, diagnostics[0].at.file)).toBe(join(folder, types));
  });
});

describe('--format github', () => {
  test('annotates files from the root of the repository, drift included', async () => {
    const { folder } = await brokenProject();
    const { stdout, stderr, status } = await opgen(folder, ['generate', '--format', 'github'], { env: inCi(folder) });
    expect(stdout).toMatch(
      new RegExp(
        `^::error file=${nameOf(folder)}/${types},line=\\d+,col=4,endLine=\\d+,title=OG2001::.*subresourze.*%0Ahint: did you mean .*subresource:status`,
        'm',
      ),
    );
    expect(stderr).toBe('');
    expect(status).toBe(1);
    const clean = await memcachedProject();
    appendFileSync(join(clean, 'Makefile'), '# mine\n');
    const drift = await opgen(clean, ['generate', '--check', '--format=github'], { env: inCi(clean) });
    expect(drift.stdout).toMatch(/^::error title=OG4001::`Makefile` must/m);
  });

  test('escapes what the protocol needs, in texts and in properties', () => {
    const root = tempFolder();
    const at = { file: 'a,b:c%.ts', line: 1, column: 2 };
    const { out } = printed([finding(at, { rule: 'ST4', message: 'A: 100%, but `b`', hint: 'a\nb' })], {
      format: 'github',
      root,
    });
    expect(out).toBe(
      '::error file=a%2Cb%3Ac%25.ts,line=1,col=2,endLine=1,title=OG2003 [ST4]::A: 100%25, but `b`%0Ahint: a b\n',
    );
  });

  test('shows ten of each severity, those at a place first, and names the rest', () => {
    const many = Array.from({ length: 12 }, (_, index) => [
      finding({ file: 'a.ts', line: index + 1, column: 1 }),
      finding({ file: 'a.ts', line: index + 1, column: 1 }, { severity: 'warning' }),
    ]).flat();
    const { out } = printed([finding(undefined), ...many], { format: 'github', root: tempFolder() });
    const lines = out.trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('::error file='))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith('::warning file='))).toHaveLength(10);
    expect(lines.slice(20)).toEqual([
      '5 more:',
      'a.ts:11:1 error OG2003: A must, but `b` is',
      'a.ts:12:1 error OG2003: A must, but `b` is',
      'error OG2003: A must, but `b` is',
      'a.ts:11:1 warning OG2003: A must, but `b` is',
      'a.ts:12:1 warning OG2003: A must, but `b` is',
    ]);
  });

  test('adds a table and the diffs to the summary of the job', () => {
    const root = tempFolder();
    const file = join(root, 'summary.md');
    writeFileSync(file, 'before\n');
    const diagnostics = [
      finding({ file: 'a.ts', line: 1, column: 1 }, { message: 'A <b> | c, but `d|<e>` is', hint: 'f' }),
      finding(undefined, { severity: 'warning', detail: '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-```\n+a\n' }),
    ];
    printed(diagnostics, { format: 'github', root, env: { GITHUB_STEP_SUMMARY: file } });
    expect(readFileSync(file, 'utf8')).toBe(`before
### opgen generate: 1 error and 1 warning

| severity | code | place | message |
|---|---|---|---|
| warning | OG2003 |  | A must, but \`b\` is |
| error | OG2003 | a.ts:1:1 | A \\<b> \\| c, but \`d\\|<e>\` is<br>hint: f |

\`\`\`\`diff
--- a/x
+++ b/x
@@ -1 +1 @@
-\`\`\`
+a
\`\`\`\`

`);
  });

  test('the summary stays below its limit, and says what did not fit', () => {
    const root = tempFolder();
    const file = join(root, 'summary.md');
    writeFileSync(file, 'x'.repeat(500_000));
    const many = Array.from({ length: 900 }, (_, index) =>
      finding({ file: 'ä.ts', line: index + 1, column: 1 }, { message: `A must, but ${'ä'.repeat(500)} is` }),
    );
    printed(many, { format: 'github', root, env: { GITHUB_STEP_SUMMARY: file } });
    const text = readFileSync(file);
    expect(text.byteLength).toBeLessThanOrEqual(1024 * 1024);
    expect(text.byteLength).toBeGreaterThan(1_000_000);
    expect(text.toString()).toMatch(/\n\d+ more did not fit\.\n/);
    printed(many, { format: 'github', root, env: { GITHUB_STEP_SUMMARY: file } });
    expect(readFileSync(file).byteLength).toBeLessThanOrEqual(1024 * 1024);
  });

  test('a summary that cannot be written is told and nothing else', () => {
    const root = tempFolder();
    const { err, out, exitCode } = printed([finding(undefined)], {
      format: 'github',
      root,
      env: { GITHUB_STEP_SUMMARY: join(root, 'no/summary.md') },
    });
    expect(err).toBe('The summary of the job cannot be written (ENOENT).\n');
    expect(out).toMatch(/^::error/);
    expect(exitCode).toBe(1);
  });

  test('leaves stdout to the data of a command', async () => {
    const folder = await memcachedProject();
    const sample = join(folder, types);
    writeFileSync(sample, readFileSync(sample, 'utf8').replace('@maximum', '@maximun'));
    const { stdout, stderr } = await opgen(folder, ['generate', 'crds', '--output', '-', '--format', 'github']);
    expect(stdout).toContain('kind: CustomResourceDefinition\n');
    expect(stdout).not.toMatch(/^::/m);
    expect(stderr).toMatch(/^::warning /);
  });
});

describe('--format sarif', () => {
  /** What consumers insist on, of the schema of SARIF 2.1.0. */
  const location = {
    type: 'object',
    required: ['physicalLocation'],
    properties: {
      physicalLocation: {
        type: 'object',
        required: ['artifactLocation'],
        properties: {
          artifactLocation: {
            type: 'object',
            required: ['uri'],
            additionalProperties: false,
            properties: { uri: { type: 'string', pattern: '^[^\\s#?\\\\]+$' }, uriBaseId: { const: '%SRCROOT%' } },
          },
          region: {
            type: 'object',
            required: ['startLine', 'startColumn'],
            additionalProperties: false,
            properties: { startLine: { type: 'integer', minimum: 1 }, startColumn: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  };
  const text = { type: 'object', required: ['text'], properties: { text: { type: 'string', minLength: 1 } } };
  const result = {
    type: 'object',
    required: ['ruleId', 'ruleIndex', 'level', 'message', 'partialFingerprints'],
    properties: {
      level: { enum: ['error', 'warning'] },
      message: text,
      locations: { type: 'array', minItems: 1, items: location },
      partialFingerprints: { type: 'object', required: ['primaryLocationLineHash'] },
    },
  };
  const rule = {
    type: 'object',
    required: ['id', 'shortDescription', 'fullDescription', 'help'],
    properties: { id: { type: 'string' }, shortDescription: text, fullDescription: text, help: text },
  };
  const validate = new Ajv().compile({
    type: 'object',
    required: ['$schema', 'version', 'runs'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      version: { const: '2.1.0' },
      runs: {
        type: 'array',
        minItems: 1,
        maxItems: 1,
        items: {
          type: 'object',
          required: ['tool', 'results', 'invocations'],
          properties: {
            tool: {
              type: 'object',
              required: ['driver'],
              properties: {
                driver: {
                  type: 'object',
                  required: ['name', 'version', 'rules'],
                  properties: { rules: { type: 'array', items: rule } },
                },
              },
            },
            results: { type: 'array', items: result },
            invocations: { type: 'array', items: { type: 'object', required: ['executionSuccessful'] } },
          },
        },
      },
    },
  });

  interface Log {
    runs: [
      {
        tool: { driver: { rules: { id: string }[] } };
        results: {
          ruleId: string;
          ruleIndex: number;
          message: { text: string };
          locations?: { physicalLocation: { artifactLocation: { uri: string } } }[];
          partialFingerprints: { primaryLocationLineHash: string };
          fixes?: object[];
        }[];
        invocations: [{ executionSuccessful: boolean; exitCode: number }];
      },
    ];
  }

  const uriOf = ({ locations }: Log['runs'][0]['results'][0]): string | undefined =>
    locations?.[0]?.physicalLocation.artifactLocation.uri;

  function parse(out: string): Log {
    const log = JSON.parse(out) as Log;
    expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
    const [{ tool, results }] = log.runs;
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    return log;
  }

  test.each([
    [['generate', '--format', 'sarif'], 1],
    [['generate', '--check', '--format=sarif'], 1],
    [['generate', '--format', 'sarif', '--wrong'], 2],
    [['generate', '--wrong', '--format=sarif'], 2],
    [['--format', 'sarif', 'nonsense'], 2],
    [['create', '--format', 'sarif'], 2],
    [['markers', '--format', 'sarif'], 0],
  ])('%j is a valid log and nothing else', async (args, status) => {
    const { folder } = await brokenProject();
    const run = await opgen(folder, args, { env: inCi(folder) });
    const [{ results, invocations }] = parse(run.stdout).runs;
    expect(run.stderr).toBe('');
    expect(run.status).toBe(status);
    expect(invocations[0]).toMatchObject({ executionSuccessful: status < 2, exitCode: status });
    expect(results.length > 0).toBe(status > 0);
    if (status === 1) expect(uriOf(results[0]!)).toBe(`${nameOf(folder)}/${types}`);
  });

  test('names the rule of the API server, encodes paths, and gives what has no place one to be shown at', () => {
    const root = tempFolder();
    write(root, 'PROJECT', '');
    const { out } = printed(
      [
        finding({ file: 'src/ä b#%.ts', line: 3, column: 4 }, { rule: 'ST4', code: 'OG3005' }),
        finding(undefined, { code: 'OG4003', message: '`config/x y.yaml` must, but' }),
        finding(undefined, { code: 'OG4003', message: '`Makefile` must exist, but it is missing' }),
      ],
      { format: 'sarif', root },
    );
    const { results } = parse(out).runs[0];
    expect(results.map(({ ruleId }) => ruleId)).toEqual(['OG4003', 'OG4003', 'ST4']);
    expect(results.map(uriOf)).toEqual(['PROJECT', 'Makefile', 'src/%C3%A4%20b%23%25.ts']);
  });

  test('fingerprints stay when code moves, differ between findings, and count equal ones', () => {
    const root = tempFolder();
    const at = (line: number, column: number) => ({ file: 'a.ts', line, column });
    const prints = (diagnostics: readonly Diagnostic[]) =>
      parse(printed(diagnostics, { format: 'sarif', root }).out).runs[0].results.map(
        ({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash,
      );
    write(root, 'a.ts', 'a: string;\nb: string;\na: string;\n');
    const drift = (line: number, column: number) =>
      finding(at(line, column), {
        code: 'OG4002',
        message: `\`x\`, which comes from a.ts:${line}:${column}, must, but`,
      });
    const before = prints([finding(at(1, 1)), finding(at(2, 1)), finding(at(3, 1)), drift(1, 1)]);
    write(root, 'a.ts', '// new\n  a: string;\n  b: string;\n  a: string;\n');
    expect(prints([finding(at(2, 3)), finding(at(3, 3)), finding(at(4, 3)), drift(2, 3)])).toEqual(before);
    expect(new Set(before).size).toBe(4);
    expect(before.filter((print) => print.endsWith(':2'))).toHaveLength(1);
  });

  test('has a fix where one name has to be replaced by another one, and only there', () => {
    const root = tempFolder();
    write(root, 'a.ts', ' // +kubebuilder:validation:Minimun=1\n');
    const at = { file: 'a.ts', line: 1, column: 5 };
    const hint = 'did you mean `+kubebuilder:validation:Minimum`?';
    const fixesOf = (diagnostic: Diagnostic) =>
      parse(printed([diagnostic], { format: 'sarif', root }).out).runs[0].results[0]!.fixes;
    const message = '`+kubebuilder:validation:Minimun` must be a marker, but';
    expect(fixesOf(finding(at, { message, hint }))).toMatchObject([
      {
        artifactChanges: [
          {
            replacements: [
              {
                deletedRegion: { startLine: 1, startColumn: 5, endColumn: 36 },
                insertedContent: { text: '+kubebuilder:validation:Minimum' },
              },
            ],
          },
        ],
      },
    ]);
    expect(fixesOf(finding(at, { message, hint: 'use Minimum' }))).toBeUndefined();
    expect(fixesOf(finding({ ...at, column: 6 }, { message, hint }))).toBeUndefined();
    expect(fixesOf(finding(at, { message: '`+kubebuilder:validation` must, but', hint }))).toBeUndefined();
  });

  test('holds no more results than consumers take, and says so', () => {
    const many = Array.from({ length: 25_001 }, (_, line) => finding({ file: 'a.ts', line: line + 1, column: 1 }));
    const { out } = printed(many, { format: 'sarif', root: tempFolder() });
    expect(parse(out).runs[0].results).toHaveLength(25_000);
    expect(out).toContain('1 more result did not fit.');
  });
});

test('paths go by where the folders really are', async () => {
  const { folder } = await brokenProject();
  const link = join(tempFolder(), 'link');
  mkdirSync(link);
  const { symlinkSync } = await import('node:fs');
  symlinkSync(join(folder, '..'), join(link, 'repository'));
  const env = { GITHUB_WORKSPACE: join(link, 'repository') };
  const { stdout } = await opgen(folder, ['generate', '--format', 'github'], { env });
  expect(stdout).toContain(`::error file=${nameOf(folder)}/${types},`);
});
