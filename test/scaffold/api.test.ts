import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fromYaml } from '../../src/emit/yaml.js';
import type { Resource } from '../../src/project/model.js';
import { apiArtifacts } from '../../src/scaffold/api.js';
import { type InitInput, initArtifacts } from '../../src/scaffold/init.js';
import { textOf } from '../support/api.js';
import { run } from '../support/process.js';
import { type Files, input, projectIn, resource, scaffold, withArtifacts } from '../support/scaffold.js';
import { tempFolder } from '../support/temp.js';
import { typeErrors } from '../support/typecheck.js';

type Kinds = readonly (Partial<Resource> & { kind: string })[];

const cases: [string, Partial<InitInput>, Kinds][] = [
  ['no-kind', {}, []],
  ['one-kind', {}, [{ kind: 'Memcached' }]],
  [
    'kinds-of-one-group',
    {},
    [{ kind: 'Memcached' }, { kind: 'Backup', version: 'v1', plural: 'backupruns', namespaced: false }],
  ],
  [
    'kinds-of-two-groups',
    { multigroup: true },
    [{ kind: 'Memcached' }, { kind: 'Memcached', group: 'store' }, { kind: 'Plan', group: '' }],
  ],
  ['kind-named-like-an-imported-type', { namespaced: true }, [{ kind: 'Condition' }]],
];

describe.each(cases)('%s', (name, init, kinds) => {
  let files: Files;
  beforeAll(async () => {
    files = await scaffold(init, kinds);
  });

  test('gives these files', async () => {
    const folder = join(process.cwd(), 'fixtures/scaffold', name);
    const own = [...files].filter(([path]) =>
      /^(src\/(api|generated\/index)|config\/.*kustomization|config\/samples|PROJECT)/.test(path),
    );
    for (const [path, text] of own) await expect(text).toMatchFileSnapshot(join(folder, `${path}.txt`));
  });

  test('type-checks and passes the linter', async () => {
    const folder = tempFolder();
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const sources = [...files.keys()].filter((path) => path.endsWith('.ts')).map((path) => join(folder, path));
    expect(typeErrors(sources)).toEqual([]);
    const { status, stdout, stderr } = await run(resolve('node_modules/.bin/biome'), ['check', '--error-on-warnings'], {
      cwd: folder,
    });
    expect(status, stdout + stderr).toBe(0);
  });

  test('kustomizations list every file beside them, and no other', () => {
    const lists = [...files.keys()].filter((path) => path.endsWith('/kustomization.yaml'));
    for (const list of lists) {
      const { resources } = fromYaml(files.get(list)!, list).value[0] as unknown as { resources: string[] };
      const beside = [...files.keys()].filter((path) => path !== list && path.startsWith(`${dirname(list)}/`));
      expect([...resources].sort(), list).toEqual(beside.map((path) => path.slice(dirname(list).length + 1)));
    }
  });

  test('a second time changes nothing', () => {
    const project = projectIn(files);
    const runs = [
      initArtifacts({ ...input, ...init }),
      ...project.resources.map((each) => apiArtifacts({ project, resource: each })),
    ];
    for (const artifacts of runs) {
      expect(Object.fromEntries(withArtifacts(files, artifacts))).toEqual(Object.fromEntries(files));
    }
  });
});

test('a kind without types of its own is only registered', async () => {
  const project = projectIn(await scaffold({}, []));
  const artifacts = apiArtifacts({
    project,
    resource: { ...resource(project, { kind: 'Pod' }), api: false, core: true },
  });
  expect(artifacts.map(({ path }) => path)).toEqual(['PROJECT']);
});

test('a kustomization that cannot take the line is refused, not changed', async () => {
  const project = projectIn(await scaffold({}, []));
  const artifacts = apiArtifacts({ project, resource: resource(project, { kind: 'Memcached' }) });
  const crds = artifacts.find(({ path }) => path === 'config/crd/kustomization.yaml')!;
  expect(() => textOf(crds, 'resources: none\n')).toThrow(/must be a list/);
});
