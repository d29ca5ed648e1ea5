import { expect, test } from 'vitest';
import { dockerfile } from '../../src/generators/dockerfile.js';
import { initArtifacts } from '../../src/scaffold/init.js';
import { artifactsOf, emptyProject, textOf } from '../support/api.js';
import { input } from '../support/scaffold.js';

const [image, context] = artifactsOf(dockerfile, emptyProject).map((artifact) => textOf(artifact)) as [string, string];

test('belongs to projects only', () => {
  expect(artifactsOf(dockerfile)).toEqual([]);
  expect(artifactsOf(dockerfile, emptyProject).map(({ path }) => path)).toEqual(['Dockerfile', '.dockerignore']);
});

test('every base is pinned by its digest, and the image is named after the project', () => {
  const bases = image.match(/^FROM .*$/gm)!;
  expect(bases).toHaveLength(2);
  for (const base of bases) expect(base).toMatch(/:[\w.-]+@sha256:[0-9a-f]{64}( AS build)?$/);
  expect(image).toContain('org.opencontainers.image.title="demo"');
});

test('the final stage has the bundle alone and runs it as nobody', () => {
  const final = image.slice(image.lastIndexOf('FROM '));
  expect(final.match(/^COPY .*$/gm)).toEqual(['COPY --from=build /workspace/dist/main.js ./main.mjs']);
  expect(final).toMatch(/^USER 65532:65532$/m);
  expect(final).toMatch(/^ENTRYPOINT \["\/nodejs\/bin\/node", "\/app\/main\.mjs"\]$/m);
});

test('what the build copies is in the context, and nothing else of the project', () => {
  const copied = [...image.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, files]) => files!.split(' '));
  const allowed = [...context.matchAll(/^!([^*\n]+)$/gm)].map(([, path]) => path!);
  expect([...copied].sort()).toEqual([...allowed].sort());
  const scaffolded = initArtifacts(input).map(({ path }) => path.split('/')[0]!);
  for (const file of copied) if (file !== 'package-lock.json') expect(scaffolded).toContain(file);
  expect(context).toMatch(/^\*$/m);
});

test('a folder is let in with what is in it, for Podman and Buildah', () => {
  expect(context).toContain('!src\n!src/**\n');
});
