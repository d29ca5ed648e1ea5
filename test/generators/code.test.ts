import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import type { CrdObject } from '../../src/crd/crd.js';
import { diskTree } from '../../src/emit/tree.js';
import { projectSources } from '../../src/frontend/files.js';
import { exportNames } from '../../src/generators/code/names.js';
import { code } from '../../src/generators/code.js';
import { noMarkers } from '../../src/ir/marker.js';
import { expectFiles, generateFrom, textOf } from '../support/api.js';
import { caseFolder, casesOf } from '../support/fixtures.js';
import { typeErrors } from '../support/typecheck.js';

describe.each(casesOf('code'))('%s', (name) => {
  const folder = caseFolder('code', name);

  test('gives these files', async () => {
    const { value, diagnostics } = await generateFrom(folder, 'code');
    expect(diagnostics).toEqual([]);
    await expectFiles(folder, value.artifacts);
  });

  test.each([false, true])('type-checks, with isolatedDeclarations: %s', async (isolatedDeclarations) => {
    const { value } = await generateFrom(folder, 'code');
    const files = [...projectSources(diskTree(folder)), ...value.artifacts.map(({ path }) => path)].map((path) =>
      join(folder, path),
    );
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(typeErrors(files, isolatedDeclarations)).toEqual([]);
  });
});

describe('any text in an API', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '*/',
      '`$\u007bx}`',
      '"; throw 1; //',
      "'",
      '\u2028',
      '</script>',
      '\\',
      '__proto__',
      'constructor',
      '\n',
    ),
  );
  const at = { file: 'src/api/v1/thing.ts', line: 1, column: 1 };

  const objectWith = (group: string, description: string, property: string): CrdObject => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `things.${group}` },
    spec: {
      group,
      names: { kind: 'Thing', listKind: 'ThingList', plural: 'things', singular: 'thing' },
      scope: 'Cluster',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: { description, properties: Object.fromEntries([[property, { default: description }]]) },
          },
        },
      ],
    },
  });

  const modulesOf = (object: CrdObject, file: string) => {
    const { group } = object.spec;
    const kind = {
      group,
      version: 'v1',
      kind: 'Thing',
      schema: { kind: 'object', fields: [], at },
      markers: noMarkers,
      at: { ...at, file },
      files: [file],
    } as const;
    const input = {
      api: { kinds: [kind], markers: noMarkers, files: [] },
      crds: [{ object, positions: new Map(), at }],
    };
    return code
      .generate(input)
      .value.map((artifact) => ts.createSourceFile(artifact.path, textOf(artifact), ts.ScriptTarget.ESNext, true));
  };

  test('stays text in the code', () => {
    fc.assert(
      fc.property(text, text, text, (group, description, property) => {
        const object = objectWith(group, description, property);
        const [handle, crd, list, index] = modulesOf(object, `src/api/${group}/thing.ts`);
        const kinds = (file: ts.SourceFile) => file.statements.map((each) => ts.SyntaxKind[each.kind]);
        expect(kinds(handle!)).toEqual([
          'ImportDeclaration',
          'ImportDeclaration',
          'TypeAliasDeclaration',
          'FirstStatement',
        ]);
        expect(kinds(crd!)).toEqual(['ImportDeclaration', 'FirstStatement']);
        expect(kinds(list!)).toEqual(['ImportDeclaration', 'InterfaceDeclaration', 'FirstStatement']);
        expect(kinds(index!)).toEqual(['ExportDeclaration', 'ExportDeclaration']);
        const [declaration] = (crd!.statements[1] as ts.VariableStatement).declarationList.declarations;
        const value = new Function(`return ${declaration!.initializer!.getText()}`)();
        expect(JSON.stringify(value)).toBe(JSON.stringify(object));
      }),
      { numRuns: 300 },
    );
  });
});

test.each<[string, [group: string, kind: string][], string[]]>([
  [
    'kinds keep their names',
    [
      ['a.example.com', 'Cache'],
      ['b.example.com', 'Store'],
    ],
    ['Cache', 'Store'],
  ],
  [
    'the group tells equal kinds apart',
    [
      ['my-a.example.com', 'Cache'],
      ['b.example.com', 'Cache'],
    ],
    ['MyACache', 'BCache'],
  ],
  [
    'a name that is taken is not taken again',
    [
      ['a.x.com', 'Cache'],
      ['b.x.com', 'Cache'],
      ['c.x.com', 'ACache'],
    ],
    ['Cache_a_x_com', 'BCache', 'ACache'],
  ],
  [
    'groups may begin alike',
    [
      ['a.x.com', 'Cache'],
      ['a.y.com', 'Cache'],
    ],
    ['Cache_a_x_com', 'Cache_a_y_com'],
  ],
  [
    'no name begins with a digit',
    [
      ['3d.x.com', 'Cache'],
      ['b.x.com', 'Cache'],
    ],
    ['Cache_3d_x_com', 'BCache'],
  ],
])('%s', (_, kinds, names) => {
  expect(exportNames(kinds.map(([group, kind]) => ({ group, kind })))).toEqual(names);
});
