import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diskTree, memoryTree, type Tree } from '../../src/emit/tree.js';
import { tempFolder } from '../support/temp.js';
import { refusalOf } from './disk.js';

const files = {
  'b.ts': 'b',
  'B.ts': 'B',
  'a/x.ts': 'x',
  'a.ts': '\ufeffa\r\n',
  'a/deep/er/y.ts': 'y',
  'a-b/z.ts': 'z',
};

function onDisk(): Tree {
  const root = tempFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return diskTree(root);
}

describe.each([
  ['disk', onDisk],
  ['memory', () => memoryTree(files)],
])('a tree in %s', (_, make) => {
  test('reads texts as they are and knows what is missing', () => {
    const tree = make();
    expect(Object.keys(files).map((path) => tree.read(path))).toEqual(Object.values(files));
    expect(['none', 'a/none', 'b.ts/none', 'toString'].map((path) => tree.read(path))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('lists names by code unit, folders with a slash', () => {
    const tree = make();
    expect(tree.list('')).toEqual(['B.ts', 'a-b/', 'a.ts', 'a/', 'b.ts']);
    expect(tree.list('a')).toEqual(['deep/', 'x.ts']);
    expect(tree.list('a/')).toEqual(tree.list('a'));
    expect(tree.list('none')).toEqual([]);
  });
});

describe('what cannot be read is refused', () => {
  test.each([
    ['a folder', 'folder', /^OG4006 `folder` must be readable, but it is a folder \(EISDIR\)/],
    ['bytes that are not UTF-8', 'latin1.txt', /^OG4006 `latin1.txt` must be text in UTF-8/],
    [
      'a link out of the root',
      'out',
      /^OG4005 `out` must stay inside the project, but `out` is a symlink that leads out/,
    ],
    ['a file below a link out of the root', 'up/secret', /^OG4005 /],
    ['a path out of the root', '../outside/secret', /^OG4005 A path must stay inside/],
    ['a name that no file can have', 'a\0b', /^OG4005 /],
    ['a loop of links', 'loop', /^OG4006 .*ELOOP/],
  ])('%s', (_, path, problem) => {
    const base = tempFolder();
    const root = join(base, 'project');
    mkdirSync(join(root, 'folder'), { recursive: true });
    mkdirSync(join(base, 'outside'));
    writeFileSync(join(base, 'outside/secret'), 's');
    writeFileSync(join(root, 'latin1.txt'), Buffer.from([0x66, 0xfc, 0x72]));
    symlinkSync('../outside/secret', join(root, 'out'));
    symlinkSync('../outside', join(root, 'up'));
    symlinkSync('loop', join(root, 'loop'));
    expect(refusalOf(() => diskTree(root).read(path))).toMatch(problem);
  });

  test('a link inside the root is followed, also when the root itself is a link', () => {
    const base = tempFolder();
    mkdirSync(join(base, 'real/docs'), { recursive: true });
    writeFileSync(join(base, 'real/docs/a.md'), 'a');
    symlinkSync('docs', join(base, 'real/pages'));
    symlinkSync('real', join(base, 'link'));
    const tree = diskTree(join(base, 'link'));
    expect(tree.read('pages/a.md')).toBe('a');
    expect(tree.list('')).toEqual(['docs/', 'pages/']);
  });
});
