import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as realTime } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { owned } from '../../../src/runtime/controller/sources.js';
import type { Controller } from '../../../src/runtime/controller/types.js';
import { createManager } from '../../../src/runtime/manager/index.js';
import { fakeCluster, serveCluster } from '../../../src/testing/index.js';
import { recordingLogger } from '../../support/log.js';
import { ConfigMap, key, Widget, type WidgetObject, widget } from '../../support/widget.js';

/** An operator on an API server over real connections, which pass through a proxy that can cut them. */
async function running() {
  const cluster = fakeCluster({ resources: [Widget], objects: [widget('first')] });
  const served = await serveCluster(cluster);
  const proxy = await startProxy(Number(new URL(served.url).port));
  const folder = mkdtempSync(join(tmpdir(), 'opgen-faults-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, served.kubeconfig.replaceAll(served.url, served.url.replace(/:\d+$/, `:${proxy.port}`)));
  const { log } = recordingLogger();
  const gone: string[] = [];
  const sizes: (number | undefined)[] = [];
  const manager = createManager({ kubeconfig, log }).add(copying(gone, sizes));
  const stop = new AbortController();
  const ended = manager.start(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await ended;
    await proxy.stop();
    await served.stop();
    rmSync(folder, { recursive: true });
  });
  const sizeOf = async (name: string) => (await cluster.client.get(ConfigMap, key(name)))?.data?.size;
  const reaches = (name: string, size: string) =>
    vi.waitFor(async () => expect(await sizeOf(name)).toBe(size), { timeout: 20_000, interval: 50 });
  await reaches('first', '1');
  const resize = (name: string, size: number) =>
    cluster.client.patch(Widget, widget(name), { type: 'merge', body: { spec: { size } } });
  return { cluster, proxy, gone, reaches, resize, sizes };
}

/** Keeps the size of each widget in a ConfigMap. */
const copying = (gone: string[], sizes: (number | undefined)[]): Controller<WidgetObject> => ({
  for: Widget,
  sources: [owned(ConfigMap)],
  async reconcile({ object, key, client }) {
    sizes.push(object.spec?.size);
    const size = String(object.spec?.size);
    await client.ensure(ConfigMap, key, (draft) => Object.assign(draft, { data: { size } }), { owner: object });
  },
  async onGone({ name }) {
    gone.push(name);
  },
});

async function startProxy(target: number) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const upstream = tcpConnect(target, '127.0.0.1');
    for (const each of [socket, upstream]) {
      sockets.add(each);
      each.on('error', () => {});
      each.on('close', () => sockets.delete(each));
    }
    socket.pipe(upstream).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    /** Nothing passes the connections that there are any more, and nobody is told. */
    swallow: () => {
      for (const socket of sockets) socket.unpipe().removeAllListeners('end').pause();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

test('goes on when all connections break', async () => {
  const { proxy, reaches, resize } = await running();
  for (const size of [2, 3]) {
    proxy.cut();
    await resize('first', size);
    await reaches('first', String(size));
  }
});

test('goes on when its watches end, and what happened since is forgotten (410)', async () => {
  const { cluster, gone, reaches, resize } = await running();
  cluster.down(true);
  cluster.disconnect();
  cluster.down(false);
  await cluster.client.create(Widget, widget('second', 5));
  await cluster.client.delete(Widget, key('first'));
  cluster.compact();
  await reaches('second', '5');
  await vi.waitFor(() => expect(gone).toContain('first'), { timeout: 20_000 });
  await resize('second', 6);
  await reaches('second', '6');
});

test('goes on when the API server was away', async () => {
  const { cluster, reaches, resize } = await running();
  await resize('first', 2);
  cluster.down(true);
  cluster.disconnect();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  cluster.down(false);
  await resize('first', 3);
  await reaches('first', '3');
});

test('goes on when its connections are half open: what happened meanwhile is reconciled', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { cluster, proxy, reaches, resize, sizes } = await running();
  proxy.swallow();
  await resize('first', 2);
  const secondsUntil = async (isTrue: () => boolean | Promise<boolean>): Promise<number> => {
    let seconds = 0;
    for (; !(await isTrue()) && seconds < 900; seconds++) {
      await vi.advanceTimersByTimeAsync(1000);
      await realTime(5);
    }
    return seconds;
  };
  const seen = await secondsUntil(() => sizes.includes(2));
  expect(seen, 'the server is given 200 to 295 s for a watch, the connection 5 s more').toBeGreaterThan(190);
  expect(seen).toBeLessThanOrEqual(305);
  // Connections that waited for the next request are half open too: a request on one of them ends after a minute.
  await secondsUntil(async () => (await cluster.client.get(ConfigMap, key('first')))?.data?.size === '2');
  await reaches('first', '2');
});
