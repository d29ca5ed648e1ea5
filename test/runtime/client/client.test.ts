import { describe, expect, test } from 'vitest';
import { createClient } from '../../../src/runtime/client/index.js';
import type { Client, Reader } from '../../../src/runtime/client/types.js';
import { defineResource } from '../../../src/runtime/define.js';
import { ApiError } from '../../../src/runtime/errors.js';
import { freezeDeep } from '../../../src/runtime/json.js';
import type { K8sObject } from '../../../src/runtime/resource.js';
import { failure, notFound, scriptedCluster, unfit } from '../../support/scripted.js';

interface Thing extends K8sObject {
  spec?: { size?: number; list?: object[] };
  status?: { phase?: string };
}

const Thing = defineResource<Thing>({ group: 'demo.example.com', version: 'v1', kind: 'Thing' });
const Zone = defineResource<Thing>({ group: '', version: 'v1', kind: 'Zone', namespaced: false });
const place = '/apis/demo.example.com/v1/namespaces/d/things';
const key = { name: 'x', namespace: 'd' };
const thing = (rest: Partial<Thing> = {}): Thing => ({
  apiVersion: 'demo.example.com/v1',
  kind: 'Thing',
  metadata: { ...key, uid: 'u', resourceVersion: '7' },
  spec: { size: 1 },
  ...rest,
});

/** A client that is answered the same always, and its requests. */
function clientFor(answer: Parameters<typeof scriptedCluster>[0], options: object = {}) {
  const cluster = scriptedCluster(answer);
  return { client: createClient({ cluster, ...options }), requests: cluster.requests };
}

const unserved = { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found\n' };

describe('get', () => {
  test('gives the object', async () => {
    const { client, requests } = clientFor(() => ({ body: thing() }));
    expect(await client.get(Thing, key)).toEqual(thing());
    expect(requests).toMatchObject([{ method: 'GET', path: `${place}/x` }]);
  });

  test('a missing object is undefined', async () => {
    const { client } = clientFor(() => notFound);
    expect(await client.get(Thing, key)).toBeUndefined();
  });

  test.each([
    ['group', unserved],
    [
      'resource',
      failure(404, 'NotFound', { message: 'the server could not find the requested resource', details: {} }),
    ],
  ])('a missing %s is an error that says so', async (_what, answer) => {
    const { client } = clientFor(() => answer);
    const error = await client.get(Thing, key).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 404, isNotServed: true, isNotFound: true });
    expect(String(error)).toContain('serves no `things.demo.example.com` in the version v1: install its CRD');
  });

  test('other failures are errors', async () => {
    const { client } = clientFor(() => failure(403, 'Forbidden'));
    await expect(client.get(Thing, key)).rejects.toMatchObject({ code: 403, isForbidden: true });
  });

  test('a key without what the kind needs is an error, and nothing is sent', async () => {
    const { client, requests } = clientFor(() => ({}));
    await expect(client.get(Thing, { name: 'x' })).rejects.toThrow('lives in a namespace');
    await expect(client.get(Zone, { name: '' })).rejects.toThrow('no name');
    await expect(client.get(Zone, { name: '..' })).rejects.toThrow('must not be `..`');
    expect(requests).toEqual([]);
  });

  test('an answer that is not JSON says where it came from', async () => {
    const { client } = clientFor(() => ({ body: '<html>' }));
    await expect(client.get(Thing, key)).rejects.toThrow(
      `The answer to GET ${place}/x must be JSON, but is \`<html>\``,
    );
  });
});

describe('list', () => {
  const items = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({ metadata: { name: `n${from + index}` } }));

  test('goes through the pages, and stamps apiVersion and kind on the items', async () => {
    const { client, requests } = clientFor(({ query }) =>
      query?.continue
        ? { body: { items: items(500, 501) } }
        : { body: { metadata: { continue: 'c' }, items: items(0, 500) } },
    );
    const all = await client.list(Thing, {
      namespace: 'd',
      labels: { matchLabels: { a: 'b' } },
      fields: { 'metadata.name': 'x' },
    });
    expect(all.length).toBe(501);
    expect(all[500]).toEqual({ apiVersion: 'demo.example.com/v1', kind: 'Thing', metadata: { name: 'n500' } });
    const selectors = { labelSelector: 'a=b', fieldSelector: 'metadata.name=x', limit: '500' };
    expect(requests.map(({ query }) => query)).toEqual([selectors, { ...selectors, continue: 'c' }]);
  });

  test('a limit bounds objects and pages', async () => {
    const { client, requests } = clientFor(({ query }) => ({
      body: { metadata: { continue: 'c' }, items: items(0, Number(query?.limit)) },
    }));
    expect((await client.list(Thing, { limit: 501 })).length).toBe(501);
    expect(requests.map(({ query }) => query?.limit)).toEqual(['500', '1']);
    expect(requests[0]?.path).toBe('/apis/demo.example.com/v1/things');
  });

  test.each([0, -1, 1.5, Number.NaN])(
    'a limit of %s is a mistake, from the cache too, and nothing is sent',
    async (limit) => {
      const cache: Reader = { get: async () => undefined, list: async () => [] };
      const { client, requests } = clientFor(() => ({}), { cache });
      const message = `The \`limit\` of a list must be a whole number from 1 on, but is ${limit}`;
      await expect(client.list(Thing, { limit })).rejects.toThrow(message);
      await expect(client.live.list(Thing, { limit })).rejects.toThrow(message);
      expect(requests).toEqual([]);
    },
  );

  test('pages that go round in a circle end', async () => {
    const { client, requests } = clientFor((_request, index) => ({
      body: { metadata: { continue: String(index % 3) }, items: items(0, 1) },
    }));
    await expect(client.list(Thing)).rejects.toThrow('The pages of a list must go on, but one leads back');
    expect(requests).toHaveLength(4);
  });

  test('a page token that is too old starts over once, in one piece', async () => {
    const { client, requests } = clientFor(({ query }) => {
      if (query?.continue) return failure(410, 'Expired');
      return query?.limit
        ? { body: { metadata: { continue: 'c' }, items: items(0, 500) } }
        : { body: { items: items(0, 600) } };
    });
    expect((await client.list(Thing)).length).toBe(600);
    expect(requests.map(({ query }) => query)).toEqual([{ limit: '500' }, { limit: '500', continue: 'c' }, {}]);
  });

  test('410 on the first page is an error', async () => {
    const { client, requests } = clientFor(() => failure(410, 'Expired'));
    await expect(client.list(Thing)).rejects.toMatchObject({ isGone: true });
    expect(requests.length).toBe(1);
  });

  test('no items is no objects', async () => {
    const { client } = clientFor(() => ({ body: { items: null } }));
    expect(await client.list(Thing)).toEqual([]);
  });
});

describe('reads through a cache', () => {
  const cached = thing({ spec: { size: 5 } });
  const cache: Reader = {
    get: async () => cached as never,
    list: async () => [cached] as never,
  };

  test('the cache answers; `live` and uncached kinds go to the API server', async () => {
    const { client, requests } = clientFor(() => ({ body: { items: [] } }), { cache, uncached: [Zone] });
    expect(await client.get(Thing, key)).toBe(cached);
    expect(await client.list(Thing)).toEqual([cached]);
    expect(requests).toEqual([]);
    await client.live.list(Thing);
    await client.list(Zone);
    await client.with({ dryRun: true }).list(Zone);
    expect(requests.map(({ path }) => path)).toEqual([
      '/apis/demo.example.com/v1/things',
      '/api/v1/zones',
      '/api/v1/zones',
    ]);
  });
});

describe('create', () => {
  test('posts with type and query, and leaves the argument alone', async () => {
    const { client, requests } = clientFor(() => ({ status: 201, body: thing() }));
    const object: Thing = freezeDeep({ metadata: { ...key }, spec: { size: 2 } });
    const options = { dryRun: true, fieldOwner: 'me', fieldValidation: 'Strict' } as const;
    expect(await client.create(Thing, object, options)).toEqual(thing());
    expect(requests).toEqual([
      {
        method: 'POST',
        path: place,
        query: { dryRun: 'All', fieldManager: 'me', fieldValidation: 'Strict' },
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: { ...object, apiVersion: 'demo.example.com/v1', kind: 'Thing' },
      },
    ]);
  });

  test('needs a name or generateName, and a namespace', async () => {
    const { client, requests } = clientFor(() => ({ body: thing() }));
    await expect(client.create(Thing, { metadata: { namespace: 'd' } })).rejects.toThrow('generateName');
    await expect(client.create(Thing, { metadata: { name: 'x' } })).rejects.toThrow('metadata.namespace');
    await client.create(Zone, { metadata: { generateName: 'z-' } });
    expect(requests.map(({ path }) => path)).toEqual(['/api/v1/zones']);
  });

  test('into a kind that is not served is an error that says so', async () => {
    const { client } = clientFor(() => unserved);
    await expect(client.create(Thing, thing())).rejects.toThrow('install its CRD');
  });
});

describe('update', () => {
  test('puts the object', async () => {
    const { client, requests } = clientFor(() => ({ body: thing() }));
    await client.update(Thing, { metadata: { ...key, resourceVersion: '7' } }, { fieldOwner: 'me' });
    await client.status.update(Thing, thing({ status: { phase: 'Up' } }));
    expect(requests).toMatchObject([
      { method: 'PUT', path: `${place}/x`, query: { fieldManager: 'me' }, body: { kind: 'Thing' } },
      { method: 'PUT', path: `${place}/x/status`, body: { status: { phase: 'Up' } } },
    ]);
  });
});

describe('patch', () => {
  test('an edit becomes the smallest merge patch; the object stays as it was', async () => {
    const { client, requests } = clientFor(() => ({ body: thing({ spec: { size: 2 } }) }));
    const before = freezeDeep(thing());
    const after = await client.patch(Thing, before, (draft) => {
      draft.spec = { ...draft.spec, size: 2 };
    });
    expect(after.spec).toEqual({ size: 2 });
    expect(requests).toMatchObject([
      { method: 'PATCH', path: `${place}/x`, headers: { 'content-type': 'application/merge-patch+json' } },
    ]);
    expect(requests[0]?.body).toEqual({ spec: { size: 2 } });
  });

  test('an edit without effect sends nothing, and gives a copy', async () => {
    const { client, requests } = clientFor(() => ({}));
    const before = thing();
    const after = await client.patch(Thing, before, () => {}, { optimisticLock: true });
    expect(after).toEqual(before);
    expect(after).not.toBe(before);
    expect(requests).toEqual([]);
  });

  test('optimisticLock adds the resource version to each kind of patch', async () => {
    const { client, requests } = clientFor(() => ({ body: thing() }));
    const lock = { optimisticLock: true };
    await client.patch(Thing, thing(), (draft) => void delete draft.spec?.size, lock);
    await client.patch(Thing, thing(), { type: 'strategic', body: { metadata: { labels: { a: 'b' } } } }, lock);
    await client.patch(Thing, thing(), { type: 'json', body: [{ op: 'remove', path: '/spec' }] }, lock);
    expect(requests.map(({ body }) => body)).toEqual([
      { spec: { size: null }, metadata: { resourceVersion: '7' } },
      { metadata: { labels: { a: 'b' }, resourceVersion: '7' } },
      [
        { op: 'test', path: '/metadata/resourceVersion', value: '7' },
        { op: 'remove', path: '/spec' },
      ],
    ]);
    expect(requests.map(({ headers }) => headers?.['content-type'])).toEqual([
      'application/merge-patch+json',
      'application/strategic-merge-patch+json',
      'application/json-patch+json',
    ]);
    await expect(client.patch(Thing, { metadata: key }, { type: 'merge', body: {} }, lock)).rejects.toThrow(
      '`optimisticLock` needs `metadata.resourceVersion`',
    );
  });

  test('of the status sends only what lies below status', async () => {
    const { client, requests } = clientFor(() => ({ body: thing() }));
    const edit = (draft: Thing) => {
      draft.status = { phase: 'Up' };
    };
    await client.status.patch(Thing, thing(), edit, { optimisticLock: true });
    await client.status.patch(Thing, thing({ status: { phase: 'Up' } }), edit);
    await client.status.patch(Thing, thing({ status: { phase: 'Up' } }), (draft) => void delete draft.status);
    expect(requests.map(({ path, body }) => ({ path, body }))).toEqual([
      { path: `${place}/x/status`, body: { status: { phase: 'Up' }, metadata: { resourceVersion: '7' } } },
      { path: `${place}/x/status`, body: { status: null } },
    ]);
  });

  test('of the status refuses an edit of anything else', async () => {
    const { client, requests } = clientFor(() => ({ body: thing() }));
    const edit = (draft: Thing) => {
      draft.spec = { size: 9 };
      draft.status = { phase: 'Up' };
    };
    await expect(client.status.patch(Thing, thing(), edit)).rejects.toThrow('but it changes `spec`');
    expect(requests).toEqual([]);
  });

  test.each(['name', 'namespace'] as const)('an edit must keep the %s', async (member) => {
    const { client, requests } = clientFor(() => ({}));
    const edit = (draft: Thing) => {
      draft.metadata = { ...draft.metadata, [member]: 'other' };
    };
    await expect(client.patch(Thing, thing(), edit)).rejects.toThrow(`An edit must keep \`metadata.${member}\``);
    expect(requests).toEqual([]);
  });

  test('an asynchronous edit is an error, also when it rejects', async () => {
    const { client, requests } = clientFor(() => ({}));
    const edit = async () => {
      throw new Error('later');
    };
    await expect(client.patch(Thing, thing(), edit)).rejects.toThrow('An edit must be synchronous');
    expect(requests).toEqual([]);
  });

  test('a JSON patch that does not fit is a conflict, an invalid object is none', async () => {
    const patch = { type: 'json', body: [{ op: 'test', path: '/spec/size', value: 2 }] } as const;
    const refused = clientFor(() => unfit);
    await expect(refused.client.patch(Thing, thing(), { ...patch, body: [...patch.body] })).rejects.toMatchObject({
      isConflict: true,
    });
    const invalid = clientFor(() =>
      failure(422, 'Invalid', { details: { name: 'x', kind: 'Thing', causes: [{ field: 'spec' }] } }),
    );
    await expect(invalid.client.patch(Thing, thing(), { ...patch, body: [...patch.body] })).rejects.toMatchObject({
      isConflict: false,
    });
  });
});

describe('apply', () => {
  test('sends the object with its owner, but neither managed fields nor field validation', async () => {
    const { client, requests } = clientFor(() => ({ body: thing() }));
    const object = { metadata: { ...key, managedFields: [{}] }, spec: { size: 1 } };
    await client.with({ fieldOwner: 'me', fieldValidation: 'Strict' }).apply(Thing, object, { force: true });
    await client.status.apply(Thing, object, { fieldOwner: 'you' });
    expect(requests).toMatchObject([
      { method: 'PATCH', path: `${place}/x`, query: { fieldManager: 'me', force: 'true' } },
      { path: `${place}/x/status`, query: { fieldManager: 'you' } },
    ]);
    expect(requests[0]?.query).toEqual({ fieldManager: 'me', force: 'true' });
    expect(requests[0]?.headers?.['content-type']).toBe('application/apply-patch+yaml');
    expect(requests[0]?.body).toEqual({
      apiVersion: 'demo.example.com/v1',
      kind: 'Thing',
      metadata: key,
      spec: { size: 1 },
    });
  });

  test('takes an object as it was read, and refuses one without a name', async () => {
    const { client } = clientFor(() => ({ body: thing() }));
    const read = await client.apply(Thing, thing(), { fieldOwner: 'me' });
    expect(await client.apply(Thing, read, { fieldOwner: 'me' })).toEqual(read);
    await expect(client.apply(Thing, { ...read, metadata: {} }, { fieldOwner: 'me' })).rejects.toThrow('metadata.name');
  });

  test('needs a field owner', async () => {
    const { client, requests } = clientFor(() => ({}));
    await expect(client.apply(Thing, { metadata: key })).rejects.toThrow('pass `fieldOwner`');
    expect(requests).toEqual([]);
  });
});

describe('delete', () => {
  test('sends its options in the body', async () => {
    const { client, requests } = clientFor(() => ({ body: { kind: 'Status' } }));
    const preconditions = { uid: 'u', resourceVersion: '7' };
    await client.delete(Thing, thing(), { propagation: 'Foreground', preconditions, dryRun: true });
    await client.delete(Thing, key);
    expect(requests).toMatchObject([{ method: 'DELETE', path: `${place}/x` }, { path: `${place}/x` }]);
    expect(requests[0]?.body).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Foreground',
      preconditions,
      dryRun: ['All'],
    });
  });

  test('ignoreNotFound takes a missing object, not a missing kind', async () => {
    const missing = clientFor(() => notFound).client;
    await missing.delete(Thing, key, { ignoreNotFound: true });
    await expect(missing.delete(Thing, key)).rejects.toMatchObject({ isNotFound: true });
    const { client } = clientFor(() => unserved);
    await expect(client.delete(Thing, key, { ignoreNotFound: true })).rejects.toMatchObject({ isNotServed: true });
  });

  test('deleteAll clears a namespace, or each that has objects', async () => {
    const { client, requests } = clientFor(({ method }) =>
      method === 'GET'
        ? { body: { items: ['a', 'b', 'a'].map((namespace) => ({ metadata: { name: 'x', namespace } })) } }
        : {},
    );
    await client.deleteAll(Thing, { namespace: 'd', labels: 'a=b' });
    await client.deleteAll(Thing, {});
    await client.deleteAll(Zone, {});
    expect(requests.map(({ method, path, query }) => [method, path, query?.labelSelector])).toEqual([
      ['DELETE', place, 'a=b'],
      ['GET', '/apis/demo.example.com/v1/things', undefined],
      ['DELETE', '/apis/demo.example.com/v1/namespaces/a/things', undefined],
      ['DELETE', '/apis/demo.example.com/v1/namespaces/b/things', undefined],
      ['DELETE', '/api/v1/zones', undefined],
    ]);
  });
});

test('deleteAll has no limit: a limit of a list does not hold for what is deleted', async () => {
  const { client, requests } = clientFor(({ method }) =>
    method === 'GET'
      ? { body: { items: ['a', 'b'].map((namespace) => ({ metadata: { name: 'x', namespace } })) } }
      : {},
  );
  await client.deleteAll(Thing, { limit: 1 });
  expect(requests.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
  expect(requests[0]?.query?.limit).not.toBe('1');
});

describe('subresource', () => {
  test('reads, creates and writes below the object', async () => {
    const { client, requests } = clientFor(() => ({ body: { spec: { replicas: 1 } } }));
    const scale = client.with({ dryRun: true }).subresource('scale');
    expect(await scale.get(Thing, key)).toEqual({ spec: { replicas: 1 } });
    await scale.create(Thing, key, { a: 1 });
    await scale.patch(Thing, thing(), { type: 'merge', body: { spec: { replicas: 2 } } });
    expect(requests.map(({ method, path, query }) => [method, path, query])).toEqual([
      ['GET', `${place}/x/scale`, undefined],
      ['POST', `${place}/x/scale`, { dryRun: 'All' }],
      ['PATCH', `${place}/x/scale`, { dryRun: 'All' }],
    ]);
  });

  test('one that is not served is an error that says so', async () => {
    const { client } = clientFor(() => unserved);
    await expect(client.status.update(Thing, thing())).rejects.toThrow(
      'serves no `status` of `things.demo.example.com`',
    );
  });
});

test('reads and creates of a subresource take the options of a call', async () => {
  const { client, requests } = clientFor(() => ({ body: {} }));
  const { signal } = new AbortController();
  const sub = client.with({ fieldOwner: 'me' }).subresource('proxy/a b/../x');
  await expect(sub.get(Thing, key)).rejects.toThrow('must not be `..`');
  await expect(client.subresource('').get(Thing, key)).rejects.toThrow('A subresource is named');
  await client.subresource('proxy/a b?').get(Thing, key, { signal });
  await client.with({ fieldOwner: 'me' }).subresource('eviction').create(Thing, key, {}, { dryRun: true, signal });
  await client.scale.get(Thing, key, { signal });
  expect(requests.map((each) => [each.path, each.query, each.signal])).toEqual([
    [`${place}/x/proxy/a%20b%3F`, undefined, signal],
    [`${place}/x/eviction`, { dryRun: 'All', fieldManager: 'me' }, signal],
    [`${place}/x/scale`, undefined, signal],
  ]);
});

describe('scale', () => {
  const body = { spec: { replicas: 3 }, status: { replicas: 2, selector: 'app=web' } };

  test('is read and set', async () => {
    const { client, requests } = clientFor(() => ({ body }));
    expect(await client.scale.get(Thing, key)).toEqual({ replicas: 3, current: 2, selector: 'app=web' });
    await client.scale.set(Thing, key, 3, { dryRun: true });
    expect(requests.map(({ method, path, query, body }) => [method, path, query, body])).toEqual([
      ['GET', `${place}/x/scale`, undefined, undefined],
      ['PATCH', `${place}/x/scale`, { dryRun: 'All' }, { spec: { replicas: 3 } }],
    ]);
  });

  test('of nothing yet is zero', async () => {
    const { client } = clientFor(() => ({ body: { spec: {}, status: {} } }));
    expect(await client.scale.get(Thing, key)).toEqual({ replicas: 0, current: 0, selector: '' });
  });

  test.each([-1, 1.5, Number.NaN])('%d replicas are a mistake, and nothing is sent', async (replicas) => {
    const { client, requests } = clientFor(() => ({ body }));
    await expect(client.scale.set(Thing, key, replicas)).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  });
});

test.each([-1, 1.5, Number.NaN])('%s seconds to end are a mistake, and nothing is sent', async (gracePeriodSeconds) => {
  const { client, requests } = clientFor(() => ({}));
  const message = `\`gracePeriodSeconds\` must be a whole number from 0 on, but is ${gracePeriodSeconds}`;
  await expect(client.delete(Thing, key, { gracePeriodSeconds })).rejects.toThrow(message);
  await expect(client.deleteAll(Thing, { gracePeriodSeconds })).rejects.toThrow(message);
  expect(requests).toEqual([]);
});

test('an object with a member `name` of its own is deleted by its metadata', async () => {
  const { client, requests } = clientFor(() => ({}));
  await client.delete(Thing, { ...thing(), name: 'other' } as Thing);
  expect(requests[0]?.path).toBe(`${place}/x`);
});

test('a delete may say how long an object has to end, also a delete of many', async () => {
  const { client, requests } = clientFor(() => ({}));
  await client.delete(Thing, key, { gracePeriodSeconds: 0 });
  await client.deleteAll(Thing, { namespace: 'default', gracePeriodSeconds: 5, propagation: 'Orphan' });
  expect(requests.map(({ body }) => body)).toEqual([
    { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0 },
    { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 5, propagationPolicy: 'Orphan' },
  ]);
});

describe('with', () => {
  test('defaults hold for each call, which may say otherwise', async () => {
    const { client, requests } = clientFor(() => ({ body: thing() }));
    const dry: Client = client.with({ dryRun: true }).with({ fieldOwner: 'me' });
    await dry.update(Thing, thing());
    await dry.update(Thing, thing(), { dryRun: false, fieldOwner: 'you' });
    await client.update(Thing, thing());
    expect(requests.map(({ query }) => query)).toEqual([
      { dryRun: 'All', fieldManager: 'me' },
      { fieldManager: 'you' },
      {},
    ]);
  });

  test('the signal of the call, or of the client, goes along', async () => {
    const { client, requests } = clientFor(() => ({ body: thing() }));
    const [own, other] = [new AbortController().signal, new AbortController().signal];
    await client.with({ signal: own }).live.get(Thing, key);
    await client.with({ signal: own }).update(Thing, thing(), { signal: other });
    expect(requests[0]?.signal).toBe(own);
    expect(requests[1]?.signal).toBe(other);
  });
});
