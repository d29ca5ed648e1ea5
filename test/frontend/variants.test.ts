import { describe, expect, test } from 'vitest';
import { allCases, manifestsOf, read, type Sources } from './sources.js';

const mapped = (sources: Sources, change: (text: string) => string): Sources =>
  Object.fromEntries(Object.entries(sources).map(([path, text]) => [path, change(text)]));

const variants: Readonly<Record<string, (text: string) => string>> = {
  'carriage returns': (text) => text.replace(/\r?\n/g, '\r\n'),
  'carriage returns and a byte order mark': (text) => `\ufeff${text.replace(/\r?\n/g, '\r\n')}`,
};

/** Everything that is read, with its places; definitions of markers hold functions and are left out. */
const whole = async (sources: Sources): Promise<unknown> =>
  JSON.parse(JSON.stringify(await read(sources), (key, value) => (key === 'def' ? value.name : value)));

const asTheyAre = new Map(allCases.map(([name, sources]) => [name, whole(sources)]));

describe.each(Object.entries(variants))('sources with %s mean the same', (_, change) => {
  test.each(allCases)('%s', async (name, sources) => {
    expect(await whole(mapped(sources, change))).toEqual(await asTheyAre.get(name));
  });
});

describe('members of another family of files are left alone', () => {
  test.each([
    ['empty', ''],
    ['only comments', '// CustomResource\n/* @kind */\n'],
    ['only a byte order mark', '\ufeff'],
    ['only a shebang', '#!/usr/bin/env node\n// +groupName=other.example.com'],
  ])('%s', async (_, text) => {
    const [, sources] = allCases.find(([name]) => name === 'crds/memcached')!;
    expect(await manifestsOf({ ...sources, 'src/other/x.ts': text })).toEqual(await manifestsOf(sources));
  });
});
