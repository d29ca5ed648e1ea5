import { describe, expect, onTestFinished, test } from 'vitest';
import { metrics } from '../../../src/runtime/metrics/index.js';
import { leaderMetrics } from '../../../src/runtime/metrics/leader.js';
import { webhookMetrics } from '../../../src/runtime/metrics/webhook.js';
import { createTransport } from '../../../src/runtime/transport/index.js';
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
