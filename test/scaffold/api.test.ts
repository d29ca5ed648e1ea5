import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fromYaml } from '../../src/emit/yaml.js';
import type { Resource } from '../../src/project/model.js';
import { apiArtifacts } from '../../src/scaffold/api.js';
import { builtinGroup, builtinResource, preferredVersion } from '../../src/scaffold/builtin.js';
import { dependencyArtifact } from '../../src/scaffold/external.js';
import type { Image } from '../../src/scaffold/image.js';
import { type InitInput, initArtifacts } from '../../src/scaffold/init.js';
import { mainArtifact } from '../../src/scaffold/main.js';
import { textOf } from '../support/api.js';
import { run } from '../support/process.js';
import {
  type Files,
  input,
  kindArtifacts,
  projectIn,
  resource,
  scaffold,
  type WantedKind,
  withArtifacts,
} from '../support/scaffold.js';
import { tempFolder } from '../support/temp.js';
import { typeErrors } from '../support/typecheck.js';

type Kinds = readonly WantedKind[];

const builtin = (group: string, kind: string): Resource =>
  builtinResource(builtinGroup(group).find((each) => each.kind === kind)!);

const certificate: Partial<Resource> & { kind: string } = {
  group: 'cert-manager',
  domain: 'io',
  version: 'v1',
  kind: 'Certificate',
  external: true,
  api: false,
};

const memcached: Image = {
  name: 'memcached:1.6.26-alpine3.19',
  command: ['memcached', '-m=64', '-o', 'modern', '-v'],
  port: 11211,
  runAsUser: 1001,
};

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
  ['kind-with-an-image', {}, [{ kind: 'Memcached', image: memcached }]],
  [
    'kinds-with-images-and-names-of-built-in-ones',
    { namespaced: true },
    [
      { kind: 'Deployment', image: { ...memcached, command: ['/bin/sh', '-c', `echo "it's" ${'long '.repeat(20)}`] } },
      {
        kind: 'Service',
        image: { name: `registry.example.com:5000/a/b@sha256:${'a'.repeat(64)}`, command: [], port: 8080 },
      },
      { kind: 'Error' },
    ],
  ],
  ['two-controllers', {}, [{ kind: 'Memcached', controllers: ['memcached', 'memcached-backup'] }]],
  ['built-in-kind', {}, [{ ...builtin('apps', 'Deployment'), controller: true }]],
  ['external-kind', { multigroup: true }, [certificate]],
];

describe.each(cases)('%s', (name, init, kinds) => {
  let files: Files;
  beforeAll(async () => {
    files = await scaffold(init, kinds);
  });

  test('gives these files', async () => {
    const folder = join(process.cwd(), 'fixtures/scaffold', name);
    const own = [...files].filter(([path]) =>
      /^(src\/(api|controllers|external|main|generated\/index)|test\/|config\/.*kustomization|config\/samples|config\/rbac\/role\.yaml|PROJECT)/.test(
        path,
      ),
    );
    for (const [path, text] of own) await expect(text).toMatchFileSnapshot(join(folder, `${path}.txt`));
  });

  test('kustomizations list every file beside them, and no other', () => {
    const lists = [...files.keys()].filter((path) => path.endsWith('/kustomization.yaml'));
    for (const list of lists) {
      const { resources } = fromYaml(files.get(list)!, list).value[0] as unknown as { resources: string[] };
      const beside = [...files.keys()].filter((path) => path !== list && path.startsWith(`${dirname(list)}/`));
      const own = resources.filter((each) => !each.startsWith('../'));
      expect(own.sort(), list).toEqual(beside.map((path) => path.slice(dirname(list).length + 1)));
    }
  });

  test('a second time changes nothing', () => {
    const project = projectIn(files);
    const runs = [
      initArtifacts({ ...input, ...init }),
      ...project.resources.map((each) => kindArtifacts(project, each)),
    ];
    for (const artifacts of runs) {
      expect(Object.fromEntries(withArtifacts(files, artifacts))).toEqual(Object.fromEntries(files));
    }
  });
});

/** One compilation for all, as each one has to read the types of Kubernetes. */
test('all of these type-check and pass the linter', async () => {
  const sources: string[] = [];
  for (const [name, init, kinds] of cases) {
    const folder = join(tempFolder(), name);
    for (const [path, text] of await scaffold(init, kinds)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
      if (path.endsWith('.ts')) sources.push(join(folder, path));
    }
    const biome = resolve('node_modules/.bin/biome');
    const { status, stdout, stderr } = await run(biome, ['check', '--error-on-warnings'], { cwd: folder });
    expect(status, `${name}\n${stdout}${stderr}`).toBe(0);
  }
  expect(typeErrors(sources)).toEqual([]);
});

test('a kind without types of its own is only registered', async () => {
  const project = projectIn(await scaffold({}, []));
  const artifacts = apiArtifacts({
    project,
    resource: { ...resource(project, { kind: 'Pod' }), api: false, core: true, controller: false },
  });
  expect(artifacts.map(({ path }) => path)).toEqual(['PROJECT']);
});

test('a kustomization that cannot take the line is refused, not changed', async () => {
  const project = projectIn(await scaffold({}, []));
  const artifacts = apiArtifacts({ project, resource: resource(project, { kind: 'Memcached' }) });
  const crds = artifacts.find(({ path }) => path === 'config/crd/kustomization.yaml')!;
  expect(() => textOf(crds, 'resources: none\n')).toThrow(/must be a list/);
});

test('a dependency joins the others of package.json, in its form', () => {
  const edit = (before: string) => textOf(dependencyArtifact({ name: '@acme/types', spec: '^1.2.0' }), before);
  const before = '{\n\t"name": "x",\n\t"dependencies": {\n\t\t"opgen": "1"\n\t}\n}\n';
  const after = '{\n\t"name": "x",\n\t"dependencies": {\n\t\t"@acme/types": "^1.2.0",\n\t\t"opgen": "1"\n\t}\n}\n';
  expect(edit(before)).toBe(after);
  expect(edit(after)).toBe(after);
  const linked = after.replace('^1.2.0', 'file:../types');
  expect(edit(linked)).toBe(linked);
  expect(() => edit('[]')).toThrow(/must be a JSON object/);
});

describe('src/main.ts', () => {
  const add = (before: string | undefined, constant: string, module: string) =>
    textOf(mainArtifact({ constant, module }), before);
  const one = add(undefined, 'pageController', './controllers/page.js');

  test('has each controller once, and imports in the order of the linter', () => {
    const two = add(add(one, 'aController', './controllers/a-b.js'), 'abController', './controllers/a.js');
    const imports = [...two.matchAll(/from '(\..*)'/g)].map((match) => match[1]);
    expect(imports).toEqual(['./controllers/a.js', './controllers/a-b.js', './controllers/page.js']);
    expect(two.match(/manager\.add\(/g)).toHaveLength(3);
    expect(add(two, 'aController', './controllers/a-b.js')).toBe(two);
  });

  test('what the user has made of the lines is recognised', () => {
    const mine = one
      .replace(
        "import { pageController } from './controllers/page.js';",
        'import { pageController } from "./controllers/page.js"',
      )
      .replace('manager.add(pageController);', 'manager.add(\n    pageController,\n  );');
    expect(add(mine, 'pageController', './controllers/page.js')).toBe(mine);
  });

  test('the manager may have another name', () => {
    const renamed = add(undefined, 'a', './controllers/a.js')
      .replaceAll('manager.', 'mgr.')
      .replace('const manager', 'const mgr');
    expect(add(renamed, 'pageController', './controllers/page.js')).toContain('  mgr.add(pageController);\n');
  });

  test('line ends stay', () => {
    const crlf = one.replaceAll('\n', '\r\n');
    expect(add(crlf, 'a', './controllers/a.js').replaceAll('\r\n', '')).not.toContain('\n');
  });

  test.each(['imports', 'builder'])('without the anchor `%s` there are lines to paste', (anchor) => {
    const before = one.replace(`// +opgen:scaffold:${anchor}`, '');
    expect(() => add(before, 'a', './controllers/a.js')).toThrow(/needs the anchor/);
  });
});

describe('built-in kinds', () => {
  test.each([
    ['apps', 'Deployment', { group: 'apps', path: 'opgen/k8s/apps/v1' }],
    ['networking', 'Ingress', { group: 'networking', domain: 'k8s.io', path: 'opgen/k8s/networking/v1' }],
    ['networking.k8s.io', 'Ingress', { group: 'networking', domain: 'k8s.io' }],
    ['rbac', 'Role', { group: 'rbac', domain: 'authorization.k8s.io', path: 'opgen/k8s/rbac/v1' }],
    ['core', 'Pod', { group: 'core', path: 'opgen/k8s/core/v1' }],
  ])('%s %s', (group, kind, expected) => {
    expect(builtin(group, kind)).toMatchObject({ ...expected, kind, core: true, api: false });
  });

  test('the newest stable version is preferred', () => {
    expect(preferredVersion(builtinGroup('autoscaling'))).toBe('v2');
    expect(preferredVersion(builtinGroup('storagemigration'))).toBe('v1beta1');
    expect(builtinGroup('cache')).toEqual([]);
    expect(builtinGroup('')).toEqual([]);
  });
});
