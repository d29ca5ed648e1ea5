import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Envtest, startEnvtest } from '../../src/testing/envtest.js';
import { rules } from '../../src/validate/index.js';
import { assets, describeWithCluster } from '../support/assets.js';
import { cases, crdOfCase } from './cases.js';
import { fixtureOf, root } from './fixtures.js';
import { expectedLines, objectNames, objectRoot } from './objects.js';

const apply = ['apply', '--server-side'];
const run = promisify(execFile);

vi.setConfig({ testTimeout: 60_000 });

describeWithCluster('the API server agrees', () => {
  let server: Envtest;
  let dir: string;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'opgen-agreement-'));
    server = await startEnvtest({ binDir: assets!, crdPaths: [join(objectRoot, 'crd.yaml')] });
    writeFileSync(join(dir, 'kubeconfig'), server.kubeconfig);
  }, 120_000);

  afterAll(async () => {
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  /** What the server has against the objects of a file: empty when it accepts them all. */
  async function refusal(file: string, ...verb: readonly string[]): Promise<string> {
    const args = [...verb, '--dry-run=server', '--validate=strict', '-f', file];
    try {
      await run(join(assets!, 'kubectl'), ['--kubeconfig', join(dir, 'kubeconfig'), ...args]);
      return '';
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
  }

  describe.each(rules.map((rule) => ({ name: fixtureOf(rule), rule })))('with $name', ({ name, rule }) => {
    test('accepts what passes', async () => {
      expect(await refusal(join(root, name, 'passes.yaml'), ...apply)).toBe('');
    });

    test(rule.opgenOnly ? 'accepts what opgen alone reports' : 'refuses what is refused', async () => {
      const text = await refusal(join(root, name, 'refused.yaml'), ...apply);
      if (rule.opgenOnly) expect(text).toBe('');
      else expect(text).not.toBe('');
    });
  });

  test.each(cases)('about a CRD: $claim', async (each) => {
    const file = join(dir, 'crd.json');
    writeFileSync(file, JSON.stringify(crdOfCase(each)));
    const text = await refusal(file, ...apply);
    if (each.rule === undefined || each.opgenOnly) expect(text).toBe('');
    else expect(text).not.toBe('');
  });

  test.each(objectNames)('about an object: %s', async (name) => {
    const text = await refusal(join(objectRoot, name, 'object.yaml'), 'create');
    expect(serverLines(text)).toEqual(expectedLines(name).map(withoutBranchPath).sort());
  });
});

/** The server prints failures of branches and of ranges without a path. */
function withoutBranchPath(line: string): string {
  return line.replace(/^[^ ]*: (?=Invalid value: "": ("[^"]*" must|\w[\w ]+ value must))/, '<nil>: ');
}

/** The findings in what kubectl prints, sorted. */
function serverLines(text: string): readonly string[] {
  const strict = /strict decoding error: (.*)/.exec(text);
  if (strict) return strict[1]!.split(/, (?=unknown field)/).sort();
  const list = text.replace(/^[\s\S]*? is invalid: /, '').trim();
  return list
    .split(/\n?\* /)
    .filter((line) => line !== '')
    .map((line) => line.trim())
    .sort();
}
