import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../src/cli/commands/index.js';
import { codes } from '../src/diagnostics.js';
import { generators } from '../src/generators/index.js';
import { families, markers } from '../src/markers/registry.js';
import { casesOf } from './support/fixtures.js';

const read = (path: string): string => readFileSync(path, 'utf8');

function filesBelow(dir: string, extension: string): readonly string[] {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith(extension)).map((name) => join(dir, name));
}

const modules = (dir: string, other: readonly string[]): readonly string[] =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.ts') && !other.includes(name))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();

describe('everything that can be extended is listed, documented and has a fixture', () => {
  const sources = ['crds', 'rbac', 'webhooks']
    .flatMap((family) => filesBelow(`fixtures/${family}`, '.ts'))
    .map(read)
    .join('\n');

  test.each(markers.map((marker) => marker.name))('marker %s', (name) => {
    const marker = markers.find((each) => each.name === name)!;
    expect(read('docs/markers.md')).toContain(name);
    const spellings = [name, ...(marker.aliases ?? [])].map((each) => `[+@]${each}\\b`);
    if (marker.tag) spellings.push(`@((items|values)\\.)*${marker.tag.name}\\b`);
    expect(sources, 'a fixture below fixtures/crds, fixtures/rbac or fixtures/webhooks').toMatch(
      new RegExp(spellings.join('|')),
    );
  });

  test.each(markers.flatMap(({ tag }) => (tag ? [tag.name] : [])))('tag @%s', (tag) => {
    expect(read('docs/markers.md')).toContain(`@${tag}`);
    expect(sources).toMatch(new RegExp(`@((items|values)\\.)*${tag}\\b`));
  });

  test('every file of definitions is in the registry', () => {
    const listed = new Set(families.flatMap((family) => [...family.markers]));
    expect(listed.size).toBe(markers.length);
    for (const file of modules('src/markers/defs', []))
      expect(read('src/markers/registry.ts')).toContain(`'./defs/${file}.js'`);
  });

  test('every generator is listed under the name of its file, and has a fixture or a test', () => {
    const files = modules('src/generators', ['index.ts', 'generator.ts']);
    expect(generators.map(({ name }) => name).sort()).toEqual(files);
    for (const name of files) {
      expect(read('docs/commands.md')).toContain(name);
      expect(existsSync(`fixtures/${name}`) || existsSync(`test/generators/${name}.test.ts`), name).toBe(true);
    }
  });

  test('every command is listed under the name of its file, documented and tested', () => {
    const files = modules('src/cli/commands', ['index.ts']);
    expect(commands.map(({ name }) => name.replace(' ', '-')).sort()).toEqual(files);
    const tests = filesBelow('test/cli', '.ts').map(read).join('\n');
    for (const { name, flags, examples } of commands) {
      expect(read('docs/commands.md')).toContain(`\n## ${name}\n`);
      expect(examples.length, `${name} has examples`).toBeGreaterThan(0);
      for (const { summary } of flags) expect(summary).not.toBe('');
      expect(tests, `${name} is run by a test`).toMatch(new RegExp(`'${name.split(' ').join("', '")}'`));
    }
  });

  test('every code of a diagnostic is documented and used, and no other is', () => {
    const used = new Set(
      filesBelow('src', '.ts')
        .filter((file) => !file.endsWith('diagnostics.ts'))
        .flatMap((file) => read(file).match(/OG\d{4}/g) ?? []),
    );
    expect([...used].filter((code) => !(code in codes))).toEqual([]);
    expect(Object.keys(codes).filter((code) => !used.has(code))).toEqual([]);
    for (const code of Object.keys(codes)) expect(read('docs/diagnostics.md')).toContain(`| ${code} |`);
  });

  test.each([
    'crds',
    'errors',
    'validate',
    'plan',
    'edits',
    'code',
    'rbac',
    'webhooks',
    'samples',
    'scaffold',
    'project',
  ])('fixtures/%s has cases', (family) => {
    expect(casesOf(family).length).toBeGreaterThan(0);
  });
});

describe('the README', () => {
  const ofProjects = /\n## What a project contains\n[\s\S]*?(?=\n## )/;
  const paths = [
    ...read('README.md')
      .replace(ofProjects, '')
      .matchAll(/`((?:src|test|scripts|templates|fixtures|docs|bench|bin|\.ci)\/[^`<*]*)`/g),
  ].map((match) => match[1]!);

  test.each([...new Set(paths)])('names %s, which exists', (path) => {
    expect(existsSync(path)).toBe(true);
  });

  test('names every folder of src/', () => {
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of folders) expect(paths).toContain(`src/${name}/`);
  });

  test('links to pages that exist', () => {
    const links = [...read('README.md').matchAll(/\]\((docs\/[^)]+)\)/g)].map((match) => match[1]!);
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) expect(existsSync(link), link).toBe(true);
  });
});
