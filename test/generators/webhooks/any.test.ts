import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasErrors } from '../../../src/diagnostics.js';
import { fromYaml } from '../../../src/emit/yaml.js';
import { applyPatch, patchMisfits } from '../../../src/generators/webhooks/patch.js';
import { webhookShape } from '../../../src/generators/webhooks/shape.js';
import { webhooks } from '../../../src/generators/webhooks.js';
import { type Marker, type MarkerDef, markerSet } from '../../../src/ir/marker.js';
import type { Json } from '../../../src/ir/schema.js';
import type { JsonObject } from '../../../src/json.js';
import { type WebhookValue, webhook } from '../../../src/markers/defs/webhook.js';
import { textOf } from '../../support/api.js';
import { refused, sound } from './refused.js';

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const fieldNames = [
  'name',
  'rules',
  'clientConfig',
  'service',
  'matchLabels',
  'namespaceSelector',
  'matchConditions',
  '$patch',
  '__proto__',
];
const patch: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom(...fieldNames),
  fc.oneof(json, fc.constantFrom('delete', null)),
);

const value: fc.Arbitrary<WebhookValue> = fc
  .record(
    {
      name: fc.constantFrom('a.kb.io', 'b.kb.io', 'c.example.com', 'd.example.com'),
      mutating: fc.boolean(),
      matchConditions: json,
      namespaceSelector: json,
      patch: fc.oneof(
        fc.string(),
        patch.map((each) => JSON.stringify(each)),
      ),
      url: fc.string(),
      resources: fc.array(fc.string()),
    },
    { requiredKeys: ['name', 'mutating'] },
  )
  .map((change) => ({ ...sound, ...change }) as WebhookValue);

const generate = (values: readonly WebhookValue[]) => {
  const markers = values.map(
    (each, index): Marker => ({
      def: webhook as MarkerDef<unknown>,
      value: each,
      at: { file: 'src/webhooks.ts', line: index + 1, column: 4 },
    }),
  );
  return webhooks.generate({ api: { kinds: [], markers: markerSet(markers), files: [] }, crds: [] });
};

describe('any webhooks', () => {
  test('give a manifest that reads back, or errors', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
        const made = generate(values);
        const documents = made.value.flatMap((each) => fromYaml(textOf(each), each.path).value);
        expect(hasErrors(made.diagnostics) || documents.length > 0).toBe(true);
      }),
    );
  });

  test('give the same manifest in any order', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'a0', 'a10', 'a2'), { minLength: 2 });
    fc.assert(
      fc.property(
        names.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const made = (order: readonly string[]) =>
            generate(order.map((name) => ({ ...sound, name: `${name}.kb.io`, mutating: name < 'b' })));
          expect(made(list).diagnostics).toEqual([]);
          expect(made(shuffled).value).toEqual(made(list).value);
        },
      ),
    );
  });

  test('one mistake more never hides another', () => {
    fc.assert(
      fc.property(fc.constantFrom(...refused), value, ({ change, says }, other) => {
        const { diagnostics } = generate([other, { ...sound, name: 'z.kb.io', ...change }]);
        expect(diagnostics.map(({ message }) => message)).toContainEqual(expect.stringContaining(says));
      }),
    );
  });
});

describe('any patch', () => {
  test('that fits is applied, and once more changes nothing', () => {
    const shape = webhookShape(true);
    const key = fc.string().filter((each) => !each.startsWith('$'));
    const fitting = fc.record(
      {
        timeoutSeconds: fc.oneof(fc.integer(), fc.constant(null)),
        namespaceSelector: fc.oneof(
          fc.record({ matchLabels: fc.dictionary(key, fc.oneof(fc.string(), fc.constant(null))) }),
          fc.constant(null),
        ),
        matchConditions: fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c'), expression: fc.string() }), {
          selector: ({ name }) => name,
        }),
        rules: fc.array(fc.record({ resources: fc.array(fc.string()) })),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(fitting, fitting, (before, change) => {
        expect(patchMisfits(change, shape)).toEqual([]);
        const once = applyPatch(before, change, shape);
        expect(applyPatch(once, change, shape)).toEqual(once);
        if (change.timeoutSeconds === null) expect(once).not.toHaveProperty('timeoutSeconds');
        if (typeof change.timeoutSeconds === 'number') expect(once.timeoutSeconds).toBe(change.timeoutSeconds);
        if (change.rules) expect(once.rules).toEqual(change.rules);
        if (!('rules' in change)) expect(once.rules).toEqual(before.rules);
      }),
    );
  });
});
