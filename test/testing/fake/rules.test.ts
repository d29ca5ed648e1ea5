import { describe, expect, test } from 'vitest';
import { fakeCluster } from '../../../src/testing/fake/index.js';
import { probeCrd, send } from '../../cel/server.js';
import { schema, updates } from '../../cel/updates.js';

const crd = probeCrd('Probe', schema);
const base = '/apis/probe.example.com/v1/probes';
const objectWith = (spec: unknown, resourceVersion?: string) => ({
  apiVersion: 'probe.example.com/v1',
  kind: 'Probe',
  metadata: { name: 'x', ...(resourceVersion && { resourceVersion }) },
  spec,
});

/** Of the updates, those whose old object keeps the rules itself, so that it can be created. */
const possible = updates.filter(({ claim }) => !/tolerated|as a whole/.test(claim));

describe('the fake cluster asks the rules of a CRD', () => {
  test.each(possible)('$claim', async ({ old, object, expected }) => {
    const cluster = fakeCluster({ crds: [crd as never] });
    let answer: Awaited<ReturnType<typeof send>>;
    if (old === undefined) answer = await send(cluster, 'POST', base, objectWith(object));
    else {
      const { resourceVersion } = await send(cluster, 'POST', base, objectWith(old));
      answer = await send(cluster, 'PUT', `${base}/x`, objectWith(object, resourceVersion));
    }
    expect(answer.status, answer.message).toBe(expected.length > 0 ? 422 : old === undefined ? 201 : 200);
    expect(answer.causes.map(({ field, message }) => `${field}: ${message}`).sort()).toEqual([...expected].sort());
  });
});
