import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClient } from '../../src/runtime/client/index.js';
import type { Client } from '../../src/runtime/client/types.js';
import type { Cluster, ClusterRequest } from '../../src/runtime/cluster.js';
import { type Condition, setCondition } from '../../src/runtime/conditions.js';
import { defineResource } from '../../src/runtime/define.js';
import { createRecorder } from '../../src/runtime/events/recorder.js';
import { dropFinalizer, putFinalizer } from '../../src/runtime/finalizers.js';
import { createLogger } from '../../src/runtime/log.js';
import type { K8sObject } from '../../src/runtime/resource.js';
import { formatLabels } from '../../src/runtime/selectors.js';
import { type Envtest, startEnvtest } from '../../src/testing/index.js';
import { describeWithCluster } from '../support/assets.js';
import { sharedFolder } from '../support/temp.js';

interface ConfigMap extends K8sObject {
  data?: Record<string, string>;
}
interface Widget extends K8sObject {
  spec?: { size?: number; note?: string | null; parts?: { name: string; mode?: string }[] };
  status?: { phase?: string; conditions?: Condition[] };
}
interface Deployment extends K8sObject {
  spec?: { replicas?: number; selector: object; template: { metadata: object; spec: { containers: object[] } } };
}
interface Event extends K8sObject {
  note?: string;
  series?: { count: number };
}

const ConfigMap = defineResource<ConfigMap>({ group: '', version: 'v1', kind: 'ConfigMap' });
const Namespace = defineResource<K8sObject>({ group: '', version: 'v1', kind: 'Namespace', namespaced: false });
const Deployment = defineResource<Deployment>({ group: 'apps', version: 'v1', kind: 'Deployment' });
const Event = defineResource<Event>({ group: 'events.k8s.io', version: 'v1', kind: 'Event' });
const Widget = defineResource<Widget>({ group: 'demo.example.com', version: 'v1', kind: 'Widget' });
const Missing = defineResource<K8sObject>({ group: 'missing.example.com', version: 'v1', kind: 'Nothing' });

const crd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.demo.example.com' },
  spec: {
    group: 'demo.example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', listKind: 'WidgetList', plural: 'widgets', singular: 'widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  size: { type: 'integer' },
                  note: { type: 'string', nullable: true },
                  parts: {
                    type: 'array',
                    items: {
                      type: 'object',
                      properties: { name: { type: 'string' }, mode: { type: 'string', default: 'fast' } },
                    },
                  },
                },
              },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
  },
};

describeWithCluster('the client and an API server', () => {
  let server: Envtest;
  let client: Client;
  let requests: ClusterRequest[];
  let namespace: string;
  let count = 0;

  const cluster: Cluster = {
    request(request) {
      requests.push(request);
      return server.cluster.request(request);
    },
  };
  const writes = () => requests.filter(({ method }) => method !== 'GET').map(({ method }) => method);
  const key = (name: string) => ({ name, namespace });
  const configMap = (name: string, data: Record<string, string> = { a: '1' }): ConfigMap => ({
    metadata: key(name),
    data,
  });

  beforeAll(async () => {
    const file = join(sharedFolder(), 'widgets.json');
    writeFileSync(file, JSON.stringify(crd, undefined, 2));
    server = await startEnvtest({ crdPaths: [file] });
    client = createClient({ cluster });
  }, 60_000);

  afterAll(() => server?.stop());

  beforeEach(async () => {
    namespace = `test-${++count}`;
    requests = [];
    await client.create(Namespace, { metadata: { name: namespace } });
    requests = [];
  });

  describe('objects', () => {
    test('are created, read, updated, listed and deleted', async () => {
      const created = await client.create(ConfigMap, configMap('a'));
      expect(created).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } });
      expect(await client.get(ConfigMap, key('a'))).toEqual(created);
      const updated = await client.update(ConfigMap, { ...created, data: { a: '2' } });
      await expect(client.update(ConfigMap, created)).rejects.toMatchObject({ isConflict: true });
      expect(await client.list(ConfigMap, { namespace, fields: { 'metadata.name': 'a' } })).toEqual([updated]);
      await expect(client.create(ConfigMap, configMap('a'))).rejects.toMatchObject({
        isAlreadyExists: true,
        isConflict: false,
      });
      await client.delete(ConfigMap, updated);
      expect(await client.get(ConfigMap, key('a'))).toBeUndefined();
      await expect(client.delete(ConfigMap, updated)).rejects.toMatchObject({ isNotFound: true, isNotServed: false });
      await client.delete(ConfigMap, updated, { ignoreNotFound: true });
    });

    test('of a kind that is not served are errors, also where the group is', async () => {
      const Lost = defineResource<K8sObject>({ group: 'apps', version: 'v1', kind: 'Nothing' });
      for (const resource of [Missing, Lost]) {
        const calls = [
          () => client.get(resource, key('a')),
          () => client.list(resource),
          () => client.create(resource, configMap('a')),
          () => client.ensure(resource, key('a'), () => {}),
          () => client.delete(resource, key('a'), { ignoreNotFound: true }),
        ];
        for (const each of calls)
          await expect(each()).rejects.toMatchObject({
            isNotServed: true,
            message: expect.stringContaining('serves no'),
          });
      }
      await expect(client.status.update(ConfigMap, configMap('a'))).rejects.toMatchObject({ isNotServed: true });
      await expect(client.create(ConfigMap, { metadata: { name: 'a', namespace: 'none' } })).rejects.toMatchObject({
        isNotServed: false,
      });
    });

    test('are listed in pages, by label, and up to a limit', async () => {
      const names = Array.from({ length: 12 }, (_, index) => `n${String(index).padStart(2, '0')}`);
      for (const name of names)
        await client.create(Widget, { metadata: { ...key(name), labels: { even: String(name.endsWith('0')) } } });
      const listed = await client.list(Widget, { namespace, limit: 5 });
      expect(listed.map(({ kind, metadata }) => `${kind} ${metadata?.name}`)).toEqual(
        names.slice(0, 5).map((name) => `Widget ${name}`),
      );
      expect((await client.list(Widget, { namespace, labels: 'even=true' })).length).toBe(2);
      expect(
        (
          await client.list(Widget, {
            namespace,
            labels: { matchExpressions: [{ key: 'even', operator: 'NotIn', values: ['true'] }] },
          })
        ).length,
      ).toBe(10);
      await client.deleteAll(Widget, { labels: 'even=true' });
      expect((await client.list(Widget, { namespace })).length).toBe(10);
    });

    test('are not stored by a dry run', async () => {
      const dry = client.with({ dryRun: true });
      await dry.create(ConfigMap, configMap('a'));
      expect(await client.get(ConfigMap, key('a'))).toBeUndefined();
      const stored = await client.create(ConfigMap, configMap('a'));
      const edited = await dry.patch(ConfigMap, stored, (draft) => {
        draft.data = { b: '2' };
      });
      expect(edited.data).toEqual({ b: '2' });
      await dry.delete(ConfigMap, stored);
      await dry.deleteAll(ConfigMap, { namespace });
      expect(await client.get(ConfigMap, key('a'))).toEqual(stored);
    });

    test('with unknown fields are refused by a strict validation', async () => {
      const wrong = { metadata: key('a'), spec: { sise: 1 } } as Widget;
      await expect(client.create(Widget, wrong, { fieldValidation: 'Strict' })).rejects.toMatchObject({ code: 400 });
      expect(await client.create(Widget, wrong, { fieldValidation: 'Ignore' })).toMatchObject({ spec: {} });
    });

    test('are deleted under preconditions', async () => {
      const stored = await client.create(ConfigMap, configMap('a'));
      for (const preconditions of [{ uid: 'other' }, { resourceVersion: '1' }])
        await expect(client.delete(ConfigMap, stored, { preconditions })).rejects.toMatchObject({ isConflict: true });
      const { uid = '', resourceVersion = '' } = stored.metadata ?? {};
      await client.delete(ConfigMap, stored, { preconditions: { uid, resourceVersion }, propagation: 'Background' });
      expect(await client.get(ConfigMap, key('a'))).toBeUndefined();
    });
  });

  describe('patches', () => {
    test('of all types', async () => {
      const stored = await client.create(ConfigMap, configMap('a', { a: '1', b: '2' }));
      const edited = await client.patch(ConfigMap, stored, (draft) => {
        draft.data = { a: '1', c: '3' };
      });
      expect(edited.data).toEqual({ a: '1', c: '3' });
      const merged = await client.patch(ConfigMap, stored, { type: 'merge', body: { data: { c: null } } });
      expect(merged.data).toEqual({ a: '1' });
      const strategic = await client.patch(ConfigMap, stored, { type: 'strategic', body: { data: { d: '4' } } });
      expect(strategic.data).toEqual({ a: '1', d: '4' });
      const json = await client.patch(ConfigMap, stored, { type: 'json', body: [{ op: 'remove', path: '/data/d' }] });
      expect(json.data).toEqual({ a: '1' });
    });

    test('a lock that is stale is a conflict, for each type', async () => {
      const stale = await client.create(ConfigMap, configMap('a'));
      await client.patch(ConfigMap, stale, { type: 'merge', body: { data: { b: '2' } } });
      const patches = [
        { type: 'merge', body: { data: { c: '3' } } },
        { type: 'strategic', body: { data: { c: '3' } } },
        { type: 'json', body: [{ op: 'add', path: '/data/c', value: '3' }] },
      ] as const;
      for (const patch of patches)
        await expect(
          client.patch(ConfigMap, stale, structuredClone(patch) as never, { optimisticLock: true }),
        ).rejects.toMatchObject({ isConflict: true });
    });

    test('a strategic patch of a custom resource is answered with 415', async () => {
      const widget = await client.create(Widget, { metadata: key('w') });
      await expect(client.patch(Widget, widget, { type: 'strategic', body: {} })).rejects.toMatchObject({ code: 415 });
    });

    test('an edit that sets what may be null to null removes it once', async () => {
      const widget = await client.create(Widget, { metadata: key('w'), spec: { note: 'x' } });
      const clear = (draft: Widget) => {
        draft.spec = { ...draft.spec, note: null };
      };
      const cleared = await client.patch(Widget, widget, clear);
      expect(cleared.spec?.note ?? null).toBeNull();
      requests = [];
      await client.patch(Widget, cleared, clear);
      expect(requests).toEqual([]);
    });

    test('of the status leave the spec and its generation alone', async () => {
      const widget = await client.create(Widget, { metadata: key('w'), spec: { size: 1 }, status: { phase: 'Lost' } });
      expect(widget.status).toBeUndefined();
      const edit = (draft: Widget) => {
        draft.status ??= {};
        draft.status.conditions ??= [];
        setCondition(draft.status.conditions, {
          type: 'Ready',
          status: 'True',
          reason: 'Up',
          message: '',
          observedGeneration: draft.metadata?.generation,
        });
      };
      const patched = await client.status.patch(Widget, widget, edit);
      expect(patched).toMatchObject({
        metadata: { generation: 1 },
        spec: { size: 1 },
        status: { conditions: [{ observedGeneration: 1 }] },
      });
      requests = [];
      await client.status.patch(Widget, patched, edit);
      expect(requests).toEqual([]);
    });
  });

  describe('apply', () => {
    test('creates, updates, and reports who owns a field', async () => {
      const [mine, theirs] = [client.with({ fieldOwner: 'me' }), client.with({ fieldOwner: 'them' })];
      await mine.apply(ConfigMap, { metadata: key('a'), data: { a: '1' } });
      await theirs.apply(ConfigMap, { metadata: key('a'), data: { b: '2' } });
      await expect(theirs.apply(ConfigMap, { metadata: key('a'), data: { a: '9' } })).rejects.toMatchObject({
        isApplyConflict: true,
        isConflict: false,
      });
      const forced = await theirs.apply(ConfigMap, { metadata: key('a'), data: { a: '9' } }, { force: true });
      expect(forced.data).toEqual({ a: '9' });
      expect((await mine.apply(ConfigMap, { ...forced, metadata: key('a') }, { force: true })).data).toEqual({
        a: '9',
      });
      await client.create(Widget, { metadata: key('w') });
      expect((await mine.status.apply(Widget, { metadata: key('w'), status: { phase: 'Up' } })).status).toEqual({
        phase: 'Up',
      });
    });
  });

  describe('subresources', () => {
    test('scale is read and patched', async () => {
      const deployment = await client.create(Deployment, deploymentOf());
      const scale = client.subresource('scale');
      expect(await scale.get(Deployment, key('web'))).toMatchObject({ kind: 'Scale', spec: { replicas: 1 } });
      await scale.patch(Deployment, deployment, { type: 'merge', body: { spec: { replicas: 3 } } });
      expect(await client.get(Deployment, key('web'))).toMatchObject({ spec: { replicas: 3 } });
    });
  });

  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
  const selector = { matchLabels: { app: 'web' } };
  const deploymentOf = (): Deployment => ({ metadata: key('web'), spec: { selector, template } });

  describe('ensure', () => {
    const edit = (draft: Deployment) => {
      draft.spec ??= { selector, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [] } } };
      draft.spec.template.spec.containers[0] = { name: 'web', image: 'web:1' };
    };

    test('writes a Deployment once, though the edit drops what the API server fills in', async () => {
      const results: string[] = [];
      for (let pass = 0; pass < 4; pass++) results.push((await client.ensure(Deployment, key('web'), edit)).result);
      expect(results).toEqual(['created', 'unchanged', 'unchanged', 'unchanged']);
      expect(writes()).toEqual(['POST']);
    });

    test('patches the Deployment of another writer exactly once, and once for each change of it', async () => {
      const made = await client.create(Deployment, deploymentOf());
      requests = [];
      for (let pass = 0; pass < 4; pass++) await client.ensure(Deployment, key('web'), edit);
      expect(writes()).toEqual(['PATCH']);
      const path = '/spec/template/spec/containers/0/image';
      await client.patch(Deployment, made, { type: 'json', body: [{ op: 'replace', path, value: 'evil:1' }] });
      requests = [];
      for (let pass = 0; pass < 4; pass++) await client.ensure(Deployment, key('web'), edit);
      expect(writes()).toEqual(['PATCH']);
      expect(await client.get(Deployment, key('web'))).toMatchObject({ spec: { template } });
    });

    test('a custom resource with defaults in a list, and a ConfigMap', async () => {
      const parts = (draft: Widget) => {
        draft.spec = { parts: [{ name: 'a' }] };
      };
      const data = (draft: ConfigMap) => {
        draft.data = { a: '1' };
      };
      for (let pass = 0; pass < 3; pass++) {
        await client.ensure(Widget, key('w'), parts);
        await client.ensure(ConfigMap, key('c'), data);
      }
      expect(writes()).toEqual(['POST', 'POST']);
    });
  });

  describe('finalizers', () => {
    const name = 'demo.example.com/clean';

    test('are put and dropped with a test of what was there', async () => {
      const fresh = await client.create(Widget, { metadata: key('w') });
      const kept = await putFinalizer(client, Widget, fresh, name);
      expect(kept.metadata?.finalizers).toEqual([name]);
      await expect(putFinalizer(client, Widget, fresh, 'demo.example.com/other')).rejects.toMatchObject({
        isConflict: true,
      });
      const both = await putFinalizer(client, Widget, kept, 'demo.example.com/other');
      const one = await dropFinalizer(client, Widget, both, name);
      expect(one?.metadata?.finalizers).toEqual(['demo.example.com/other']);
      await expect(dropFinalizer(client, Widget, both, name)).rejects.toMatchObject({ isConflict: true });
    });

    test('hold a deleted object until they are dropped', async () => {
      const kept = await client.create(Widget, { metadata: { ...key('w'), finalizers: [name] } });
      await client.delete(Widget, kept);
      const deleted = await client.get(Widget, key('w'));
      expect(deleted?.metadata?.deletionTimestamp).toBeDefined();
      await expect(putFinalizer(client, Widget, deleted as Widget, 'demo.example.com/late')).rejects.toMatchObject({
        code: 422,
        isConflict: true,
      });
      await dropFinalizer(client, Widget, deleted as Widget, name);
      expect(await client.get(Widget, key('w'))).toBeUndefined();
      expect(await dropFinalizer(client, Widget, deleted as Widget, name)).toBeUndefined();
    });

    test('of an object that was made again under the name stay', async () => {
      const old = await client.create(Widget, { metadata: { ...key('w'), finalizers: [name] } });
      await client.delete(Widget, old);
      await dropFinalizer(client, Widget, old, name);
      const next = await client.create(Widget, { metadata: { ...key('w'), finalizers: [name] } });
      await expect(dropFinalizer(client, Widget, old, name)).rejects.toMatchObject({ isConflict: true });
      await dropFinalizer(client, Widget, next, name);
    });
  });

  describe('events', () => {
    test('are accepted, and equal ones are one series', async () => {
      const lines: string[] = [];
      const log = createLogger({ level: 'debug', write: (line) => void lines.push(line) });
      const recorder = createRecorder({ cluster, controller: 'widget', log });
      const widget = await client.create(Widget, { metadata: key('w') });
      const event = {
        type: 'Normal',
        reason: 'Scaled',
        action: 'Scale',
        note: 'é'.repeat(2000),
        related: widget,
      } as const;
      for (let index = 0; index < 3; index++) recorder.emit(widget, event);
      recorder.emit(
        { apiVersion: 'v1', kind: 'Node', metadata: { name: `node-${namespace}` } },
        { ...event, type: 'Warning' },
      );
      await recorder.stop();
      expect(lines).toEqual([]);
      const [stored, ...others] = await client.list(Event, { namespace });
      expect(others).toEqual([]);
      expect(stored).toMatchObject({
        series: { count: 3 },
        note: 'é'.repeat(512),
        regarding: { name: 'w', kind: 'Widget' },
      });
      const inDefault = await client.list(Event, { namespace: 'default' });
      expect(inDefault.filter(({ metadata }) => metadata?.name?.startsWith(`node-${namespace}.`)).length).toBe(1);
    });

    test('that come apart are created, then patched with the count', async () => {
      const lines: string[] = [];
      const log = createLogger({ level: 'debug', write: (line) => void lines.push(line) });
      const recorder = createRecorder({ cluster, controller: 'widget', log });
      const widget = await client.create(Widget, { metadata: key('w') });
      for (const count of [undefined, 2]) {
        recorder.emit(widget, { type: 'Normal', reason: 'Scaled', action: 'Scale', note: 'n' });
        await expect
          .poll(() => client.list(Event, { namespace }), { timeout: 10_000 })
          .toMatchObject([count ? { series: { count } } : {}]);
      }
      expect(writes().slice(-2)).toEqual(['POST', 'PATCH']);
      await recorder.stop();
      expect(lines).toEqual([]);
    });
  });

  test.each(['a,,b', 'a,', '-a=b', 'a=-b', 'a=b=c', 'A.b/c', 'a IN (b)'])(
    'label selector `%s`: the client and the API server both refuse it',
    async (text) => {
      expect(() => formatLabels(text)).toThrow(TypeError);
      const query = { labelSelector: text };
      const path = '/api/v1/configmaps';
      expect((await server.cluster.request({ method: 'GET', path, query })).status).toBe(400);
    },
  );
});
