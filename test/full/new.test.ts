import { expect, test } from 'vitest';
import { type RunResult, run } from '../support/process.js';
import { repositoryCopy } from '../support/repository.js';

const additions: readonly (readonly string[])[] = [
  ['marker', 'opgen:validation:Percentage'],
  ['generator', 'deprecations'],
  ['command', 'kinds'],
  ['command', 'show kinds'],
  ['rule', 'XT1'],
  ['template', 'notes'],
];

/** The tests of the new things, and those that go through lists which now have them. */
const tests = [
  'test/completeness.test.ts',
  'test/architecture.test.ts',
  'test/crds.test.ts',
  'test/markers/parse.test.ts',
  'test/generators/deprecations.test.ts',
  'test/scaffold/notes.test.ts',
  'test/validate/index.test.ts',
  'test/cli/kinds.test.ts',
  'test/cli/show-kinds.test.ts',
  'test/cli/completion.test.ts',
];

/** The result of a program that has to succeed. */
async function expectSuccess(cwd: string, command: string, ...args: readonly string[]): Promise<RunResult> {
  const result = await run(command, args, {
    cwd,
    timeout: 400_000,
    env: { CI: 'true', NO_COLOR: '1', FORCE_COLOR: undefined, OPGEN_TEST_RESULTS: undefined },
  });
  expect(
    result.status,
    `${command} ${args.join(' ')}\n${result.stdout.slice(-4000)}\n${result.stderr.slice(-4000)}`,
  ).toBe(0);
  return result;
}

test('everything that `npm run new` makes passes the checks as it is', { timeout: 1_200_000 }, async () => {
  const folder = repositoryCopy();
  for (const addition of additions) {
    const { stdout } = await expectSuccess(folder, 'npm', 'run', '--silent', 'new', '--', ...addition);
    expect(stdout).toMatch(/^\+ .*\n(.*\n)*Next: /);
  }
  await expectSuccess(folder, 'npx', 'tsc', '-p', 'tsconfig.json');
  await expectSuccess(folder, 'npx', 'biome', 'check', '--error-on-warnings');
  await expectSuccess(folder, 'npx', 'tsx', 'scripts/docs.ts', '--check');
  const bundle = ['src/cli/main.ts', 'src/index.ts', '--bundle', '--splitting', '--outdir=dist', '--outbase=src'];
  await expectSuccess(folder, 'npx', 'esbuild', ...bundle, '--packages=external', '--platform=node', '--format=esm');
  await expectSuccess(folder, 'npx', 'vitest', 'run', ...tests);
  const again = await run('npm', ['run', '--silent', 'new', '--', 'command', 'kinds'], { cwd: folder });
  expect([again.stdout, again.status]).toEqual(['', 2]);
});
