import { X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createRegistry } from '../../../src/runtime/metrics/registry.js';
import { type MetricsServerOptions, startMetricsServer } from '../../../src/runtime/metrics/server.js';
import { createCertificate } from '../../support/certificate.js';
import { recordingLogger } from '../../support/log.js';
import { parseExposition, valueIn } from './exposition.js';

const certificate = createCertificate('metrics');

async function serve(options: Partial<MetricsServerOptions> = {}) {
  const own = createRegistry();
  own.counter({ name: 'own_total', help: 'Own.' }).inc();
  const { log, lines } = recordingLogger();
  const address = { host: '127.0.0.1', port: 0 };
  const server = await startMetricsServer({ address, sources: [own], log, ...options });
  onTestFinished(() => server.stop());
  return { server, lines, port: server.address.port, url: `http://127.0.0.1:${server.address.port}` };
}

/** A finished handshake; rejects when there is none. */
function shake(port: number, options: object): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () =>
      resolve(socket),
    );
    socket.on('error', reject);
    onTestFinished(() => void socket.destroy());
  });
}

describe('the server of the metrics', () => {
  test('gives the metrics of all registries as text', async () => {
    const prom = {
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      metrics: async () => '# HELP u U.\n# TYPE u gauge\nu 1\n',
    };
    const second = createRegistry();
    second.gauge({ name: 'g', help: 'G.' }).set(3);
    const { url } = await serve({ sources: [second, prom] });
    const answer = await fetch(`${url}/metrics?x=1`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const families = parseExposition(await answer.text());
    expect([valueIn(families, 'g'), valueIn(families, 'u')]).toEqual([3, 1]);
  });

  test('gives the rest where a registry fails, and logs that', async () => {
    const own = createRegistry();
    own.gauge({ name: 'g', help: 'G.' });
    const broken = { metrics: () => Promise.reject(new Error('no database')) };
    const worse = {
      metrics(): string {
        throw new Error('at once');
      },
    };
    const { url, lines } = await serve({ sources: [broken, own, worse] });
    expect(parseExposition(await (await fetch(`${url}/metrics`)).text()).has('g')).toBe(true);
    expect(lines.map(({ message, error }) => `${message}: ${error}`).sort()).toEqual([
      'A registry of metrics cannot be read: at once',
      'A registry of metrics cannot be read: no database',
    ]);
  });

  test('knows its path and methods', async () => {
    const { url } = await serve();
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/metrics/`)).status).toBe(404);
    const posted = await fetch(`${url}/metrics`, { method: 'POST', body: 'x' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const head = await fetch(`${url}/metrics`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('answers with what the guard says, who gets the header, the verb and the path', async () => {
    const guard = vi.fn<NonNullable<MetricsServerOptions['guard']>>(async (header) =>
      header === 'Bearer good' ? undefined : { status: 401, text: 'Unauthorized\n' },
    );
    const { url } = await serve({ guard });
    const refused = await fetch(`${url}/metrics`, { method: 'DELETE' });
    expect([refused.status, refused.headers.get('www-authenticate'), await refused.text()]).toEqual([
      401,
      'Bearer',
      'Unauthorized\n',
    ]);
    expect((await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer good' } })).status).toBe(200);
    expect(guard.mock.calls).toEqual([
      [undefined, { verb: 'delete', path: '/metrics' }],
      ['Bearer good', { verb: 'get', path: '/metrics' }],
    ]);
  });

  test('refuses headers beyond 16 KiB', async () => {
    const { url } = await serve();
    expect((await fetch(`${url}/metrics`, { headers: { x: 'a'.repeat(17 * 1024) } })).status).toBe(431);
  });

  test('speaks TLS from 1.2 on, and HTTP/1.1 alone', async () => {
    const { port } = await serve({ certificate });
    const socket = await shake(port, { ALPNProtocols: ['h2', 'http/1.1'] });
    expect(socket.alpnProtocol).toBe('http/1.1');
    expect((await shake(port, { maxVersion: 'TLSv1.2' })).getProtocol()).toBe('TLSv1.2');
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    await expect(shake(port, old)).rejects.toThrow(/protocol version|wrong version/i);
  });

  test('takes a new certificate for new handshakes, and answers on old connections', async () => {
    const { server, port } = await serve({ certificate });
    const subject = async () => new X509Certificate((await shake(port, {})).getPeerCertificate().raw).subject;
    const old = await shake(port, {});
    expect(await subject()).toBe('CN=metrics');
    server.renew(createCertificate('renewed'));
    expect(await subject()).toBe('CN=renewed');
    await expect(shake(port, { maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow();
    old.write('GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n');
    const answer = await new Promise((resolve) => old.once('data', (data) => resolve(String(data))));
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  test('finishes at its stop what was begun, and takes nothing new', async () => {
    let release = (): void => {};
    const slow = { metrics: () => new Promise<string>((resolve) => (release = () => resolve('slow 1\n'))) };
    const { server, port } = await serve({ certificate, sources: [slow] });
    const answer = new Promise<string>((resolve, reject) => {
      request(
        { host: '127.0.0.1', port, path: '/metrics', rejectUnauthorized: false, agent: false },
        async (message) => {
          let text = '';
          for await (const chunk of message) text += chunk;
          resolve(text);
        },
      )
        .on('error', reject)
        .end();
    });
    const isBegun = release;
    await vi.waitFor(() => expect(release).not.toBe(isBegun));
    const stopped = server.stop();
    await expect(shake(port, {})).rejects.toThrow('ECONNREFUSED');
    release();
    expect(await answer).toBe('slow 1\n');
    await stopped;
  });

  test('ends silent connections at its stop', async () => {
    const { server, port } = await serve();
    const socket = connectTcp(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const stopped = server.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    vi.useRealTimers();
    await stopped;
    await closed;
    expect(socket.destroyed).toBe(true);
  });
});
