import { describe, expect, test } from 'vitest';
import { createClient } from '../../../src/runtime/client/index.js';
import type { Reader } from '../../../src/runtime/client/types.js';
import { defineResource } from '../../../src/runtime/define.js';
import { copyOf } from '../../../src/runtime/json.js';
import { applyMergePatch } from '../../../src/runtime/mergepatch.js';
import { controllerOf } from '../../../src/runtime/owners.js';
import type { K8sObject } from '../../../src/runtime/resource.js';
import { type Answer, failure, notFound, scriptedCluster } from '../../support/scripted.js';

interface Part {
  name: string;
  image?: string;
  pullPolicy?: string;
}

interface Thing extends K8sObject {
  spec?: { size?: number; grace?: number; parts?: Part[] };
  status?: { phase?: string };
}

const Thing = defineResource<Thing>({ group: 'demo.example.com', version: 'v1', kind: 'Thing' });
const key = { name: 'x', namespace: 'd' };

/** One object, with defaults for parts and for `grace`, as an API server has them. `withGeneration` as most kinds have, but no ConfigMap. */
function serverOf({ withGeneration = true } = {}) {
  let stored: Thing | undefined;
  let version = 0;
  let generation = 0;
  function store(wanted: Thing): Answer {
    const spec = copyOf(wanted.spec ?? {});
    spec.grace ??= 30;
    for (const part of spec.parts ?? []) part.pullPolicy ??= 'Always';
    const next = { ...copyOf(wanted), spec };
    if (JSON.stringify(next) === JSON.stringify(stored)) return { body: stored };
    if (JSON.stringify(spec) !== JSON.stringify(stored?.spec)) generation++;
    const metadata = {
      ...next.metadata,
      uid: stored?.metadata?.uid ?? `u${version}`,
      resourceVersion: String(++version),
    };
    stored = { ...next, metadata: { ...metadata, ...(withGeneration && { generation }) } };
    return { body: stored };
  }
  const cluster = scriptedCluster(({ method, body }) => {
    if (method === 'POST') return stored ? failure(409, 'AlreadyExists') : store(body as Thing);
    if (!stored) return notFound;
    if (method === 'GET') return { body: stored };
    return store(applyMergePatch(stored, body) as Thing);
  });
  return {
    client: createClient({ cluster }),
    cluster,
    edit: (change: (thing: Thing) => void) => {
      const next = copyOf(stored ?? {});
      change(next);
      store(next);
    },
    remove: () => {
      stored = undefined;
    },
    get stored() {
      return stored;
    },
    writes: () => cluster.requests.filter(({ method }) => method !== 'GET'),
  };
}

const sized = (size: number) => (draft: Thing) => {
  draft.spec = { ...draft.spec, size };
};

/** States the short form, and so drops what the API server filled in. */
const short = (draft: Thing) => {
  draft.spec ??= {};
  draft.spec.parts = [{ name: 'web', image: 'web:1' }];
};

describe('ensure', () => {
  test('creates what is missing, with apiVersion, kind and key', async () => {
    const { client, writes } = serverOf();
    const { object, result } = await client.ensure(Thing, key, sized(2));
    expect(result).toBe('created');
    expect(object.metadata?.uid).toBe('u0');
    expect(writes().map(({ method, body }) => [method, body])).toEqual([
      ['POST', { apiVersion: 'demo.example.com/v1', kind: 'Thing', metadata: key, spec: { size: 2 } }],
    ]);
  });

  test('patches what differs, and nothing when nothing does', async () => {
    const { client, writes } = serverOf();
    await client.ensure(Thing, key, sized(2));
    expect((await client.ensure(Thing, key, sized(2))).result).toBe('unchanged');
    const { object, result } = await client.ensure(Thing, key, sized(3));
    expect([result, object.spec?.size]).toEqual(['updated', 3]);
    expect(writes().slice(1)).toMatchObject([{ method: 'PATCH', body: { spec: { size: 3 } } }]);
  });

  test('calls the edit once for each read', async () => {
    const { client } = serverOf();
    let calls = 0;
    await client.ensure(Thing, key, () => void calls++);
    await client.ensure(Thing, key, () => void calls++);
    expect(calls).toBe(2);
  });

  test('the edit must keep the name', async () => {
    const { client, writes } = serverOf();
    const rename = (draft: Thing) => {
      draft.metadata = { ...draft.metadata, name: 'y' };
    };
    await expect(client.ensure(Thing, key, rename)).rejects.toThrow('An edit must keep `metadata.name`');
    expect(writes()).toEqual([]);
  });

  test('what the edit throws passes, and nothing is sent', async () => {
    const { client, writes } = serverOf();
    const fail = () => {
      throw new Error('no');
    };
    await expect(client.ensure(Thing, key, fail)).rejects.toThrow('no');
    expect(writes()).toEqual([]);
  });

  test('`owner` becomes the controller', async () => {
    const { client, writes } = serverOf();
    const owner = {
      apiVersion: 'demo.example.com/v1',
      kind: 'Site',
      metadata: { name: 's', namespace: 'd', uid: 'o' },
    };
    const { object } = await client.ensure(Thing, key, sized(1), { owner });
    expect(controllerOf(object)).toMatchObject({ kind: 'Site', uid: 'o', controller: true });
    expect((await client.ensure(Thing, key, sized(1), { owner })).result).toBe('unchanged');
    expect(writes().length).toBe(1);
  });

  test('call options go along', async () => {
    const { client, writes } = serverOf();
    await client.ensure(Thing, key, sized(1), { dryRun: true, fieldOwner: 'me' });
    await client.ensure(Thing, key, sized(2), { fieldValidation: 'Strict' });
    expect(writes().map(({ query }) => query)).toEqual([
      { dryRun: 'All', fieldManager: 'me' },
      { fieldValidation: 'Strict' },
    ]);
  });
});

describe('ensure with a stale cache', () => {
  const cached = (object: Thing | undefined): Reader => ({
    get: async () => copyOf(object) as never,
    list: async () => [],
  });

  test('goes live when the object exists already', async () => {
    const { cluster, edit, writes } = serverOf();
    edit((thing) => Object.assign(thing, { metadata: key, spec: { size: 1 } }));
    const client = createClient({ cluster, cache: cached(undefined) });
    expect((await client.ensure(Thing, key, sized(2))).result).toBe('updated');
    expect(writes().map(({ method }) => method)).toEqual(['POST', 'PATCH']);
  });

  test('goes live when the object is gone', async () => {
    const { cluster, writes } = serverOf();
    const client = createClient({ cluster, cache: cached({ metadata: key, spec: { size: 1 } }) });
    expect((await client.ensure(Thing, key, sized(2))).result).toBe('created');
    expect(writes().map(({ method }) => method)).toEqual(['PATCH', 'POST']);
  });

  test('goes live once on a conflict, and no further', async () => {
    const cluster = scriptedCluster(({ method }) =>
      method === 'GET' ? { body: { metadata: key } } : failure(409, 'Conflict'),
    );
    await expect(createClient({ cluster }).ensure(Thing, key, sized(2))).rejects.toMatchObject({ isConflict: true });
    expect(cluster.requests.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET', 'PATCH']);
  });

  test('a kind that is not served is an error at once', async () => {
    const cluster = scriptedCluster(() => ({ status: 404, body: '404 page not found' }));
    await expect(createClient({ cluster }).ensure(Thing, key, sized(2))).rejects.toMatchObject({ isNotServed: true });
    expect(cluster.requests.length).toBe(1);
  });
});

describe.each([true, false])('ensure with an edit that drops defaults (generation: %s)', (withGeneration) => {
  test('writes nothing after the create', async () => {
    const { client, writes } = serverOf({ withGeneration });
    await client.ensure(Thing, key, short);
    for (let pass = 0; pass < 5; pass++) expect((await client.ensure(Thing, key, short)).result).toBe('unchanged');
    expect(writes().length).toBe(1);
  });

  test('writes once to an object that it did not make', async () => {
    const { client, edit, writes } = serverOf({ withGeneration });
    edit((thing) => Object.assign(thing, { metadata: key, spec: { parts: [{ name: 'web', image: 'web:1' }] } }));
    const results: string[] = [];
    for (let pass = 0; pass < 5; pass++) results.push((await client.ensure(Thing, key, short)).result);
    expect(results).toEqual(['updated', 'unchanged', 'unchanged', 'unchanged', 'unchanged']);
    expect(writes().length).toBe(1);
  });

  test.each<[string, (thing: Thing) => void]>([
    ['a default', (thing) => Object.assign(thing.spec?.parts?.[0] ?? {}, { pullPolicy: 'Never' })],
    ['the image', (thing) => Object.assign(thing.spec?.parts?.[0] ?? {}, { image: 'evil:1' })],
    ['the list', (thing) => thing.spec?.parts?.push({ name: 'sidecar' })],
  ])('writes once more when another writer changes %s', async (_what, change) => {
    const server = serverOf({ withGeneration });
    await server.client.ensure(Thing, key, short);
    for (let round = 0; round < 3; round++) {
      server.edit(change);
      expect((await server.client.ensure(Thing, key, short)).result).toBe('updated');
      expect(server.stored?.spec?.parts).toEqual([{ name: 'web', image: 'web:1', pullPolicy: 'Always' }]);
      expect((await server.client.ensure(Thing, key, short)).result).toBe('unchanged');
    }
    expect(server.writes().length).toBe(4);
  });

  test('a label that another writer takes away comes back, though the generation stays', async () => {
    const { client, edit, writes } = serverOf({ withGeneration });
    const labelled = (draft: Thing) => {
      short(draft);
      draft.metadata = { ...draft.metadata, labels: { app: 'web' } };
    };
    await client.ensure(Thing, key, labelled);
    edit((thing) => void delete thing.metadata?.labels);
    expect((await client.ensure(Thing, key, labelled)).result).toBe('updated');
    expect((await client.ensure(Thing, key, labelled)).result).toBe('unchanged');
    expect(writes().length).toBe(2);
  });

  test('changes elsewhere in the object, such as of the status, need no write', async () => {
    const { client, edit, writes } = serverOf({ withGeneration });
    await client.ensure(Thing, key, short);
    edit((thing) => Object.assign(thing, { status: { phase: 'Up' } }));
    expect((await client.ensure(Thing, key, short)).result).toBe('unchanged');
    expect(writes().length).toBe(1);
  });

  test('a deleted default comes back, and is deleted once only', async () => {
    const { client, writes } = serverOf({ withGeneration });
    const bare = (draft: Thing) => void delete draft.spec?.grace;
    await client.ensure(Thing, key, sized(1));
    const results: string[] = [];
    for (let pass = 0; pass < 3; pass++) results.push((await client.ensure(Thing, key, bare)).result);
    expect(results).toEqual(['updated', 'unchanged', 'unchanged']);
    expect(writes().length).toBe(2);
  });

  test('a new wish is sent, and holds', async () => {
    const { client, writes } = serverOf({ withGeneration });
    await client.ensure(Thing, key, short);
    const both = (draft: Thing) => {
      short(draft);
      sized(3)(draft);
    };
    expect((await client.ensure(Thing, key, both)).result).toBe('updated');
    expect((await client.ensure(Thing, key, both)).result).toBe('unchanged');
    expect(writes().length).toBe(2);
  });

  test('an object made again under the name is another', async () => {
    const { client, edit, remove, writes } = serverOf({ withGeneration });
    await client.ensure(Thing, key, short);
    remove();
    edit((thing) => Object.assign(thing, { metadata: key, spec: { parts: [{ name: 'web', image: 'web:1' }] } }));
    expect((await client.ensure(Thing, key, short)).result).toBe('updated');
    expect(writes().length).toBe(2);
  });

  test('a dry run is not remembered; clients of `with` remember together', async () => {
    const { client, edit, writes } = serverOf({ withGeneration });
    edit((thing) => Object.assign(thing, { metadata: key, spec: { parts: [{ name: 'web', image: 'web:1' }] } }));
    await client.ensure(Thing, key, short, { dryRun: true });
    expect((await client.with({ fieldOwner: 'me' }).ensure(Thing, key, short)).result).toBe('updated');
    expect((await client.ensure(Thing, key, short)).result).toBe('unchanged');
    expect(writes().length).toBe(2);
  });
});
