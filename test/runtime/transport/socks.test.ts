import type { Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { NoAnswerError } from '../../../src/runtime/errors.js';
import { textOf } from '../../../src/runtime/request.js';
import { serve } from '../../support/api-server.js';
import { startRaw, startSocks } from './socksproxy.js';
import { authority, server, transportThrough } from './through.js';

afterEach(() => {
  vi.useRealTimers();
});

const get = { method: 'GET', path: '/api' };

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it resolved'),
    (error: NodeJS.ErrnoException) => error,
  );

describe('through a SOCKS proxy', () => {
  test.each([false, true])('an API server is reached, over connections that are reused; slowly: %s', async (isSlow) => {
    const { url, port, sockets } = await serve((_, answer) => answer.end('{}'), server);
    const proxy = await startSocks({ isSlow });
    const transport = transportThrough(url, proxy.url);
    for (let count = 0; count < 10; count++) expect(await textOf(await transport.request(get))).toBe('{}');
    expect(proxy.asked).toEqual([`1 7f000001 ${port}`]);
    expect(sockets).toHaveLength(1);
  });

  test('an API server without TLS is reached, with a large body either way', async () => {
    const content = 'é'.repeat(2_000_000);
    const { url } = await serve((request, answer) => request.pipe(answer));
    const proxy = await startSocks();
    const transport = transportThrough(url, proxy.url, {});
    expect(await textOf(await transport.request({ ...get, method: 'PUT', body: content }))).toBe(content);
  });

  test('names and addresses are left to the proxy', async () => {
    const { url, port } = await serve((_, answer) => answer.end('{}'));
    const proxy = await startSocks();
    for (const host of ['api.example.com', '[::1]', '[fd00:1::2:3]', '[::ffff:10.1.2.3]', '10.1.2.3'])
      expect(await textOf(await transportThrough(url.replace('127.0.0.1', host), proxy.url, {}).request(get))).toBe(
        '{}',
      );
    expect(proxy.asked).toEqual([
      `3 api.example.com ${port}`,
      `4 ${'0'.repeat(31)}1 ${port}`,
      `4 fd000001000000000000000000020003 ${port}`,
      `4 00000000000000000000ffff0a010203 ${port}`,
      `1 0a010203 ${port}`,
    ]);
  });

  test.each([
    ['of version 6', [4, ...Array(16).fill(0)]],
    ['with a name', [3, 3, 97, 98, 99]],
  ])('the proxy may answer with an address %s', async (_what, bound) => {
    const { url } = await serve((_, answer) => answer.end('{}'), server);
    const proxy = await startSocks({ bound });
    expect(await textOf(await transportThrough(url, proxy.url).request(get))).toBe('{}');
  });

  test('the certificate is checked, against tls-server-name where there is one', async () => {
    const { url } = await serve((_, answer) => answer.end('{}'), server);
    const { url: proxy } = await startSocks();
    const named = transportThrough(url, proxy, { ca: authority.cert, servername: 'localhost' });
    expect(await textOf(await named.request(get))).toBe('{}');
    const misnamed = transportThrough(url, proxy, { ca: authority.cert, servername: 'elsewhere' });
    await expect(misnamed.request(get)).rejects.toThrow(/tls-server-name/);
  });

  test('a watch is read as it comes', async () => {
    const { url } = await serve((_, answer) => answer.write('{}\n'), server);
    const { url: proxy } = await startSocks();
    const { body } = await transportThrough(url, proxy).request({ ...get, query: { watch: 'true' } });
    for await (const chunk of body) {
      expect(Buffer.from(chunk).toString()).toBe('{}\n');
      break;
    }
  });
});

describe('the login of a SOCKS proxy', () => {
  const login = { name: 'jäne', password: 'p:@/ß' };
  const withLogin = (url: URL, name = login.name, password = login.password): URL =>
    new URL(`socks5h://${encodeURIComponent(name)}:${encodeURIComponent(password)}@${url.host}`);

  test('is told where it asks for one, and not where it does not', async () => {
    const { url } = await serve((_, answer) => answer.end('{}'), server);
    for (const proxy of [await startSocks({ login }), await startSocks()]) {
      expect(await textOf(await transportThrough(url, withLogin(proxy.url)).request(get))).toBe('{}');
      expect(proxy.asked).toHaveLength(1);
    }
  });

  test('is missed, or refused, without the password in the message', async () => {
    const { url } = await startSocks({ login });
    const missing = await errorOf(transportThrough('https://api:6443', url).request(get));
    expect(missing.message).toBe(
      `The API server https://api:6443 cannot be reached: the proxy socks5://${url.host} wants a login, but its URL names none`,
    );
    const wrong = await errorOf(transportThrough('https://api:6443', withLogin(url, 'jäne', 'secret')).request(get));
    expect(wrong.message).toMatch(/the proxy socks5h:\/\/[\d.:]+ refuses the name or the password of its URL$/);
    expect(wrong.message).not.toContain('secret');
  });
});

describe('a SOCKS proxy that does not connect', () => {
  test.each([
    [1, 'it has failed'],
    [2, 'its rules do not allow it'],
    [3, 'the network cannot be reached'],
    [4, 'the host cannot be reached'],
    [5, 'the host refuses the connection'],
    [6, 'the time to live has expired'],
    [7, 'it makes no connections by CONNECT'],
    [8, 'it does not take this type of address'],
    [99, 'its code is 99'],
  ])('says why: %i', async (refusal, reason) => {
    const { url, open } = await startSocks({ refusal });
    const error = await errorOf(transportThrough('https://api.example.com:6443', url).request(get));
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error.message).toBe(
      `The API server https://api.example.com:6443 cannot be reached: the proxy socks5://${url.host} does not connect to api.example.com:6443: ${reason}`,
    );
    await vi.waitFor(() => expect(open.size).toBe(0));
  });

  test('is not there', async () => {
    const error = await errorOf(transportThrough('https://api:6443', new URL('socks5://127.0.0.1:1')).request(get));
    expect(error.message).toMatch(/the proxy socks5:\/\/127\.0\.0\.1:1 cannot be used: connect ECONNREFUSED/);
    expect(error.code).toBe('ECONNREFUSED');
  });

  const refuse = (bytes: number[]) => (socket: Socket) =>
    void socket.once('data', () => socket.write(Buffer.from(bytes)));
  test.each<[string, (socket: Socket) => void, string]>([
    [
      'is a web server',
      (socket) => void socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      'does not speak version 5 of SOCKS',
    ],
    ['takes no login', refuse([5, 0xff]), 'wants a login, but its URL names none'],
    ['chooses what was not offered', refuse([5, 2]), 'wants a login, but its URL names none'],
    ['answers with an unknown address', refuse([5, 0, 5, 0, 0, 9]), 'does not speak version 5 of SOCKS'],
    ['turns to another version', refuse([5, 0, 4, 0, 0, 1]), 'does not speak version 5 of SOCKS'],
    ['hangs up at once', (socket) => void socket.end(), 'closes the connection'],
    [
      'hangs up in the middle',
      (socket) => void socket.once('data', () => socket.end(Buffer.of(5))),
      'closes the connection',
    ],
    [
      'breaks off',
      (socket) => void socket.once('data', () => socket.resetAndDestroy()),
      'cannot be used: read ECONNRESET',
    ],
  ])('%s', async (_what, onConnection, fact) => {
    const { url, open } = await startRaw(onConnection);
    const error = await errorOf(transportThrough('https://api:6443', url).request(get));
    expect(error.message).toBe(
      `The API server https://api:6443 cannot be reached: the proxy socks5://${url.host} ${fact}`,
    );
    await vi.waitFor(() => expect(open.size).toBe(0));
  });

  test('has a host of a name that is too long', async () => {
    const { url } = await startSocks();
    const host = `${'a'.repeat(200)}.${'b'.repeat(60)}`;
    const error = await errorOf(transportThrough(`https://${host}:6443`, url).request(get));
    expect(error.message).toContain('takes names of at most 255 bytes');
  });

  test('never answers: who waits is told after half a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let connected = (): void => {};
    const connection = new Promise<void>((resolve) => (connected = resolve));
    const { url, open } = await startRaw(() => connected());
    const error = errorOf(transportThrough('https://api:6443', url).request(get));
    await connection;
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await error).message).toContain('gives no answer within 30 seconds');
    await vi.waitFor(() => expect(open.size).toBe(0));
  });
});

describe.each(['socks5', 'http'])('a connection that is being made through a %s proxy', (protocol) => {
  test('ends with the transport', async () => {
    const { url, open } = await startRaw(() => {});
    const transport = transportThrough('https://api:6443', new URL(`${protocol}://${url.host}`));
    const error = errorOf(transport.request(get));
    await vi.waitFor(() => expect(open.size).toBe(1));
    transport.close();
    expect((await error).message).toContain('cannot be reached');
    await vi.waitFor(() => expect(open.size).toBe(0));
  });

  test('does not keep a request that is aborted', async () => {
    const { url } = await startRaw(() => {});
    const abort = new AbortController();
    const transport = transportThrough('https://api:6443', new URL(`${protocol}://${url.host}`));
    const error = errorOf(transport.request({ ...get, signal: abort.signal }));
    setTimeout(() => abort.abort(new Error('enough')), 20);
    expect((await error).message).toBe('enough');
  });
});
