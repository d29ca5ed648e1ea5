import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { JsonSchema } from '../../src/crd/crd.js';
import type { Cluster } from '../../src/runtime/cluster.js';
import { describeWithCluster } from '../support/assets.js';
import { expressions, object, schema } from './expressions.js';
import { probeCrd, send, startWith } from './server.js';

vi.setConfig({ testTimeout: 60_000 });

const rules = Object.values(expressions).flat();
const perCrd = 60;
const chunks = Array.from({ length: Math.ceil(rules.length / perCrd) }, (_, index) =>
  rules.slice(index * perCrd, (index + 1) * perCrd),
);

/** Every rule in one node, with its number as the message. */
function crdOf(chunk: readonly string[], index: number) {
  const validations = chunk.map((rule, at) => ({ rule, message: `rule ${index}/${at}` }));
  const spec: JsonSchema = { ...schema, 'x-kubernetes-validations': validations };
  return probeCrd(`Probe${index}`, spec);
}

describeWithCluster('the API server evaluates the same', () => {
  let server: { cluster: Cluster; stop(): Promise<void> };

  beforeAll(async () => {
    server = await startWith(chunks.map(crdOf));
  }, 120_000);
  afterAll(() => server?.stop());

  describe.each(chunks.map((chunk, index) => ({ chunk, index })))('part $index', ({ chunk, index }) => {
    test('of the expressions', async () => {
      const { status, causes, message } = await send(
        server.cluster,
        'POST',
        `/apis/probe.example.com/v1/probe${index}s?dryRun=All`,
        {
          apiVersion: 'probe.example.com/v1',
          kind: `Probe${index}`,
          metadata: { name: 'x' },
          spec: object,
        },
      );
      const outcomes = chunk.map((rule, at) => {
        const about = causes.filter(({ message: text }) => new RegExp(`rule ${index}/${at}$`).test(text));
        const isError = about.some(({ message: text }) => /evaluating rule:|for rule:/.test(text));
        return [rule, about.length === 0 ? 'true' : isError ? `error` : 'false'];
      });
      const expected = chunk.map((rule) => [
        rule,
        Object.entries(expressions).find(([, each]) => each.includes(rule))![0],
      ]);
      expect(status, message).toBe(causes.length > 0 ? 422 : 201);
      expect(outcomes).toEqual(expected);
    });
  });
});
