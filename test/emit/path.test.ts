import { describe, expect, test } from 'vitest';
import { unsafePath } from '../../src/emit/path.js';

test.each([
  'PROJECT',
  'config/crd/bases/cache.example.com_memcacheds.yaml',
  '.github/workflows/test.yml',
  '.gitignore',
  'src/[id].ts',
  'a b/c d.txt',
  'console.ts',
  'com10.txt',
  'auxiliary/nullable.ts',
  '..foo/bar...baz',
  'größe/日本語.md',
  `${'a'.repeat(255)}/b`,
])('%j is safe', (path) => {
  expect(unsafePath(path)).toBeUndefined();
});

describe('a rule names what is wrong', () => {
  test.each([
    ['', /empty$/],
    ['/etc/passwd', /relative/],
    ['//server/share', /relative/],
    ['C:/Windows', /drive letter/],
    ['c:file', /drive letter/],
    ['a\\b', /forward slashes/],
    ['..\\up', /forward slashes/],
    ['..', /`\.\.`/],
    ['../up', /`\.\.`/],
    ['a/../../up', /`\.\.`/],
    ['./a', /`\.`/],
    ['a/.', /`\.`/],
    ['a//b', /empty segment/],
    ['a/', /empty segment/],
    ['a\0b', /control/],
    ['a\nb', /control/],
    ['a\u007fb', /control/],
    ['a\u0085b', /control/],
    ['a\ud800b', /surrogate/],
    ['a/con', /Windows reserves/],
    ['CON', /Windows reserves/],
    ['aux.txt', /Windows reserves/],
    ['x/Lpt1.tar.gz', /Windows reserves/],
    ['COM¹', /Windows reserves/],
    ['nul .txt', /Windows reserves/],
    ['a/b:stream', /Windows reserves/],
    ['what?.md', /Windows reserves/],
    ['a./b', /dot or a space/],
    ['a /b', /dot or a space/],
    ['a/b...', /dot or a space/],
    ['é'.repeat(128), /255 bytes/],
  ])('%j', (path, rule) => {
    expect(unsafePath(path)).toMatch(rule);
  });
});
