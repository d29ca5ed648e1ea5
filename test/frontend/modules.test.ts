import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readApi } from '../../src/frontend/index.js';
import type { Schema } from '../../src/ir/schema.js';
import { tempFolder } from '../support/temp.js';
import { group } from './sources.js';

/** Writes files and links, and reads `src/api/v1/thing.ts`, whose spec is one property. */
async function read(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}) {
  const root = tempFolder();
  const place = (path: string): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    return join(root, path);
  };
  for (const [path, text] of Object.entries({ ...group, ...files })) writeFileSync(place(path), text);
  for (const [path, target] of Object.entries(links)) symlinkSync(target, place(path));
  const { value, diagnostics } = await readApi(root, ['src/api/v1/groupversion.ts', 'src/api/v1/thing.ts']);
  const spec = value.kinds[0]?.schema.fields[0]?.schema;
  const property: Schema | undefined = spec?.kind === 'object' ? spec.fields[0]?.schema : undefined;
  return { property, diagnostics, files: value.files };
}

const thing = (imported: string, type: string): Record<string, string> => ({
  'src/api/v1/thing.ts': [
    "import type { CustomResource } from 'opgen/api';",
    imported,
    `export interface Thing extends CustomResource<{ it: ${type} }> {}`,
    '',
  ].join('\n'),
});

/** A type whose marker proves that its declaration was read. */
const port = '/** @maximum 9 */\nexport type Port = number;\n';
const json = (value: unknown): string => JSON.stringify(value);

interface Case {
  readonly imported: string;
  readonly type?: string;
  readonly files: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
}

const named = (specifier: string): string => `import type { Port } from '${specifier}';`;

const cases: Readonly<Record<string, Case>> = {
  'a specifier with .js': { imported: named('../../types.js'), files: { 'src/types.ts': port } },
  'a specifier without an ending': { imported: named('../../types'), files: { 'src/types.ts': port } },
  'a specifier with .ts': { imported: named('../../types.ts'), files: { 'src/types.ts': port } },
  'a specifier with .mjs, beside a file with .ts': {
    imported: named('../../types.mjs'),
    files: { 'src/types.mts': port, 'src/types.ts': 'export type Port = string;' },
  },
  'a specifier with .mts': { imported: named('../../types.mts'), files: { 'src/types.mts': port } },
  'a folder': { imported: named('../../types'), files: { 'src/types/index.ts': port } },
  'a declaration file': { imported: named('../../types.js'), files: { 'src/types.d.ts': port } },
  'a default export': {
    imported: "import type Port from '../../types.js';",
    files: { 'src/types.ts': `${port}export default Port;` },
  },
  'a namespace import': {
    imported: "import type * as types from '../../types.js';",
    type: 'types.Port',
    files: { 'src/types.ts': port },
  },
  'a type that is imported in place': {
    imported: '',
    type: "import('../../types.js').Port",
    files: { 'src/types.ts': port },
  },
  'an import by assignment': {
    imported: "import types = require('../../types.js');",
    type: 'types.Port',
    files: { 'src/types.ts': port },
  },
  're-exports of all': {
    imported: named('../../all.js'),
    files: { 'src/all.ts': "export * from './types.js';", 'src/types.ts': port },
  },
  're-exports under another name': {
    imported: "import type { Other } from '../../all.js';",
    type: 'Other',
    files: { 'src/all.ts': "export type { Port as Other } from './types.js';", 'src/types.ts': port },
  },
  're-exports as a namespace': {
    imported: "import type { ns } from '../../all.js';",
    type: 'ns.Port',
    files: { 'src/all.ts': "export * as ns from './types.js';", 'src/types.ts': port },
  },
  'paths of tsconfig.json': {
    imported: named('@models/port'),
    files: {
      'src/models/port.ts': port,
      'tsconfig.json': '{ // with a comment\n "compilerOptions": { "paths": { "@models/*": ["./src/models/*"], }, } }',
    },
  },
  'paths with .js at the end': {
    imported: named('~/models/port.js'),
    files: {
      'src/models/port.ts': port,
      'tsconfig.json': json({ compilerOptions: { paths: { '~/*': ['./src/*'] } } }),
    },
  },
  'paths of a tsconfig.json that another one extends': {
    imported: named('@models/port'),
    files: {
      'src/models/port.ts': port,
      'config/tsconfig.base.json': json({ compilerOptions: { paths: { '@models/*': ['../src/models/*'] } } }),
      'tsconfig.json': json({ extends: './config/tsconfig.base.json' }),
    },
  },
  'the baseUrl of tsconfig.json': {
    imported: named('models/port'),
    files: { 'src/models/port.ts': port, 'tsconfig.json': json({ compilerOptions: { baseUrl: './src' } }) },
  },
  'imports of package.json': {
    imported: named('#models/port'),
    files: {
      'src/models/port.ts': port,
      'package.json': json({ name: 'x', imports: { '#models/*': './src/models/*.ts' } }),
    },
  },
  'the types of a package': {
    imported: named('ports'),
    files: {
      'node_modules/ports/package.json': json({ name: 'ports', main: 'index.js', types: 'types/main.d.ts' }),
      'node_modules/ports/types/main.d.ts': port,
    },
  },
  'the exports of a package': {
    imported: named('ports/sub'),
    files: {
      'node_modules/ports/package.json': json({ name: 'ports', exports: { './sub': { types: './sub.d.ts' } } }),
      'node_modules/ports/sub.d.ts': port,
    },
  },
  'a package of types': {
    imported: named('ports'),
    files: {
      'node_modules/ports/package.json': json({ name: 'ports', main: 'index.js' }),
      'node_modules/ports/index.js': '',
      'node_modules/@types/ports/package.json': json({ name: '@types/ports', types: 'index.d.ts' }),
      'node_modules/@types/ports/index.d.ts': port,
    },
  },
  'a package inside of a package': {
    imported: named('outer'),
    files: {
      'node_modules/outer/package.json': json({ name: 'outer', types: 'index.d.ts' }),
      'node_modules/outer/index.d.ts': "export * from 'ports';",
      'node_modules/outer/node_modules/ports/package.json': json({ name: 'ports', types: 'index.d.ts' }),
      'node_modules/outer/node_modules/ports/index.d.ts': port,
      'node_modules/ports/package.json': json({ name: 'ports', types: 'index.d.ts' }),
      'node_modules/ports/index.d.ts': 'export type Port = string;',
    },
  },
  'a linked workspace': {
    imported: named('@acme/ports'),
    files: {
      'packages/ports/package.json': json({ name: '@acme/ports', exports: './src/index.ts' }),
      'packages/ports/src/index.ts': "export * from './port.js';",
      'packages/ports/src/port.ts': port,
    },
    links: { 'node_modules/@acme/ports': '../../packages/ports' },
  },
};

describe('a type is found behind', () => {
  test.each(Object.entries(cases))('%s', async (_, { imported, type = 'Port', files, links }) => {
    const { property, diagnostics } = await read({ ...files, ...thing(imported, type) }, links);
    expect(diagnostics).toEqual([]);
    expect(property).toMatchObject({ kind: 'integer', maximum: 9 });
  });
});

describe('a module that is not found is reported with what finds it', () => {
  test.each([
    ['./types.js', 'write the path of a TypeScript file, such as `./types.js`'],
    ['#types', 'add `#types` to `imports` in package.json'],
    ['ports', 'run `npm install ports`, or add its prefix to `paths` in tsconfig.json'],
    ['@acme/ports/sub', 'run `npm install @acme/ports`, or add its prefix to `paths` in tsconfig.json'],
    ['~/types', 'add its prefix to `paths` in tsconfig.json'],
  ])('%s', async (specifier, hint) => {
    const { diagnostics } = await read(thing(named(specifier), 'Port'));
    const at = { file: 'src/api/v1/thing.ts', line: 3, column: 53 };
    expect(diagnostics).toMatchObject([{ code: 'OG1004', severity: 'error', at, hint }]);
  });
});

test('what had a say in where modules are is among the files that were read', async () => {
  const { files } = await read({
    ...cases['paths of a tsconfig.json that another one extends']!.files,
    ...thing(named('@models/port'), 'Port'),
  });
  expect(files).toContain('tsconfig.json');
  expect(files).toContain('config/tsconfig.base.json');
  expect(files).toContain('src/models/port.ts');
});

test('an augmentation in another file is no silent loss', async () => {
  const { diagnostics } = await read({
    'src/types.ts': 'export interface Owner { name: string }\n',
    ...thing(
      "import type { Owner } from '../../types.js';\ndeclare module '../../types.js' {\n  interface Owner { mail: string }\n}",
      'Owner',
    ),
  });
  expect(diagnostics).toMatchObject([{ code: 'OG1002', severity: 'error', at: { line: 4 } }]);
});
