import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClient } from '../../../src/runtime/client/index.js';
import type { Client } from '../../../src/runtime/client/types.js';
import { defineResource } from '../../../src/runtime/define.js';
import { ApiError, NoAnswerError } from '../../../src/runtime/errors.js';
import type { K8sObject } from '../../../src/runtime/resource.js';
import { scriptedCluster } from '../../support/scripted.js';

const Thing = defineResource<K8sObject & { spec?: object }>({
  group: 'demo.example.com',
  version: 'v1',
  kind: 'Thing',
});
const key = { name: 'x', namespace: 'd' };
const thing = {
  apiVersion: 'demo.example.com/v1',
  kind: 'Thing',
  metadata: { ...key, uid: 'u', resourceVersion: '7' },
};

const resize = (draft: { spec?: object }): void => {
  draft.spec = { size: 1 };
};

const calls: Readonly<Record<string, (client: Client) => Promise<unknown>>> = {
  get: (client) => client.get(Thing, key),
  list: (client) => client.list(Thing),
  create: (client) => client.create(Thing, thing),
  update: (client) => client.status.update(Thing, thing),
  patch: (client) => client.patch(Thing, thing, resize),
  apply: (client) => client.apply(Thing, thing, { fieldOwner: 'me' }),
  delete: (client) => client.delete(Thing, key, { ignoreNotFound: true }),
  deleteAll: (client) => client.deleteAll(Thing, {}),
  scale: (client) => client.scale.get(Thing, key),
  subresource: (client) => client.subresource('other').get(Thing, key),
  ensure: (client) => client.ensure(Thing, key, resize),
};

const json = fc.jsonValue({ maxDepth: 2 });
const part = fc.oneof(
  json,
  fc.record(
    { name: fc.string(), namespace: fc.constantFrom('d', 'e'), continue: json, resourceVersion: json },
    { requiredKeys: [] },
  ),
);
const body = fc.oneof(
  fc.string({ unit: 'binary' }),
  json,
  fc.record({ kind: json, metadata: part, items: fc.oneof(part, fc.array(part)), spec: part }, { requiredKeys: [] }),
  fc.record(
    { kind: fc.constant('Status'), message: json, reason: json, code: json, details: part },
    { requiredKeys: ['kind'] },
  ),
);
const answer = fc.record({
  status: fc.constantFrom(200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 409, 410, 422, 429, 500, 502, 503),
  headers: fc.dictionary(fc.constantFrom('retry-after', 'location', 'content-type'), fc.string({ unit: 'binary' })),
  body,
});

test.each(Object.keys(calls))(
  '%s of an API server that answers nonsense is an error that says so, or works',
  async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 4 }), async (answers) => {
        const cluster = scriptedCluster((_request, index) => {
          const given = answers[index % answers.length];
          return { ...given, body: typeof given?.body === 'string' ? given.body : JSON.stringify(given?.body) };
        });
        const error = await calls[name]?.(createClient({ cluster })).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error === undefined) return;
        expect(error instanceof ApiError || error instanceof NoAnswerError, String(error)).toBe(true);
        expect((error as Error).message).not.toBe('');
        expect(cluster.requests.length).toBeLessThan(20);
      }),
      { numRuns: 200 },
    );
  },
);
