import { expect, test } from 'vitest';
import { InternalError } from '../../src/diagnostics.js';
import { identifier, json, tsString, yaml } from '../../src/template/encode.js';
import { render, renderTree, type Values } from '../../src/template/render.js';

const values: Values = {
  kind: identifier('Memcached'),
  version: yaml('v1alpha1'),
  note: tsString('a "quoted" <b>'),
  multigroup: true,
  empty: false,
  none: [],
  files: [
    { name: yaml('a.yaml'), last: false },
    { name: yaml('b.yaml'), last: true },
  ],
};

test.each([
  ['{{kind}}/{{version}}', 'Memcached/v1alpha1'],
  ['const note = {{note}};', 'const note = "a \\"quoted\\" <b>";'],
  ['{{#if multigroup}}\nyes\n{{else}}\nno\n{{/if}}\n', 'yes\n'],
  ['{{#unless empty}}on{{/unless}}{{#if empty}}a{{else if multigroup}}b{{/if}}', 'onb'],
  [
    '{{#each files}}\n- {{name}}{{#unless last}},{{/unless}} {{../kind}}\n{{/each}}\n',
    '- a.yaml, Memcached\n- b.yaml Memcached\n',
  ],
  ['{{#each files}}{{#if @first}}{{name}}{{/if}}{{/each}}', 'a.yaml'],
  ['{{#each none}}{{whatever}}{{else}}nothing{{/each}}', 'nothing'],
  ['{{! a comment }}$\\{{ github.ref }}', `\${{ github.ref }}`],
])('%j', (template, expected) => {
  expect(render(template, values)).toBe(expected);
});

test.each([
  ['a missing value', '{{missing}}', 'needs a value for `missing` (line 1'],
  ['a missing condition', 'a\n{{#if missing}}x{{/if}}', 'needs a value for `missing` (line 2'],
  ['a missing value in a branch that is not taken', '{{#if empty}}{{missing}}{{/if}}', '`missing`'],
  ['a missing value in the other branch', '{{#if multigroup}}{{else}}{{missing}}{{/if}}', '`missing`'],
  ['a missing list', '{{#each missing}}{{/each}}', '`missing`'],
  ['an outer name without `../`', '{{#each files}}{{kind}}{{/each}}', '`kind`'],
  ['a name of Object.prototype', '{{toString}}', '`toString`'],
  ['a constructor as a condition', '{{#if constructor}}x{{/if}}', '`constructor`'],
  ['a nested path', '{{kind.length}}', 'must name its values'],
  ['data of Handlebars', '{{@root}}', 'must name its values'],
  ['`this`', '{{this}}', 'must name its values'],
  ['a list that is printed', '{{files}}', 'must not print a list'],
  ['a loop over a string', '{{#each kind}}x{{/each}}', 'must loop over a list'],
  ['a helper', '{{lookup files 0}}', 'must not call a helper'],
  ['a block helper', '{{#with kind}}x{{/with}}', 'must not have the block `with`'],
  ['a block without a helper', '{{#kind}}x{{/kind}}', 'must not have the block `kind`'],
  ['a partial', '{{> other}}', 'PartialStatement'],
  ['an open block', '{{#if kind}}', 'cannot be rendered'],
])('%s is a bug of the template', (_, template, message) => {
  expect(() => render(template, values)).toThrow(InternalError);
  expect(() => render(template, values)).toThrow(message);
});

test('a tree: placeholders in paths, `.hbs` is rendered, the rest passes as it is', () => {
  const files = [
    { path: '__dot__gitignore', content: '{{raw}}\r\n' },
    { path: 'src/api/__version__/__kind__.ts.hbs', content: 'export interface {{kind}} {}\n' },
  ];
  expect(renderTree(files, values)).toEqual([
    { path: '.gitignore', content: '{{raw}}\r\n' },
    { path: 'src/api/v1alpha1/memcached.ts', content: 'export interface Memcached {}\n' },
  ]);
});

test.each([
  ['__missing__.ts', '`missing`'],
  ['__multigroup__.ts', '`multigroup`'],
  ['__constructor__.ts', '`constructor`'],
  ['__dot____dot__/x', 'a path'],
  ['a/__up__/x', 'a path'],
])('the path %s is refused', (path, message) => {
  const up = { ...values, up: json('..') };
  expect(() => renderTree([{ path, content: '' }], up)).toThrow(InternalError);
  expect(() => renderTree([{ path, content: '' }], up)).toThrow(message);
});
