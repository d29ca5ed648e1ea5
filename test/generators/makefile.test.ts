import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makefile } from '../../src/generators/makefile.js';
import { artifactsOf, emptyProject, textOf } from '../support/api.js';
import { run } from '../support/process.js';
import { snapshotTree, tempFolder } from '../support/temp.js';

const text = textOf(artifactsOf(makefile, emptyProject)[0]!);

const recipes = [...text.matchAll(/^([a-z_-]+):(?!=)[^\n]*\n((?:\t[^\n]*\n)+)/gm)].map(
  ([, target, lines]) => [target!, lines!] as const,
);

const manifests = /^MANIFESTS = (.*)$/m.exec(text)![1]!;

test('belongs to projects only', () => {
  expect(artifactsOf(makefile)).toEqual([]);
});

test('recipes are POSIX shell', async () => {
  expect(recipes.map(([target]) => target)).toEqual(
    expect.arrayContaining(['help', 'manifests', 'check', 'install', 'uninstall', 'deploy', 'build-installer']),
  );
  for (const [target, lines] of recipes) {
    const script = lines
      .replace(/^\t@?/gm, '')
      .replaceAll('$(MANIFESTS)', manifests)
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
      'test',
      'build',
      'run',
      'dev',
      'docker-build',
      'docker-push',
      'docker-buildx',
      'build-installer',
      'deploy',
      'undeploy',
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

  /** `kubectl` prints what it is called with and copies its input, `kustomize` a Deployment. */
  function withKubectl(exit = 0): string {
    const folder = projectFolder();
    const script = `#!/bin/sh
if [ "$1" = kustomize ]; then echo "        image: controller:latest"; exit ${exit}; fi
echo "kubectl $*"; cat
`;
    writeFileSync(join(folder, 'kubectl'), script, { mode: 0o755 });
    writeFileSync(join(folder, 'Makefile.local'), 'KUBECTL = ./kubectl\nmanifests: OPGEN = true\n');
    mkdirSync(join(folder, 'node_modules'));
    return folder;
  }

  test('deploy puts the image into what it applies, and changes no file', async () => {
    const folder = withKubectl();
    const before = snapshotTree(folder);
    const { stdout, status } = await run('make', ['-s', 'deploy', 'IMG=example.com/demo:1'], { cwd: folder });
    expect(stdout).toBe('kubectl apply --server-side -f -\n        image: example.com/demo:1\n');
    expect(status).toBe(0);
    expect(snapshotTree(folder)).toEqual(before);
    const undeployed = await run('make', ['-s', 'undeploy', 'ignore-not-found=true'], { cwd: folder });
    expect(undeployed.stdout).toContain('kubectl delete --ignore-not-found=true -f -\n');
  });

  test('build-installer writes everything into one file, or none', async () => {
    const folder = withKubectl();
    await run('make', ['-s', 'build-installer', 'IMG=example.com/demo:1'], { cwd: folder });
    expect(readFileSync(join(folder, 'dist/install.yaml'), 'utf8')).toBe('        image: example.com/demo:1\n');
    const broken = withKubectl(1);
    const { status } = await run('make', ['-s', 'build-installer'], { cwd: broken });
    expect(status).not.toBe(0);
    expect(existsSync(join(broken, 'dist/install.yaml'))).toBe(false);
  });
});
