import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createClient } from '../../../src/runtime/client/index.js';
import type { Cluster } from '../../../src/runtime/cluster.js';
import { type Connected, connect } from '../../../src/runtime/connect.js';
import { owned } from '../../../src/runtime/controller/sources.js';
import type { Controller } from '../../../src/runtime/controller/types.js';
import { createManager } from '../../../src/runtime/manager/index.js';
import { type Envtest, startEnvtest } from '../../../src/testing/envtest.js';
import { describeWithCluster } from '../../support/assets.js';
import { recordingLogger } from '../../support/log.js';
import { sharedFolder } from '../../support/temp.js';
import { ConfigMap, key, Widget, type WidgetObject, widget } from '../../support/widget.js';

const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const crd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.test.example.com' },
  spec: {
    group: 'test.example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', listKind: 'WidgetList', plural: 'widgets', singular: 'widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: schema, status: schema } } },
      },
    ],
  },
};

describeWithCluster('on a real API server', () => {
  let env: Envtest;
  let connected: Connected;

  beforeAll(async () => {
    const folder = sharedFolder();
    writeFileSync(join(folder, 'crd.json'), JSON.stringify(crd, null, 2));
    env = await startEnvtest({ crdPaths: [join(folder, 'crd.json')] });
    writeFileSync(join(folder, 'kubeconfig'), env.kubeconfig);
    connected = connect({ kubeconfig: join(folder, 'kubeconfig') });
  }, 60_000);

  afterAll(async () => {
    connected?.close();
    await env?.stop();
  });

  test('a change makes three reconciles and two writes at the most, and a restart none', async () => {
    const live = createClient({ cluster: connected.cluster });
    const writes: string[] = [];
    const cluster: Cluster = {
      request(request) {
        if (request.method !== 'GET') writes.push(`${request.method} ${request.path.split('/').slice(-2).join('/')}`);
        return connected.cluster.request(request);
      },
    };
    const seen: string[] = [];
    const cleanup = vi.fn(async () => {});
    const controller: Controller<WidgetObject> = {
      for: Widget,
      sources: [owned(ConfigMap)],
      finalizer: { name: 'test.example.com/cleanup', cleanup },
      async reconcile({ object, key, client, patchStatus, events }) {
        seen.push(key.name);
        const size = object.spec?.size ?? 0;
        const edit = (draft: { data?: Record<string, string> }): void => {
          draft.data = { size: String(size) };
        };
        const { result } = await client.ensure(ConfigMap, key, edit, { owner: object });
        if (result === 'created')
          events.emit(object, { type: 'Normal', reason: 'Created', action: 'Create', note: 'a ConfigMap' });
        await patchStatus((draft) => {
          draft.status = { size };
        });
      },
    };
    const run = () => {
      const { log, lines } = recordingLogger();
      const stop = new AbortController();
      const ended = createManager({ cluster, log }).add(controller).start(stop.signal);
      ended.catch(() => {});
      return {
        lines,
        end: () => {
          stop.abort();
          return ended;
        },
      };
    };
    const status = async () => (await live.get(Widget, key('a')))?.status;
    /** Events of the own writes have come by then. */
    const rest = () => new Promise((resolve) => setTimeout(resolve, 300));

    const first = run();
    await live.create(Widget, widget('a', 1));
    await vi.waitFor(async () => expect(await status()).toEqual({ size: 1 }), { timeout: 10_000 });
    await rest();
    seen.length = writes.length = 0;
    await live.patch(Widget, widget('a'), { type: 'merge', body: { spec: { size: 2 } } });
    await vi.waitFor(async () => expect(await status()).toEqual({ size: 2 }), { timeout: 10_000 });
    await rest();
    expect(seen.length).toBeLessThanOrEqual(3);
    expect(writes).toEqual(['PATCH configmaps/a', 'PATCH a/status']);
    await first.end();

    seen.length = writes.length = 0;
    const second = run();
    await vi.waitFor(() => expect(seen).toContain('a'), { timeout: 10_000 });
    await rest();
    expect([seen, writes]).toEqual([['a'], []]);
    await live.delete(Widget, key('a'));
    await vi.waitFor(async () => expect(await live.get(Widget, key('a'))).toBeUndefined(), { timeout: 10_000 });
    expect(cleanup).toHaveBeenCalled();
    await second.end();
    expect([...first.lines, ...second.lines].filter(({ level }) => level === 'error')).toEqual([]);
  }, 60_000);
});
