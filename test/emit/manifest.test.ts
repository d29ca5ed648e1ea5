import { describe, expect, test } from 'vitest';
import { formatManifest, hashOf, type ManifestEntry, parseManifest } from '../../src/emit/manifest.js';

const entry = (path: string, text = path): ManifestEntry => ({
  path,
  owner: 'opgen',
  sha256: hashOf(text),
  source: 'crds',
});
const shared: ManifestEntry = { path: 'src/main.ts', owner: 'shared', source: 'init' };

test('one line for each file, sorted by code unit, whatever order they come in', () => {
  const text = formatManifest({ opgen: '1.0.0', files: [entry('b'), shared, entry('a'), entry('B')] });
  expect(text).toBe(formatManifest({ opgen: '1.0.0', files: [entry('B'), entry('a'), shared, entry('b')] }));
  const lines = text.split('\n').filter((line) => line.includes('"path"'));
  expect(lines.map((line) => JSON.parse(line.replace(/,$/, '')).path)).toEqual(['B', 'a', 'b', 'src/main.ts']);
  expect(JSON.parse(text)).toMatchObject({ version: 1, opgen: '1.0.0' });
});

test.each([[[]], [[entry('a')]], [[entry('a'), shared]]])('what is written is read back: %j', (files) => {
  const manifest = { opgen: '1.2.3-rc.1', files };
  expect(parseManifest(formatManifest(manifest))).toEqual({ value: manifest, diagnostics: [] });
});

test('a hash does not depend on the line ends', () => {
  expect(hashOf('a\r\nb\r\n')).toBe(hashOf('a\nb\n'));
  expect(hashOf('a\n')).not.toBe(hashOf('a'));
});

const whole = JSON.parse(formatManifest({ opgen: '1', files: [entry('a')] }));
const withFile = (change: object) => JSON.stringify({ ...whole, files: [{ ...whole.files[0], ...change }] });

describe('a broken manifest is OG4011 with the way out', () => {
  test.each([
    ['cut off', '{"version": 1,', 'not JSON'],
    ['empty', '', 'not JSON'],
    ['another version', JSON.stringify({ ...whole, version: 2 }), 'not that of one'],
    ['an array', '[]', 'not that of one'],
    ['null', 'null', 'not that of one'],
    ['a path that leads out', withFile({ path: '../x' }), 'not that of one'],
    ['an absolute path', withFile({ path: '/etc/passwd' }), 'not that of one'],
    ['no hash', withFile({ sha256: undefined }), 'not that of one'],
    ['an unknown owner', withFile({ owner: 'root' }), 'not that of one'],
    ['a file twice', JSON.stringify({ ...whole, files: [whole.files[0], whole.files[0]] }), 'not that of one'],
  ])('%s', (_, text, fact) => {
    const { value, diagnostics } = parseManifest(text);
    expect(value).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: 'OG4011', severity: 'error', message: expect.stringContaining(fact) }]);
    expect(diagnostics[0]?.hint).toContain('run `opgen generate`');
  });
});

test('a manifest with the marks of a merge conflict has the files of both sides, with every hash', () => {
  const text = formatManifest(whole);
  const line = text.split('\n').find((each) => each.includes('sha256'))!;
  const theirs = line.replace(/[0-9a-f]{64}/, 'b'.repeat(64));
  const conflict = text.replace(line, `<<<<<<< ours\n${line}\n=======\n${theirs}\n>>>>>>> theirs`);
  const { value, diagnostics } = parseManifest(conflict);
  expect(diagnostics).toEqual([]);
  expect(value?.opgen).toBe(whole.opgen);
  expect(value?.files.map(({ path }) => path)).toEqual(parseManifest(text).value?.files.map(({ path }) => path));
  const merged = value!.files.find((file) => file.merged)!;
  expect(merged.sha256).toBe('b'.repeat(64));
  expect(line).toContain(merged.merged![0]);
});
