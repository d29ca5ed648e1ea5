import type { RequestListener } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { measureRequests } from '../../../src/runtime/metrics/client.js';
import { metrics } from '../../../src/runtime/metrics/index.js';
import { leaderMetrics } from '../../../src/runtime/metrics/leader.js';
import { webhookMetrics } from '../../../src/runtime/metrics/webhook.js';
import { createTransport, type Transport } from '../../../src/runtime/transport/index.js';
import { serve } from '../../support/api-server.js';
import { parseExposition, valueIn } from './exposition.js';

const read = async () => parseExposition(await metrics.registry.metrics());

describe('requests to an API server', () => {
  test('are counted by status, method and host, each try for itself, and those without an answer too', async () => {
    let tries = 0;
    const { url, server } = await serve((_request, response) => {
      const isFirst = tries++ === 0;
      response.writeHead(isFirst ? 429 : 200, isFirst ? { 'retry-after': '0' } : {}).end('{}');
    });
    const transport = createTransport({
      server: url,
      trust: 'none',
      credentials: async () => ({ tls: {}, headers: {} }),
    });
    onTestFinished(transport.close);
    const request = async (method: string) => {
      const { body } = await transport.request({ method, path: '/api/v1/pods' });
      for await (const _chunk of body);
    };
    await request('GET');
    await request('POST');
    server.close();
    server.closeAllConnections();
    await expect(request('DELETE')).rejects.toThrow('cannot be reached');
    const { host } = new URL(url);
    const families = await read();
    const count = (code: string, method: string) =>
      valueIn(families, 'rest_client_requests_total', { code, method, host });
    expect([count('429', 'GET'), count('200', 'GET'), count('200', 'POST'), count('<error>', 'DELETE')]).toEqual([
      1, 1, 1, 1,
    ]);
    expect(count('200', 'DELETE')).toBeUndefined();
  });
});

/** What controller-runtime registers on demand. */
const onDemand: Readonly<Record<string, readonly [type: string, bounds?: string]>> = {
  rest_client_request_duration_seconds: ['histogram', '0.005 0.025 0.1 0.25 0.5 1 2 4 8 15 30 60'],
  rest_client_request_size_bytes: ['histogram', '64 256 512 1024 4096 16384 65536 262144 1048576 4194304 16777216'],
  rest_client_response_size_bytes: ['histogram', '64 256 512 1024 4096 16384 65536 262144 1048576 4194304 16777216'],
  rest_client_request_retries_total: ['counter'],
};

describe('requests that are measured', () => {
  /** Sends requests to a server of the test; gives the values of their series. */
  async function measured(listener: RequestListener) {
    const { url, server } = await serve(listener);
    const { host } = new URL(url);
    const transport: Transport = createTransport({
      server: url,
      trust: 'none',
      credentials: async (rejected) => ({ tls: {}, headers: rejected ? { authorization: 'new' } : {} }),
    });
    onTestFinished(transport.close);
    const value = async (name: string, verb: string, suffix = '', more = {}) =>
      valueIn(await read(), `rest_client_${name}`, { verb, host, ...more }, suffix);
    const counts = async (verb: string) =>
      Promise.all([
        value('request_duration_seconds', verb, '_count'),
        value('request_size_bytes', verb, '_count'),
        value('request_size_bytes', verb, '_sum'),
        value('response_size_bytes', verb, '_count'),
        value('response_size_bytes', verb, '_sum'),
      ]);
    return { transport, server, value, counts };
  }
  const whole = async (transport: Transport, request: Parameters<Transport['request']>[0]): Promise<void> => {
    for await (const _chunk of (await transport.request(request)).body);
  };

  test('are so on demand only; then once, with the names and buckets of controller-runtime', async () => {
    const before = await measured((_request, response) => void response.end('{}'));
    await whole(before.transport, { method: 'GET', path: '/' });
    for (const name of Object.keys(onDemand)) expect((await read()).has(name)).toBe(false);
    measureRequests();
    measureRequests();
    let tries = 0;
    const { transport } = await measured((_request, response) => {
      if (tries++ === 0) response.writeHead(429, { 'retry-after': '0' });
      response.end('{}');
    });
    await whole(transport, { method: 'GET', path: '/' });
    const families = await read();
    for (const [name, [type, bounds]] of Object.entries(onDemand)) {
      const samples = families.get(name)?.samples ?? [];
      const labels = [...new Set(samples.flatMap((each) => Object.keys(each.labels)))].filter((each) => each !== 'le');
      const les = [...new Set(samples.flatMap((each) => each.labels.le ?? []))].filter((each) => each !== '+Inf');
      expect([name, families.get(name)?.type, labels.sort(), les.join(' ')]).toEqual([
        name,
        type,
        type === 'counter' ? ['code', 'host', 'verb'] : ['host', 'verb'],
        bounds ?? '',
      ]);
    }
  });

  test('count each try by its size, and the whole by its time and the size of the answer', async () => {
    measureRequests();
    let tries = 0;
    const { transport, counts, value } = await measured((request, response) => {
      request.resume();
      const isFirst = tries++ === 0;
      response.writeHead(isFirst ? 503 : 201, isFirst ? { 'retry-after': '0' } : {}).end(isFirst ? '' : 'é'.repeat(50));
    });
    await whole(transport, { method: 'POST', path: '/', body: 'ß'.repeat(10) });
    expect(await counts('POST')).toEqual([1, 2, 40, 1, 100]);
    expect(await value('request_retries_total', 'POST', '', { code: '201' })).toBe(1);
    expect(await value('request_retries_total', 'POST', '', { code: '503' })).toBeUndefined();
    expect(await value('request_duration_seconds', 'POST', '_sum')).toBeGreaterThan(0);
  });

  test('count a request that is repeated with new credentials as a retry', async () => {
    measureRequests();
    const { transport, value } = await measured(({ headers }, response) =>
      response.writeHead(headers.authorization === 'new' ? 200 : 401).end('{}'),
    );
    await whole(transport, { method: 'GET', path: '/' });
    expect(await value('request_retries_total', 'GET', '', { code: '200' })).toBe(1);
  });

  test('take time without an answer too, and have no size where the answer breaks off or is left', async () => {
    measureRequests();
    const { transport, counts, server } = await measured((request, response) => {
      if (request.method === 'PUT') response.write('half', () => response.destroy());
      else if (request.method === 'PATCH') response.write('and no more');
      else request.socket.destroy();
    });
    await expect(whole(transport, { method: 'PUT', path: '/' })).rejects.toThrow('broke off');
    expect(await counts('PUT')).toEqual([1, 1, 0, undefined, undefined]);
    for await (const _chunk of (await transport.request({ method: 'PATCH', path: '/' })).body) break;
    expect(await counts('PATCH')).toEqual([1, 1, 0, undefined, undefined]);
    await expect(whole(transport, { method: 'DELETE', path: '/' })).rejects.toThrow('cannot be reached');
    expect(await counts('DELETE')).toEqual([1, 1, 0, undefined, undefined]);
    server.close();
  });

  test('leave the time and the size of watches out', async () => {
    measureRequests();
    const { transport, counts } = await measured((_request, response) => void response.end('{}'));
    await whole(transport, { method: 'GET', path: '/', query: { watch: 'true' } });
    expect(await counts('GET')).toEqual([undefined, 1, 0, undefined, undefined]);
  });

  test('name the host as the kubeconfig writes it', async () => {
    const { port } = await serve((_request, response) => void response.end('{}'));
    for (const server of [`http://name@127.0.0.1:${port}/path`, 'https://127.0.0.1:443', 'https://[::1]:1?x']) {
      const transport = createTransport({ server, trust: 'none', credentials: async () => ({ tls: {}, headers: {} }) });
      onTestFinished(transport.close);
      await whole(transport, { method: 'OPTIONS', path: '/' }).catch(() => {});
    }
    const hosts = (await read())
      .get('rest_client_requests_total')
      ?.samples.filter(({ labels }) => labels.method === 'OPTIONS');
    expect(hosts?.map(({ labels }) => labels.host)).toEqual([`127.0.0.1:${port}`, '127.0.0.1:443', '[::1]:1']);
  });
});

test('an election says who leads', async () => {
  const observer = leaderMetrics('my-lease');
  const value = async () => valueIn(await read(), 'leader_election_master_status', { name: 'my-lease' });
  expect(await value()).toBe(0);
  observer.started();
  expect(await value()).toBe(1);
  observer.stopped();
  expect(await value()).toBe(0);
});

test('requests to a webhook are counted when they are answered', async () => {
  const webhook = '/mutate-x';
  const own = webhookMetrics(webhook);
  const value = async (name: string, labels = {}, suffix = '') =>
    valueIn(await read(), `controller_runtime_webhook_${name}`, { webhook, ...labels }, suffix);
  const end = own.begin();
  expect(await value('requests_in_flight')).toBe(1);
  end(422);
  expect(await value('requests_in_flight')).toBe(0);
  expect(await value('requests_total', { code: '422' })).toBe(1);
  expect(await value('latency_seconds', {}, '_count')).toBe(1);
});
