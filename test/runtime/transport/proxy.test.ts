import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { NoAnswerError } from '../../../src/runtime/errors.js';
import { textOf } from '../../../src/runtime/request.js';
import { serve } from '../../support/api-server.js';
import { createCertificate } from '../../support/certificate.js';
import { authority, server, transportThrough } from './through.js';

const get = { method: 'GET', path: '/api' };

/** A proxy that connects to whatever it is asked for, or answers with a status. */
async function startProxy(refusal?: number) {
  const asked: IncomingMessage[] = [];
  const proxy = createServer();
  const sockets = new Set<Socket>();
  proxy.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    asked.push(request);
    sockets.add(socket);
    if (refusal !== undefined) return socket.end(`HTTP/1.1 ${refusal} No\r\ncontent-length: 0\r\n\r\n`);
    const [, port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (head.length > 0) upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const)
      one.on('error', () => {}).on('close', () => other.destroy());
    return undefined;
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return { url: new URL(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`), asked };
}

test('an API server is reached through a proxy, over connections that are reused', async () => {
  const { url, port, sockets } = await serve((_, answer) => answer.end('{}'), server);
  const { url: proxy, asked } = await startProxy();
  proxy.username = 'j%C3%A4ne';
  proxy.password = 'secret';
  const transport = transportThrough(url, proxy);
  for (let count = 0; count < 10; count++) expect(await textOf(await transport.request(get))).toBe('{}');
  expect(asked.map((request) => [request.url, request.headers['proxy-authorization']])).toEqual([
    [`127.0.0.1:${port}`, `Basic ${Buffer.from('jäne:secret').toString('base64')}`],
  ]);
  expect(sockets).toHaveLength(1);
});

test('the certificate is checked behind a proxy too, against tls-server-name where there is one', async () => {
  const { url } = await serve((_, answer) => answer.end('{}'), server);
  const { url: proxy } = await startProxy();
  const named = transportThrough(url, proxy, { ca: authority.cert, servername: 'localhost' });
  expect(await textOf(await named.request(get))).toBe('{}');
  const misnamed = transportThrough(url, proxy, { ca: authority.cert, servername: 'elsewhere' });
  await expect(misnamed.request(get)).rejects.toThrow(/tls-server-name/);
  const untrusted = transportThrough(url, proxy, { ca: createCertificate('other').cert });
  await expect(untrusted.request(get)).rejects.toThrow(/must be trusted by the test authority/);
});

test('a client certificate and a watch go through a proxy', async () => {
  const { url } = await serve((_, answer) => answer.write('{}\n'), {
    ...server,
    ca: authority.cert,
    requestCert: true,
    rejectUnauthorized: true,
  });
  const { url: proxy } = await startProxy();
  const { cert, key } = createCertificate('client', authority);
  const transport = transportThrough(url, proxy, { ca: authority.cert, cert, key });
  for await (const chunk of (await transport.request({ ...get, query: { watch: 'true' } })).body) {
    expect(Buffer.from(chunk).toString()).toBe('{}\n');
    break;
  }
});

test('an API server without TLS is reached through a proxy', async () => {
  const { url } = await serve((_, answer) => answer.end('{}'));
  const { url: proxy, asked } = await startProxy();
  expect(await textOf(await transportThrough(url, proxy, {}).request(get))).toBe('{}');
  expect(asked).toHaveLength(1);
});

test('a proxy that refuses, or is not there, is named', async () => {
  const { url: proxy } = await startProxy(403);
  const refused = transportThrough('https://api.example.com:6443', proxy).request(get);
  await expect(refused).rejects.toThrow(
    `The API server https://api.example.com:6443 cannot be reached: the proxy ${proxy.origin} answers the request for api.example.com:6443 with the status 403`,
  );
  const missing = transportThrough('https://api.example.com:6443', new URL('http://127.0.0.1:1')).request(get);
  await expect(missing).rejects.toThrow(/the proxy http:\/\/127\.0\.0\.1:1 cannot be used: connect ECONNREFUSED/);
  await expect(missing).rejects.toBeInstanceOf(NoAnswerError);
});
