import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schema, validate } from '../../src/project/generated/validate.js';

const valid = { version: '3', layout: 'opgen.dev/v1', domain: 'example.com', projectName: 'x' };

test.each([
  ['a whole file', valid, true],
  ['unknown keys', { ...valid, mine: 1, resources: [{ kind: 'X', version: 'v1', mine: [] }] }, true],
  ['no version', { ...valid, version: undefined }, false],
  ['version 2', { ...valid, version: '2' }, false],
  ['a resource without kind', { ...valid, resources: [{ version: 'v1' }] }, false],
  ['a controller without name', { ...valid, resources: [{ kind: 'X', version: 'v1', controllers: [{}] }] }, false],
])('%s', (_, file, expected) => {
  expect(validate(file)).toBe(expected);
});

test('the schema knows the keys of nested objects and no path of the machine that made it', () => {
  expect(Object.keys(schema.properties?.resources?.items?.properties?.webhooks?.properties ?? {})).toContain('spoke');
  expect(JSON.stringify(schema)).not.toContain('import(');
});

test('the validator imports nothing', () => {
  const code = readFileSync('src/project/generated/validate.js', 'utf8');
  expect(code).not.toMatch(/\brequire\(|^import\b|\bimport\(/m);
});
