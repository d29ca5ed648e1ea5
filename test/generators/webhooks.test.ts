import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromYaml } from '../../src/emit/yaml.js';
import { webhooks } from '../../src/generators/webhooks.js';
import { type Marker, type MarkerDef, markerSet } from '../../src/ir/marker.js';
import { type WebhookValue, webhook, webhookConfiguration } from '../../src/markers/defs/webhook.js';
import { expectFiles, generateFrom, textOf } from '../support/api.js';
import { caseFolder, casesOf } from '../support/fixtures.js';
import { refused, sound } from './webhooks/refused.js';

test.each(casesOf('webhooks'))('%s', async (name) => {
  const folder = caseFolder('webhooks', name);
  const { value, diagnostics } = await generateFrom(folder, 'webhooks');
  expect(diagnostics).toEqual([]);
  await expectFiles(folder, value.artifacts);
});

const twins = casesOf('webhooks').filter((name) => existsSync(`fixtures/webhooks/${name}/controller-gen`));

describe('opgen says what controller-gen says of the same markers', () => {
  test('in at least 15 cases', () => {
    expect(twins.length).toBeGreaterThanOrEqual(15);
  });

  test.each(twins)('%s', async (name) => {
    const folder = caseFolder('webhooks', name);
    const expected = join(folder, 'controller-gen/expected.yaml');
    const source = readFileSync(join(folder, 'controller-gen/webhooks.go'), 'utf8');
    for (const marker of source.split('\n').filter((line) => line.startsWith('// +')))
      expect(readFileSync(join(folder, 'src/webhooks.ts'), 'utf8')).toContain(marker);
    const { value } = await generateFrom(folder, 'webhooks');
    const made = value.artifacts.flatMap((each) => fromYaml(textOf(each), each.path).value);
    expect(made).toEqual(fromYaml(readFileSync(expected, 'utf8'), expected).value);
  });
});

describe('what admission registration refuses, and what has no effect, is refused at the marker', () => {
  const position = { file: 'src/webhooks.ts', line: 3, column: 4 };
  const generate = (...markers: readonly Marker[]) =>
    webhooks.generate({ api: { kinds: [], markers: markerSet(markers), files: [] }, crds: [] });
  const ofWebhook = (value: WebhookValue, line: number): Marker => ({
    def: webhook as MarkerDef<unknown>,
    value,
    at: { ...position, line },
  });
  const naming = (mutating: boolean, name: string, line: number): Marker => ({
    def: webhookConfiguration as MarkerDef<unknown>,
    value: { mutating, name },
    at: { ...position, line },
  });

  test('a sound webhook passes', () => {
    expect(generate(ofWebhook(sound, 3)).diagnostics).toEqual([]);
  });

  test.each(refused)('$claim', ({ change, says }) => {
    const { diagnostics } = generate(ofWebhook({ ...sound, ...change }, 3));
    expect(diagnostics.map(({ message }) => message)).toContainEqual(expect.stringContaining(says));
    for (const each of diagnostics) expect(each).toMatchObject({ code: 'OG3011', severity: 'error', at: position });
    for (const each of diagnostics) expect(each.hint).not.toBe('');
  });

  test('two webhooks of one name, but not one of each configuration', () => {
    const { diagnostics } = generate(
      ofWebhook(sound, 3),
      ofWebhook({ ...sound, mutating: true }, 4),
      ofWebhook(sound, 5),
    );
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code: 'OG3011', at: { ...position, line: 5 } });
    expect(diagnostics[0]!.message).toContain('src/webhooks.ts:3');
  });

  test('names of configurations: one that is none, one that stands twice, one without webhooks', () => {
    const found = generate(
      ofWebhook(sound, 3),
      naming(false, 'My Checks', 4),
      naming(false, 'other', 5),
      naming(true, 'defaults', 6),
    ).diagnostics;
    expect(found.map(({ code, severity, at }) => [code, severity, at!.line])).toEqual([
      ['OG3011', 'error', 4],
      ['OG2005', 'error', 5],
      ['OG2004', 'warning', 6],
    ]);
  });
});
