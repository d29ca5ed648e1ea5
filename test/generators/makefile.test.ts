import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makefile } from '../../src/generators/makefile.js';
import { noMarkers } from '../../src/ir/marker.js';
import type { Project } from '../../src/project/model.js';
import { textOf } from '../support/api.js';
import { run } from '../support/process.js';
import { tempFolder } from '../support/temp.js';

const project: Project = {
  layout: [],
  domain: 'example.com',
  name: 'demo',
  multigroup: false,
  namespaced: false,
  resources: [],
};
const generate = (inProject?: Project) =>
  makefile.generate({
    api: { kinds: [], markers: noMarkers, files: [] },
    crds: [],
    ...(inProject && { project: inProject }),
  }).value;
const text = textOf(generate(project)[0]!);

const recipes = [...text.matchAll(/^([a-z_-]+):(?!=)[^\n]*\n((?:\t[^\n]*\n)+)/gm)].map(
  ([, target, lines]) => [target!, lines!] as const,
);

test('belongs to projects only', () => {
  expect(generate()).toEqual([]);
});

test('recipes are POSIX shell', async () => {
  expect(recipes.map(([target]) => target)).toEqual(
    expect.arrayContaining(['help', 'manifests', 'check', 'install', 'uninstall']),
  );
  for (const [target, lines] of recipes) {
    const script = lines
      .replace(/^\t@?/gm, '')
      .replace(/\$\([a-zA-Z_-]+\)/g, 'value')
      .replaceAll('$$', '$');
    const { status, stderr } = await run('sh', ['-n'], { input: script });
    expect(`${target}: ${stderr}`).toBe(`${target}: `);
    expect(status).toBe(0);
  }
});

test('every target is phony, has a summary and needs only what exists', () => {
  const targets = [...text.matchAll(/^([a-z-]+):(.*?) ## (.+)$/gm)];
  const names = targets.map(([, name]) => name!);
  expect(text.match(/^\.PHONY: .*$/gm)).toEqual(names.map((name) => `.PHONY: ${name}`));
  const needed = targets.flatMap(([, , needs]) => needs!.split(/[ |]+/).filter((each) => each !== ''));
  expect(needed.filter((each) => !names.includes(each) && each !== 'node_modules')).toEqual([]);
});

const make = (await run('make', ['--version']).catch(() => undefined))?.status === 0;

describe.skipIf(!make)('with make', () => {
  function projectFolder(): string {
    const folder = tempFolder();
    writeFileSync(join(folder, 'Makefile'), text);
    writeFileSync(
      join(folder, 'Makefile.local'),
      'KUBECTL = echo kubectl\nmine: ## A target of the user.\n\techo mine\n',
    );
    return folder;
  }

  test('help lists all targets, the user’s too', async () => {
    const { stdout, status } = await run('make', [], { cwd: projectFolder() });
    expect(status).toBe(0);
    for (const target of [
      'help',
      'all',
      'manifests',
      'generate',
      'check',
      'lint',
      'build',
      'install',
      'uninstall',
      'mine',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${target} +\\S`, 'm'));
    }
  });

  test('uninstall without a CRD says what to do', async () => {
    const { stdout, status } = await run('make', ['uninstall'], { cwd: projectFolder() });
    expect(stdout).toContain('npx opgen create api');
    expect(status).toBe(0);
  });
});
