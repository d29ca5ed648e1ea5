import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { memcachedProject, opgen, succeed, write } from '../support/opgen.js';
import { sharedFolder, snapshotTree, tempFolder } from '../support/temp.js';

const api = 'src/api/v1alpha1';
const types = `${api}/memcached.ts`;
const cache = 'node_modules/.cache/opgen';

function edit(folder: string, path: string, before: string | RegExp, after: string): void {
  const text = readFileSync(join(folder, path), 'utf8');
  expect(text).toMatch(before);
  writeFileSync(join(folder, path), text.replace(before, after));
}

/** A copy of a project with two kinds that share a type, a controller with roles, and a cache of the last run. */
async function settledProject(): Promise<string> {
  settled ??= makeProject();
  const folder = tempFolder();
  cpSync(await settled, folder, { recursive: true, preserveTimestamps: true });
  return folder;
}

let settled: Promise<string> | undefined;

async function makeProject(): Promise<string> {
  const folder = await memcachedProject();
  mkdirSync(join(folder, 'node_modules'));
  await succeed(folder, 'create', 'api', '--group', 'cache', '--version', 'v1alpha1', '--kind', 'Backup');
  write(folder, `${api}/shared.ts`, '/** @minLength 1 */\nexport type Name = string;\nexport type Unused = number;\n');
  for (const [file, kind] of [
    ['memcached', 'Memcached'],
    ['backup', 'Backup'],
  ]) {
    edit(folder, `${api}/${file}.ts`, /^import type/m, "import type { Name } from './shared.js';\nimport type");
    edit(
      folder,
      `${api}/${file}.ts`,
      `export interface ${kind}Spec {`,
      `export interface ${kind}Spec {\n  /** @maxLength 9 */\n  owner?: Name;`,
    );
  }
  await settle(folder);
  const kept = sharedFolder();
  cpSync(folder, kept, { recursive: true, preserveTimestamps: true });
  return kept;
}

/** Waits until what is on disk is older than the next run, as it is when people save files. */
async function settle(folder: string): Promise<void> {
  await new Promise((done) => setTimeout(done, 50));
  await succeed(folder, 'generate');
}

interface Coverage {
  readonly result: readonly {
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

/** Runs the CLI; `isShort`: without comparing PROJECT with what all sources declare. */
async function traced(folder: string) {
  const coverage = tempFolder();
  const { stdout, stderr, status } = await opgen(folder, ['generate'], { env: { NODE_V8_COVERAGE: coverage } });
  const reports = readdirSync(coverage).map((name): Coverage => JSON.parse(readFileSync(join(coverage, name), 'utf8')));
  const called = reports
    .flatMap(({ result }) => result.flatMap(({ functions }) => functions))
    .filter(({ ranges }) => ranges[0]!.count > 0)
    .map(({ functionName }) => functionName);
  return {
    said: { stdout, stderr, status },
    isShort: called.includes('changedRun') && !called.includes('openWorkspace'),
  };
}

/** What the project holds, apart from the cache. */
function contentOf(folder: string): Record<string, unknown> {
  const kept = tempFolder();
  cpSync(folder, kept, { recursive: true, verbatimSymlinks: true });
  rmSync(join(kept, 'node_modules'), { recursive: true });
  return snapshotTree(kept) as never;
}

/** The changes are made, then one copy of the project is generated with the cache and one without: they must say and write the same. */
async function expectSame(folder: string, change: (folder: string) => void): Promise<boolean> {
  change(folder);
  const whole = tempFolder();
  cpSync(folder, whole, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  rmSync(join(whole, cache), { recursive: true });
  const [quick, slow] = [await traced(folder), await traced(whole)];
  expect(slow.isShort).toBe(false);
  expect(quick.said).toEqual(slow.said);
  expect(contentOf(folder)).toEqual(contentOf(whole));
  return quick.isShort;
}

describe('only the kinds at hand are made anew after', () => {
  const changes: readonly [string, (folder: string) => void, RegExp][] = [
    [
      'a change of one kind',
      (folder) => edit(folder, types, '@maximum 100', '@maximum 7'),
      /^~ update config\/crd\/bases\/cache\.example\.com_memcacheds\.yaml\n~ update src\/generated\/crds\/memcacheds\.cache\.example\.com\.ts\n~ update \.opgen\/manifest\.json\n3 files written\.\n$/,
    ],
    [
      'a change of a type that two kinds use',
      (folder) => edit(folder, `${api}/shared.ts`, '@minLength 1', '@minLength 2'),
      /5 files written/,
    ],
    [
      'a change that changes no manifest',
      (folder) => edit(folder, `${api}/shared.ts`, 'Unused', 'Other'),
      /^Nothing to do: \d\d files up to date\.\n$/,
    ],
    [
      'a change of a controller',
      (folder) => edit(folder, 'src/controllers/memcached.ts', /$/, '\nexport const more = 1;\n'),
      /^Nothing to do: \d\d files up to date\.\n$/,
    ],
    [
      'a print column',
      (folder) =>
        edit(
          folder,
          types,
          '+kubebuilder:subresource:status',
          '+kubebuilder:subresource:status\n * +kubebuilder:printcolumn:name=Owner,type=string,JSONPath=.spec.owner',
        ),
      /3 files written/,
    ],
    ['a warning', (folder) => edit(folder, types, '@maximum 100', '@maximun 100'), /3 files written/],
  ];
  test.each(changes)('%s', async (_, change, says) => {
    const folder = await settledProject();
    expect(await expectSame(folder, change)).toBe(true);
    const { stdout } = await opgen(folder, ['generate', '--dry-run']);
    expect(stdout, 'all is written').toMatch(/^Nothing to do/);
    const other = await settledProject();
    change(other);
    expect((await opgen(other, ['generate'])).stdout).toMatch(says);
  });

  test('a change of another kind than the one that draws a warning, which is given again', async () => {
    const folder = await settledProject();
    edit(folder, types, '@maximum 100', '@maximun 100');
    await opgen(folder, ['generate']);
    await settle(folder);
    expect((await traced(folder)).said.stderr).toContain('warning OG2001');
    const isShort = await expectSame(folder, () => edit(folder, `${api}/backup.ts`, '@maxLength 9', '@maxLength 8'));
    expect(isShort).toBe(true);
    expect((await traced(folder)).said.stderr).toContain('warning OG2001');
  });

  test('one change after the other', async () => {
    const folder = await settledProject();
    for (const maximum of ['1', '2', '3']) {
      const change = () => edit(folder, types, /@maximum \d+/, `@maximum ${maximum}`);
      expect(await expectSame(folder, change)).toBe(true);
      await new Promise((done) => setTimeout(done, 50));
    }
  });
});

describe('the whole project is read after', () => {
  const changes: readonly [string, (folder: string) => void][] = [
    [
      'another role',
      (folder) =>
        edit(
          folder,
          'src/controllers/memcached.ts',
          /^/,
          '// +kubebuilder:rbac:groups=apps,resources=deployments,verbs=get\n',
        ),
    ],
    [
      'another scope',
      (folder) =>
        edit(
          folder,
          types,
          '+kubebuilder:subresource:status',
          '+kubebuilder:subresource:status\n * +kubebuilder:resource:scope=Cluster',
        ),
    ],
    ['another group', (folder) => edit(folder, `${api}/groupversion.ts`, 'cache.example.com', 'store.example.com')],
    ['an error in the types', (folder) => edit(folder, types, '@maximum 100', '@maximum many')],
    ['a source that does not parse', (folder) => edit(folder, types, 'export interface', 'export interface {')],
    ['a kind of another name', (folder) => edit(folder, types, /\bMemcached extends/, 'Cache extends')],
    [
      'a kind more',
      (folder) => edit(folder, types, /$/, '\nexport interface Other extends CustomResource<MemcachedSpec> {}\n'),
    ],
    ['a deleted source', (folder) => rmSync(join(folder, `${api}/shared.ts`))],
    ['a manifest that was edited by hand', (folder) => edit(folder, 'config/rbac/role.yaml', /$/, '# mine\n')],
    ['a cache that cannot be read', (folder) => write(folder, `${cache}/generate.json`, '{"opgen":1}')],
  ];
  test.each(changes)('%s', async (_, change) => {
    expect(await expectSame(await settledProject(), change)).toBe(false);
  });

  test('a change of types that a sample of the user does not follow', async () => {
    const folder = await settledProject();
    edit(folder, 'config/samples/cache_v1alpha1_memcached.yaml', /^spec:/m, '# mine\nspec:\n  owner: someone');
    await settle(folder);
    const isShort = await expectSame(folder, () => edit(folder, types, '@maxLength 9', '@maxLength 3'));
    expect(isShort).toBe(false);
  });
});

describe('a run with a cache says and writes the same as one without after', () => {
  const base = `${api}/base.ts`;
  const thing = `${api}/thing.ts`;
  const imports = "import type { CustomResource } from 'opgen/api';\n";
  const cases: readonly [string, (folder: string) => void, (folder: string) => void][] = [
    [
      'a source becomes a kind through a base that stands in another file',
      (folder) => {
        write(folder, base, `${imports}export interface Base<T> extends CustomResource<T> {}\n`);
        write(folder, thing, 'export interface ThingSpec { size?: number }\n');
      },
      (folder) =>
        write(
          folder,
          thing,
          "import type { Base } from './base.js';\nexport interface ThingSpec { size?: number }\nexport interface Thing extends Base<ThingSpec> {}\n",
        ),
    ],
    [
      'a base becomes that of a kind in another file',
      (folder) => {
        write(folder, base, 'export interface Base<T> { spec: T }\n');
        write(
          folder,
          thing,
          "import type { Base } from './base.js';\nexport interface Thing extends Base<{ a?: number }> {}\n",
        );
      },
      (folder) => write(folder, base, `${imports}export interface Base<T> extends CustomResource<T> {}\n`),
    ],
    [
      'a base outside of the sources becomes that of a kind in a file without kinds',
      (folder) => {
        write(folder, 'shared/base.ts', 'export interface Base<T> { spec: T }\n');
        write(
          folder,
          thing,
          "import type { Base } from '../../../shared/base.js';\n// Not a CustomResource.\nexport interface Thing extends Base<{ a?: number }> {}\n",
        );
      },
      (folder) => write(folder, 'shared/base.ts', `${imports}export interface Base<T> extends CustomResource<T> {}\n`),
    ],
    [
      'a source that adds to a kind of another',
      (folder) => write(folder, `${api}/more.ts`, 'export {};\n'),
      (folder) =>
        write(
          folder,
          `${api}/more.ts`,
          "export {};\ndeclare module './memcached.js' { interface MemcachedSpec { more?: string } }\n",
        ),
    ],
    [
      'a module that becomes a script',
      (folder) => write(folder, `${api}/more.ts`, 'export {};\ninterface Name {}\n// Not a CustomResource.\n'),
      (folder) => {
        write(folder, `${api}/more.ts`, 'interface Name {}\n// Not a CustomResource.\n');
        edit(folder, `${api}/shared.ts`, 'export type Unused', 'export type Used');
      },
    ],
    [
      'a change of a kind with a global type that only another kind imports',
      (folder) => {
        write(folder, `${api}/global.d.ts`, 'interface Shared { one?: string }\n');
        edit(folder, types, 'export interface MemcachedSpec {', 'export interface MemcachedSpec {\n  shared?: Shared;');
        edit(folder, `${api}/backup.ts`, /^import type/m, "import './global.js';\nimport type");
      },
      (folder) => edit(folder, types, '@maximum 100', '@maximum 7'),
    ],
    [
      'a change of a global type that only another kind imports',
      (folder) => {
        write(folder, `${api}/global.d.ts`, 'interface Shared { one?: string }\n');
        edit(folder, types, 'export interface MemcachedSpec {', 'export interface MemcachedSpec {\n  shared?: Shared;');
        edit(folder, `${api}/backup.ts`, /^import type/m, "import './global.js';\nimport type");
      },
      (folder) => edit(folder, `${api}/global.d.ts`, 'one?: string', 'one?: boolean'),
    ],
    [
      'a global type that a source declares',
      (folder) => {
        write(folder, `${api}/global.ts`, 'export {};\ndeclare global { interface Shared { one?: string } }\n');
        edit(folder, types, 'export interface MemcachedSpec {', 'export interface MemcachedSpec {\n  shared?: Shared;');
      },
      (folder) => edit(folder, types, '@maximum 100', '@maximum 7'),
    ],
    [
      'a change of a kind that takes types from a file with a warning of its own',
      (folder) => {
        write(
          folder,
          `${api}/lib.ts`,
          'export type Size = number;\nexport interface Unused {\n  // +kubebuilder:validation:Minimum=1\n  size?: number;\n}\n',
        );
        edit(folder, types, /^import type/m, "import type { Size } from './lib.js';\nimport type");
        edit(folder, types, 'export interface MemcachedSpec {', 'export interface MemcachedSpec {\n  lib?: Size;');
      },
      (folder) => edit(folder, types, '@maximum 100', '@maximum 7'),
    ],
    [
      'a change that a sample in JSON does not follow',
      (folder) =>
        write(
          folder,
          'config/samples/cache_v1alpha1_memcached.yaml',
          '{"apiVersion": "cache.example.com/v1alpha1", "kind": "Memcached", "metadata": {"name": "mine"}, "spec": {"owner": "someone"}}\n',
        ),
      (folder) => edit(folder, types, '@maxLength 9', '@maxLength 3'),
    ],
    [
      'a kind that comes into a folder behind a symbolic link',
      (folder) => {
        renameSync(join(folder, 'src/api'), join(folder, 'api'));
        symlinkSync('../api', join(folder, 'src/api'));
      },
      (folder) =>
        write(
          folder,
          'api/v1alpha1/thing.ts',
          `${imports}export interface Thing extends CustomResource<{ a?: number }> {}\n`,
        ),
    ],
    [
      'a file that comes in front of the one that an import has found',
      (folder) => {
        write(folder, 'shared/size/index.ts', "export type Size = 'small' | 'large';\n");
        edit(folder, types, /^import type/m, "import type { Size } from '../../../shared/size.js';\nimport type");
        edit(folder, types, 'export interface MemcachedSpec {', 'export interface MemcachedSpec {\n  kind?: Size;');
      },
      (folder) => write(folder, 'shared/size.ts', "export type Size = 'tiny';\n"),
    ],
    [
      'a tsconfig.json that comes between',
      (folder) => {
        write(folder, 'one/size.ts', "export type Size = 'small';\n");
        write(folder, 'two/size.ts', "export type Size = 'large';\n");
        edit(
          folder,
          'tsconfig.json',
          '"compilerOptions": {',
          '"compilerOptions": {\n    "paths": { "#size": ["./one/size.ts"] },',
        );
        edit(folder, types, /^import type/m, "import type { Size } from '#size';\nimport type");
        edit(folder, types, 'export interface MemcachedSpec {', 'export interface MemcachedSpec {\n  kind?: Size;');
      },
      (folder) =>
        write(folder, 'src/tsconfig.json', '{ "compilerOptions": { "paths": { "#size": ["../two/size.ts"] } } }\n'),
    ],
    [
      'a type that only the other kind has on the side that its marker names',
      (folder) => {
        write(
          folder,
          `${api}/side.ts`,
          '/** Side */\nexport interface Side {\n  /** +operator-sdk:csv:customresourcedefinitions:type=status */\n  phase?: string;\n}\n',
        );
        for (const [file, kind] of [
          ['memcached', 'MemcachedSpec'],
          ['backup', 'BackupStatus'],
        ]) {
          edit(folder, `${api}/${file}.ts`, /^import type/m, "import type { Side } from './side.js';\nimport type");
          edit(folder, `${api}/${file}.ts`, `export interface ${kind} {`, `export interface ${kind} {\n  side?: Side;`);
        }
      },
      (folder) => edit(folder, `${api}/backup.ts`, '  side?: Side;', '  side?: string;'),
    ],
    [
      'another text of the same length and time',
      (folder) => {
        utimesSync(join(folder, types), 1e9, 1e9);
        rmSync(join(folder, cache), { recursive: true });
      },
      (folder) => {
        const { atime, mtime } = statSync(join(folder, types));
        edit(folder, types, '@maximum 100', '@maximum 101');
        utimesSync(join(folder, types), atime, mtime);
      },
    ],
  ];
  test.each(cases)('%s', async (_, prepare, change) => {
    const folder = await settledProject();
    prepare(folder);
    await settle(folder);
    await expectSame(folder, change);
  });
});

describe('compiled code of the compiler', () => {
  const code = `${cache}/compiler.bin`;
  const damages: readonly [string, (bytes: Buffer) => Buffer][] = [
    ['is empty', () => Buffer.alloc(0)],
    ['is cut off', (bytes) => bytes.subarray(0, bytes.length >> 1)],
    [
      'is changed in one byte',
      (bytes) => Buffer.concat([bytes.subarray(0, 5000), Buffer.from([255 - bytes[5000]!]), bytes.subarray(5001)]),
    ],
  ];
  test.each(damages)('that %s is made anew', async (_, damage) => {
    const folder = await settledProject();
    const bytes = readFileSync(join(folder, code));
    writeFileSync(join(folder, code), damage(bytes));
    edit(folder, types, '@maximum 100', '@maximum 7');
    await succeed(folder, 'generate');
    expect(readFileSync(join(folder, code)).length).toBeGreaterThan(bytes.length >> 1);
    expect(readFileSync(join(folder, code)).equals(damage(bytes))).toBe(false);
  });

  test('is not needed', async () => {
    const folder = await settledProject();
    rmSync(join(folder, 'node_modules'), { recursive: true });
    edit(folder, types, '@maximum 100', '@maximum 7');
    await succeed(folder, 'generate');
    expect(existsSync(join(folder, 'node_modules'))).toBe(false);
  });
});
