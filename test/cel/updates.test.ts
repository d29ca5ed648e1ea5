import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { JsonSchema } from '../../src/crd/crd.js';
import type { Json } from '../../src/ir/schema.js';
import type { JsonObject } from '../../src/json.js';
import type { Cluster } from '../../src/runtime/cluster.js';
import { validateObject } from '../../src/validate/object.js';
import { describeWithCluster } from '../support/assets.js';
import { probeCrd, send, startWith } from './server.js';
import { schema, updates } from './updates.js';

vi.setConfig({ testTimeout: 60_000 });

const objectWith = (spec: Json, version = 'v1'): JsonObject => ({
  apiVersion: `probe.example.com/${version}`,
  kind: 'Probe',
  metadata: { name: 'x' },
  spec,
});

describe('opgen says of an update', () => {
  const root: JsonSchema = { type: 'object', properties: { spec: schema } };

  test.each(updates)('$claim', ({ old, object, expected }) => {
    const findings = validateObject(root, objectWith(object), old === undefined ? undefined : objectWith(old));
    expect(findings.map(({ path, message }) => `${path}: ${message}`).sort()).toEqual([...expected].sort());
  });
});

/** Old objects are written in a version that lets everything pass. */
function crdWithLooseVersion(): JsonObject {
  const strict = probeCrd('Probe', schema) as { spec: { versions: JsonObject[] } };
  const spec = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const loose = { openAPIV3Schema: { type: 'object', properties: { spec } } };
  const versions = [
    { ...strict.spec.versions[0], storage: false },
    { name: 'v2', served: true, storage: true, schema: loose },
  ];
  return { ...strict, spec: { ...strict.spec, versions } } as JsonObject;
}

describeWithCluster('the API server says the same of an update', () => {
  let server: { cluster: Cluster; stop(): Promise<void> };

  beforeAll(async () => {
    server = await startWith([crdWithLooseVersion()]);
  }, 120_000);
  afterAll(() => server?.stop());

  const answerTo = async (index: number) => {
    const { old, object } = updates[index]!;
    const base = '/apis/probe.example.com';
    const named = (spec: Json, version: string, resourceVersion?: string) => ({
      ...objectWith(spec, version),
      metadata: { name: `x${index}`, ...(resourceVersion && { resourceVersion }) },
    });
    if (old === undefined) return send(server.cluster, 'POST', `${base}/v1/probes`, named(object, 'v1'));
    const before = await send(server.cluster, 'POST', `${base}/v2/probes`, named(old, 'v2'));
    return send(server.cluster, 'PUT', `${base}/v1/probes/x${index}`, named(object, 'v1', before.resourceVersion));
  };

  test.each(updates.map((update, index) => ({ ...update, index })))('$claim', async ({ index, expected }) => {
    const { status, message, causes } = await answerTo(index);
    expect(status, message).toBe(expected.length > 0 ? 422 : updates[index]!.old === undefined ? 201 : 200);
    expect(causes.map((cause) => `${cause.field}: ${cause.message}`).sort()).toEqual([...expected].sort());
  });
});
