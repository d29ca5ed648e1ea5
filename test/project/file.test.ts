import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Diagnostic } from '../../src/diagnostics.js';
import { addResource, newProject, readProject } from '../../src/project/file.js';
import type { Resource } from '../../src/project/model.js';

const root = resolve('fixtures/project');

describe('what is wrong with PROJECT', () => {
  for (const claim of readdirSync(root).sort()) {
    test(claim, async () => {
      const text = readFileSync(join(root, claim, 'PROJECT'), 'utf8');
      const { value, diagnostics } = readProject(text);
      await expect(diagnostics.map(report).join('') || 'valid\n').toMatchFileSnapshot(
        join(root, claim, 'expected.txt'),
      );
      expect(value === undefined).toBe(diagnostics.some((each) => each.severity === 'error'));
      expect(readProject(text.replaceAll('\n', '\r\n')).diagnostics).toEqual(diagnostics);
    });
  }
});

function report({ code, rule, severity, message, at, hint }: Diagnostic): string {
  const id = rule === undefined ? code : `${code} [${rule}]`;
  return `${at?.file}:${at?.line}:${at?.column} ${severity} ${id}: ${message}. hint: ${hint}\n`;
}

const plain = newProject({
  domain: 'example.com',
  name: 'cache-operator',
  multigroup: false,
  namespaced: false,
  cliVersion: '0.1.0',
});

const memcached: Resource = {
  group: 'cache',
  domain: 'example.com',
  version: 'v1alpha1',
  kind: 'Memcached',
  path: 'src/api/v1alpha1/memcached.ts',
  namespaced: true,
  api: true,
  controller: true,
  webhooks: [],
};

test('a new project has the keys of kubebuilder in their order', async () => {
  await expect(plain).toMatchFileSnapshot(join(root, 'a-new-project-is-valid/PROJECT'));
});

test('a new project reads back', () => {
  const input = { domain: 'on', name: 'y', repo: '@acme/no', multigroup: true, namespaced: true, cliVersion: '1.10' };
  expect(readProject(newProject(input))).toEqual({
    diagnostics: [],
    value: {
      layout: ['opgen.dev/v1'],
      domain: 'on',
      name: 'y',
      repo: '@acme/no',
      multigroup: true,
      namespaced: true,
      cliVersion: '1.10',
      resources: [],
    },
  });
});

const full: Resource = {
  ...memcached,
  kind: 'Index',
  plural: 'indexes',
  core: true,
  external: true,
  module: 'some-package',
  controllers: ['index', 'index-backup'],
  webhooks: ['defaulting', 'validation', 'conversion'],
  spokes: ['v2'],
  defaultingPath: '/x',
  validationPath: '/y',
};

test.each([
  ['of the usual form', memcached],
  ['with every key', full],
  ['without group', { ...memcached, group: '' }],
  ['without API', { ...memcached, api: false, namespaced: false }],
  ['whose kind is a word of YAML', { ...memcached, kind: 'Yes' }],
])('a resource %s reads back', (_, resource) => {
  const after = addResource(plain, resource as Resource);
  expect(readProject(after as string)).toMatchObject({ diagnostics: [], value: { resources: [resource] } });
});

test('a PROJECT that is not valid is refused with the first of its errors', () => {
  expect(addResource('version: "2"\n', memcached)).toMatchObject({ code: 'OG5008', severity: 'error' });
});

test.each([
  ['plural', { plural: 'memcachedes' }, { plural: 'caches' }],
  ['path', {}, { path: 'src/api/other.ts' }],
  [
    'defaultingPath',
    { webhooks: ['defaulting'], defaultingPath: '/a' },
    { webhooks: ['defaulting'], defaultingPath: '/b' },
  ],
] as const)('a resource with another %s is refused', (key, first, second) => {
  const before = addResource(plain, { ...memcached, ...first }) as string;
  const refusal = addResource(before, { ...memcached, ...second });
  expect(refusal).toMatchObject({ code: 'OG5008', message: expect.stringContaining(`\`${key}\` of \`Memcached\``) });
});

const scalar = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('yes', '0x1f', '1:30', '~', '2001-01-01', 'a: b', '# no comment', '- x', 'line\nbreak\n'),
);
const key = fc
  .string({ unit: fc.constantFrom(...'abcxyz-_ZB09'), minLength: 1, maxLength: 8 })
  .map((text) => `own-${text}`);
const extra = fc.dictionary(key, fc.oneof(scalar, fc.array(scalar), fc.dictionary(key, scalar)), {
  noNullPrototype: true,
});
const comment = fc.string({ unit: fc.constantFrom(...'abc #:-{}[]"\'&*!|>%@`'), maxLength: 20 });
const webhooks = fc.subarray(['defaulting', 'validation', 'conversion'] as const);
const resource: fc.Arbitrary<Resource> = fc.record({
  group: fc.constantFrom('', 'cache', 'other'),
  domain: fc.constant('example.com'),
  version: fc.constantFrom('v1', 'v1beta1'),
  kind: fc.constantFrom('Memcached', 'Redis'),
  namespaced: fc.boolean(),
  api: fc.boolean(),
  controller: fc.boolean(),
  webhooks,
});

interface Own {
  readonly top: object;
  readonly entry: object;
  readonly api: object;
}
const own: fc.Arbitrary<Own> = fc.record({ top: extra, entry: extra, api: extra });

/** A PROJECT with keys of the user's own, and a numbered comment in front of every line that is not inside a value. */
function withOwn({ top, entry, api }: Own, note: string): string {
  const file = {
    ...top,
    domain: 'example.com',
    layout: 'opgen.dev/v1',
    projectName: 'x',
    resources: [{ ...entry, api: { ...api }, domain: 'example.com', group: 'cache', kind: 'Memcached', version: 'v1' }],
    version: '3',
  };
  const lines = stringify(file, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' }).split(
    '\n',
  );
  return lines.flatMap((line, index) => [`${/^ */.exec(line)}# note ${index} ${note}`.trimEnd(), line]).join('\n');
}

test('unknown keys and comments survive whatever is added, and adding again changes nothing', () => {
  fc.assert(
    fc.property(own, comment, fc.array(resource, { minLength: 1, maxLength: 4 }), (keys, note, resources) => {
      const before = withOwn(keys, note);
      const after = resources.reduce((text, each) => addResource(text, each) as string, before);
      const { resources: entries, ...rest } = parse(after);
      const { resources: oldEntries, ...oldRest } = parse(before);
      expect(rest).toEqual(oldRest);
      expect(entries[0]).toMatchObject(oldEntries[0]);
      expect(comments(after).sort()).toEqual(comments(before).sort());
      expect(resources.reduce((text, each) => addResource(text, each) as string, after)).toBe(after);
      expect(readProject(after).diagnostics).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

const comments = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('# note'));

test('any text as PROJECT gives a value or errors', () => {
  const yaml = fc.json().map((text) => stringify(JSON.parse(text)));
  const piece = fc.constantFrom(
    'version: "3"',
    'layout: opgen.dev/v1',
    'resources:',
    '- kind: X',
    '  ',
    ': ',
    '&a',
    '*a',
    '[',
    '{',
    '"',
    '\t',
    '|',
    '!!x',
    '\n',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    yaml,
    fc.array(piece).map((pieces) => pieces.join('\n')),
  );
  fc.assert(
    fc.property(text, (project) => {
      const { value, diagnostics } = readProject(project);
      expect(value === undefined).toBe(diagnostics.some((each) => each.severity === 'error'));
      for (const { at } of diagnostics) expect(at).toMatchObject({ file: 'PROJECT' });
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['deep flow lists', '['.repeat(100_000)],
  ['deep block lists', '- '.repeat(50_000)],
  [
    'a billion laughs',
    `a: &a [x]\n${[...'bcdefg'].map((name, at) => `${name}: &${name} [${`*${'abcdef'[at]},`.repeat(50)}]\n`).join('')}`,
  ],
  ['more than 1 MiB', `version: "3" # ${'x'.repeat(1024 * 1024)}`],
  ['keys of prototypes', '__proto__: {version: "3"}\nconstructor: 1\nresources:\n- __proto__: {kind: X}\n'],
])('%s are refused', (_, text) => {
  const { value, diagnostics } = readProject(text);
  expect(value).toBeUndefined();
  expect(diagnostics[0]).toMatchObject({ code: 'OG5008', severity: 'error' });
});

test('a list of named controllers takes the place of the one without a name', () => {
  const kind = {
    group: 'cache',
    domain: 'example.com',
    version: 'v1',
    kind: 'Memcached',
    namespaced: true,
    api: true,
    webhooks: [],
  };
  const one = addResource(plain, { ...kind, controller: true } as Resource) as string;
  expect(one).toContain('controller: true');
  const two = addResource(one, {
    ...kind,
    controller: true,
    controllers: ['memcached', 'backup'],
  } as Resource) as string;
  expect(two).not.toContain('controller: true');
  expect(readProject(two).value?.resources[0]?.controllers).toEqual(['memcached', 'backup']);
});
