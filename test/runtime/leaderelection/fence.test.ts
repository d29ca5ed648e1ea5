import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Cluster, ClusterRequest } from '../../../src/runtime/cluster.js';
import { NotLeaderError } from '../../../src/runtime/errors.js';
import { fenced } from '../../../src/runtime/leaderelection/fence.js';
import { createHold, type Hold } from '../../../src/runtime/leaderelection/hold.js';
import { createTransport } from '../../../src/runtime/transport/index.js';
import { scriptedCluster } from '../../support/scripted.js';

const write: ClusterRequest = { method: 'PATCH', path: '/api/v1/namespaces/a/configmaps/b', body: '{}' };
const holdOf = (renewDeadline = 10_000): Hold => createHold(renewDeadline, () => new Error('too late'));

describe('a hold', () => {
  afterEach(() => void vi.useRealTimers());

  test('ends so long after the sending of the last renewal, and never comes back', () => {
    vi.useFakeTimers();
    const hold = holdOf(1000);
    expect(hold.check()).toBe(false);
    expect(hold.renewed(performance.now())).toBe(true);
    vi.advanceTimersByTime(600);
    const sentAt = performance.now();
    vi.advanceTimersByTime(300);
    expect(hold.renewed(sentAt)).toBe(true);
    vi.advanceTimersByTime(699);
    expect(hold.check()).toBe(true);
    vi.advanceTimersByTime(1);
    expect(hold.ended.aborted).toBe(true);
    expect(hold.renewed(performance.now())).toBe(false);
    expect(hold.check()).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('has ended for who looks at it late, before its timer has fired', () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(5000);
    onTestFinished(() => now.mockRestore());
    const hold = holdOf(1000);
    hold.renewed(5000);
    now.mockReturnValue(6000);
    expect(hold.ended.aborted).toBe(false);
    expect(hold.renewed(5999), 'an answer that comes too late').toBe(false);
    expect(hold.ended.reason).toEqual(new Error('too late'));
  });

  test('does not begin with an answer that is too old', () => {
    const hold = holdOf(1000);
    expect(hold.renewed(performance.now() - 1000)).toBe(false);
    expect(hold.check()).toBe(false);
    expect(hold.renewed(performance.now())).toBe(true);
    hold.end(new Error('over'));
  });
});

describe('without the lease', () => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'post'])('%s is refused, and nothing leaves', async (method) => {
    const cluster = scriptedCluster(() => ({}));
    const refused = fenced(cluster, holdOf(), 'a/b').request({ ...write, method });
    await expect(refused).rejects.toThrow(NotLeaderError);
    expect(cluster.requests).toEqual([]);
  });

  test.each([
    ['GET', '/api/v1/pods'],
    ['HEAD', '/healthz'],
    ['POST', '/apis/authentication.k8s.io/v1/tokenreviews'],
    ['POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews'],
  ])('%s %s passes', async (method, path) => {
    const cluster = scriptedCluster(() => ({}));
    await fenced(cluster, holdOf(), 'a/b').request({ method, path });
    expect(cluster.requests).toHaveLength(1);
  });
});

describe('with the lease', () => {
  test('a write that is under way is aborted when the lease ends', async () => {
    let seen: AbortSignal | undefined;
    const hanging: Cluster = {
      request: ({ signal }) =>
        new Promise((_, reject) => {
          seen = signal;
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
    };
    const hold = holdOf();
    hold.renewed(performance.now());
    const written = fenced(hanging, hold, 'a/b').request(write);
    hold.end(new Error('stolen'));
    await expect(written).rejects.toThrow('The lease `a/b` has ended while a write was under way: PATCH /api/v1/');
    expect(seen?.aborted).toBe(true);
  });

  test('the signal of a write counts as before, and leaves no listener behind', async () => {
    const hold = holdOf();
    hold.renewed(performance.now());
    const cluster = fenced(
      scriptedCluster(() => ({ body: { a: 1 } })),
      hold,
      'a/b',
    );
    const added = vi.spyOn(hold.ended, 'addEventListener');
    const removed = vi.spyOn(hold.ended, 'removeEventListener');
    const { body } = await cluster.request({ ...write, signal: new AbortController().signal });
    for await (const _ of body);
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed).toHaveBeenCalledTimes(1);
    const reason = new Error('mine');
    await expect(cluster.request({ ...write, signal: AbortSignal.abort(reason) })).resolves.toBeDefined();
    hold.end(new Error('over'));
  });
});

describe('over a real connection', () => {
  async function listening(server: Server): Promise<string> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.closeAllConnections());
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const credentials = async () => ({ tls: {}, headers: {} });

  test('a write that has waited for credentials is kept back', async () => {
    const received = vi.fn();
    const url = await listening(
      createServer((_, response) => {
        received();
        response.end('{}');
      }),
    );
    const hold = holdOf();
    const transport = createTransport({
      server: url,
      trust: '',
      async credentials() {
        hold.end(new Error('over'));
        return credentials();
      },
    });
    onTestFinished(transport.close);
    hold.renewed(performance.now());
    await expect(fenced(transport, hold, 'a/b').request(write)).rejects.toThrow(NotLeaderError);
    expect(received).not.toHaveBeenCalled();
  });

  test('a write asks again when its connection is ready, at each try', async () => {
    let tries = 0;
    const url = await listening(
      createServer((_, response) => {
        tries++;
        response.writeHead(tries === 1 ? 429 : 200, { 'retry-after': '0' }).end('{}');
      }),
    );
    const transport = createTransport({ server: url, trust: '', credentials });
    onTestFinished(transport.close);
    const beforeSend = vi.fn();
    const { status } = await transport.request({ ...write, beforeSend });
    expect(status).toBe(200);
    expect(beforeSend).toHaveBeenCalledTimes(2);
  });

  test('what is kept back at the last moment never reaches the wire', async () => {
    const received = vi.fn();
    const server = createTcpServer((socket) => void socket.on('data', received).on('error', () => {}));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const transport = createTransport({ server: `http://127.0.0.1:${port}`, trust: '', credentials });
    onTestFinished(transport.close);
    const refusing = (): never => {
      throw new Error('not now');
    };
    await expect(transport.request({ ...write, beforeSend: refusing })).rejects.toThrow('not now');
    expect(received).not.toHaveBeenCalled();
  });
});
