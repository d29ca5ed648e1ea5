import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../support/process.js';
import { tempFolder } from '../support/temp.js';

/** The tutorial of the README, word for word, in one shell on a fresh clone. A line that ends in `# exits with N` has to. */
test('the tutorial of the README works as it is written', async () => {
  const folder = tempFolder();
  const clone = join(folder, 'opgen');
  expect((await run('git', ['clone', '--quiet', '.', clone])).status).toBe(0);
  const tutorial = /\n## Five minutes\n([\s\S]*?)\n## /.exec(readFileSync('README.md', 'utf8'))![1]!;
  const blocks = [...tutorial.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]!);
  expect(blocks.length).toBeGreaterThanOrEqual(5);
  const script = blocks.join('').replace(/^(.*?) +# exits with (\d+)$/gm, 'rc=0; $1 || rc=$?; [ $rc -eq $2 ]');
  const { status, stdout, stderr } = await run('bash', ['-e', '-c', script], { cwd: clone, timeout: 600_000 });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  expect(stdout).toContain('kind: CustomResourceDefinition');
  expect(stdout).toContain('kind: ClusterRole');
  expect(stdout).toContain('kind: Memcached');
  expect(stderr).toMatch(/error OG2001: .*did you mean `\+kubebuilder:printcolumn`\?/);
  expect(stderr).toContain('error OG4001');
  expect(stdout).toContain('No drift');
}, 700_000);
