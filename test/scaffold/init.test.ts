import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromYaml } from '../../src/emit/yaml.js';
import { type InitInput, initArtifacts } from '../../src/scaffold/init.js';
import { textOf } from '../support/api.js';
import { input, projectIn, withArtifacts } from '../support/scaffold.js';

const filesOf = (init: Partial<InitInput> = {}) => withArtifacts(new Map(), initArtifacts({ ...input, ...init }));

test('a new project has these files', async () => {
  const folder = join(process.cwd(), 'fixtures/scaffold/new-project');
  const files = filesOf({ owner: 'Example Inc.' });
  for (const [path, text] of files) await expect(text).toMatchFileSnapshot(join(folder, `${path}.txt`));
});

test('PROJECT, main.ts and kustomizations are shared, the rest is the user’s', () => {
  const shared = initArtifacts(input).filter(({ owner }) => owner === 'shared');
  expect(shared.map(({ path }) => path)).toEqual([
    'PROJECT',
    'config/default/kustomization.yaml',
    'config/manager/kustomization.yaml',
    'config/rbac/kustomization.yaml',
    'src/main.ts',
  ]);
  for (const artifact of shared) expect(textOf(artifact, 'edited by hand\n')).toBe('edited by hand\n');
});

test('PROJECT says what was asked for', () => {
  expect(projectIn(filesOf({ multigroup: true, namespaced: true }))).toMatchObject({
    name: 'cache-operator',
    domain: 'example.com',
    repo: 'cache-operator',
    multigroup: true,
    namespaced: true,
    cliVersion: '0.1.0',
    resources: [],
  });
});

test('YAML and JSON files are valid', () => {
  for (const [path, text] of filesOf()) {
    if (/\.ya?ml$/.test(path)) expect(fromYaml(text, path).diagnostics).toEqual([]);
    if (path.endsWith('.json')) expect(() => JSON.parse(text), path).not.toThrow();
  }
});

test('actions are pinned, and the workflow may read the sources only', () => {
  const text = filesOf().get('.github/workflows/test.yml')!;
  const uses = text.split('\n').filter((line) => line.includes('uses:'));
  expect(uses.length).toBeGreaterThan(0);
  for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d/);
  const { permissions, jobs } = fromYaml(text, 'test.yml').value[0] as unknown as { permissions: object; jobs: object };
  expect(permissions).toEqual({});
  for (const job of Object.values(jobs)) expect(job.permissions).toEqual({ contents: 'read' });
});

test('the workflow and the README name only scripts that exist', () => {
  const files = filesOf();
  const { scripts } = JSON.parse(files.get('package.json')!) as { scripts: Record<string, string> };
  const named = [...files.values()].flatMap((text) =>
    [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script!),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
});

test('a namespaced operator watches its own namespace', () => {
  expect(filesOf().get('config/manager/manager.yaml')).not.toContain('WATCH_NAMESPACE');
  expect(filesOf({ namespaced: true }).get('config/manager/manager.yaml')).toContain('WATCH_NAMESPACE');
});

test('names that YAML takes for something else stay strings', () => {
  const files = filesOf({ name: 'null' });
  const [, deployment] = fromYaml(files.get('config/manager/manager.yaml')!, 'manager.yaml').value;
  expect(deployment).toMatchObject({ metadata: { labels: { 'app.kubernetes.io/name': 'null' } } });
});

describe('package.json', () => {
  test.each([
    ['apache2', 'Apache-2.0'],
    ['none', 'UNLICENSED'],
  ])('license %s is %s', (license, expected) => {
    expect(JSON.parse(filesOf({ license }).get('package.json')!)).toMatchObject({
      license: expected,
      private: true,
      type: 'module',
    });
  });

  test('says any owner and version of opgen word for word', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(text, text, (owner, opgenSpec) => {
        const content = JSON.parse(filesOf({ owner, opgenSpec }).get('package.json')!);
        expect(content.author).toBe(owner);
        expect(content.dependencies).toEqual({ opgen: opgenSpec });
      }),
      { numRuns: 20 },
    );
  });
});
