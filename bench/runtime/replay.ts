import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSelfSigned } from '../../src/runtime/certificates/selfsigned.js';
import { kubeconfigText } from '../../src/testing/kubeconfig.js';
import { group, plural, served, version } from './objects.js';

/** An API server that knows nothing but a list of objects and the events that it is told to send. */
export interface Replay {
  readonly kubeconfig: string;
  /** Connections that were ever made. */
  readonly connections: number;
  /** Sends updates of one object after the other, as fast as they are taken. */
  burst(events: number): Promise<void>;
  /** Sends so many updates a second, each with the time of its sending. */
  pace(perSecond: number, seconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** A resource version of seven digits, so that it can be replaced in a text. */
const versionOf = (event: number): string => String(1_000_000 + event);
const zero = '0000000000000000';

/** Serves so many objects, over TLS as an API server does. */
export async function startReplay(objects: number): Promise<Replay> {
  const { ca, cert, key } = createSelfSigned({ hosts: ['127.0.0.1'] });
  const items = Array.from({ length: objects }, (_, index) => served(index, versionOf(0)));
  const texts = items.map((item) => JSON.stringify({ type: 'MODIFIED', object: item }));
  const watches = new Set<ServerResponse>();
  let connections = 0;
  let sent = 0;

  const server = createServer({ cert, key }, (request, response) => {
    const url = new URL(request.url!, 'https://127.0.0.1');
    const answer = (body: object, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (url.searchParams.get('sendInitialEvents')) return answer(invalid, 422);
    const isOurs = url.pathname.endsWith(`/${plural}`);
    if (url.searchParams.get('watch')) return hold(request, response, isOurs);
    if (discovery[url.pathname]) return answer(discovery[url.pathname]!);
    return answer(
      isOurs ? pageOf(items, url.searchParams) : { metadata: { resourceVersion: versionOf(0) }, items: [] },
    );
  });

  function hold(request: IncomingMessage, response: ServerResponse, isOurs: boolean): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (!isOurs) return;
    watches.add(response);
    request.once('close', () => watches.delete(response));
  }

  const event = (stamp: string): string => {
    const number = sent++;
    return texts[number % objects]!.replace(versionOf(0), versionOf(number + 1)).replace(zero, stamp);
  };

  async function send(chunk: Buffer): Promise<void> {
    while (watches.size === 0) await sleep(10);
    const full = [...watches].filter((watch) => !watch.write(chunk));
    await Promise.all(full.map((watch) => once(watch, 'drain')));
  }

  server.on('secureConnection', () => connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    kubeconfig: kubeconfigText({ name: 'replay', server: `https://127.0.0.1:${port}`, ca, token: 'none' }),
    get connections() {
      return connections;
    },
    async burst(events) {
      const chunks: Buffer[] = [];
      for (let left = events; left > 0; left -= 32) {
        chunks.push(Buffer.from(`${Array.from({ length: Math.min(32, left) }, () => event(zero)).join('\n')}\n`));
      }
      for (const chunk of chunks) await send(chunk);
    },
    async pace(perSecond, seconds) {
      const began = performance.now();
      const events = perSecond * seconds;
      for (let number = 0; number < events; number++) {
        const wait = began + (number * 1000) / perSecond - performance.now();
        if (wait > 0) await sleep(wait);
        await send(Buffer.from(`${event(process.hrtime.bigint().toString().padStart(16, '0'))}\n`));
      }
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function pageOf(items: readonly object[], query: URLSearchParams): object {
  const from = Number(query.get('continue') ?? 0);
  const to = from + Number(query.get('limit') ?? items.length);
  return {
    apiVersion: `${group}/${version}`,
    kind: 'MemcachedList',
    metadata: { resourceVersion: versionOf(0), ...(to < items.length && { continue: String(to) }) },
    items: items.slice(from, to),
  };
}

/** The answer of a server that cannot stream a list. */
const invalid = {
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  reason: 'Invalid',
  code: 422,
  message: 'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
};

const groupOf = (name: string, only: string): object => {
  const preferred = { groupVersion: `${name}/${only}`, version: only };
  return { apiVersion: 'v1', kind: 'APIGroup', name, versions: [preferred], preferredVersion: preferred };
};

const resourcesOf = (groupVersion: string, name: string, kind: string): object => ({
  apiVersion: 'v1',
  kind: 'APIResourceList',
  groupVersion,
  resources: [
    { name, singularName: kind.toLowerCase(), namespaced: true, kind, verbs: ['get', 'list', 'watch', 'patch'] },
  ],
});

/** What controller-runtime asks for before it can find a resource. */
const discovery: Readonly<Record<string, object>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { apiVersion: 'v1', kind: 'APIGroupList', groups: [groupOf(group, version), groupOf('apps', 'v1')] },
  [`/apis/${group}`]: groupOf(group, version),
  '/apis/apps': groupOf('apps', 'v1'),
  [`/apis/${group}/${version}`]: resourcesOf(`${group}/${version}`, plural, 'Memcached'),
  '/apis/apps/v1': resourcesOf('apps/v1', 'deployments', 'Deployment'),
};
