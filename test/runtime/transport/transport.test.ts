import { getEventListeners } from 'node:events';
import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ConfigError, NoAnswerError } from '../../../src/runtime/errors.js';
import { messageOf } from '../../../src/runtime/log.js';
import { textOf } from '../../../src/runtime/request.js';
import {
  type Credentials,
  createTransport,
  type Endpoint,
  type Transport,
  type TransportOptions,
} from '../../../src/runtime/transport/index.js';
import { serve } from '../../support/api-server.js';
import { createCertificate } from '../../support/certificate.js';

afterEach(() => {
  vi.useRealTimers();
});

const get = { method: 'GET', path: '/api' };
const watch = { ...get, query: { watch: 'true' } };
const none: Credentials = { tls: {}, headers: {} };

function transportTo(
  server: string,
  credentials: Endpoint['credentials'] = async () => none,
  options?: TransportOptions,
) {
  const transport = createTransport({ server, trust: 'the test authority', credentials }, options);
  onTestFinished(transport.close);
  return transport;
}

async function transportFor(listener: RequestListener, options?: TransportOptions): Promise<Transport> {
  return transportTo((await serve(listener)).url, undefined, options);
}

const bodyText = async (transport: Transport, request: Parameters<Transport['request']>[0]): Promise<string> =>
  textOf(await transport.request(request));

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it resolved'),
    (error: NodeJS.ErrnoException) => error,
  );

describe('a request', () => {
  test('arrives with method, path, query, headers and UTF-8 body', async () => {
    const transport = await transportFor(async (request, answer) => {
      const { method, url, headers } = request;
      answer.end(JSON.stringify({ method, url, headers, body: await text(request) }));
    });
    const request = { method: 'PATCH', path: '/api/a%2Fb', query: { labelSelector: 'a=b,c in (d)' } };
    const answer = await bodyText(transport, { ...request, headers: { 'content-type': 'a/b' }, body: 'Zürich 🚲' });
    expect(JSON.parse(answer)).toMatchObject({
      method: 'PATCH',
      url: '/api/a%2Fb?labelSelector=a%3Db%2Cc+in+%28d%29',
      headers: { 'content-type': 'a/b', 'content-length': '12', 'user-agent': 'opgen' },
      body: 'Zürich 🚲',
    });
    expect(JSON.parse(answer).headers).not.toHaveProperty('accept-encoding');
  });

  test.each(['DELETE', 'GET'])('with %s may have a body', async (method) => {
    const transport = await transportFor(async (request, answer) => answer.end(await text(request)));
    expect(await bodyText(transport, { ...get, method, body: '{}' })).toBe('{}');
  });

  test('never leads to another host, whatever its path', async () => {
    const { url, port } = await serve((request, answer) => answer.end(request.url));
    const elsewhere = await serve((_, answer) => answer.end('elsewhere'));
    const transport = transportTo(url);
    expect(await bodyText(transport, { ...get, path: `//127.0.0.1:${elsewhere.port}/x` })).toBe(
      `//127.0.0.1:${elsewhere.port}/x`,
    );
    const error = await errorOf(transport.request({ ...get, path: `@127.0.0.1:${elsewhere.port}/x` }));
    expect(error).toBeInstanceOf(TypeError);
    expect(await bodyText(transportTo(`http://name:secret@127.0.0.1:${port}`), get)).toBe('/api');
    expect(elsewhere.sockets).toHaveLength(0);
  });

  test('keeps the path of the server', async () => {
    const { url } = await serve((request, answer) => answer.end(request.url));
    expect(await bodyText(transportTo(`${url}/k8s/clusters/c-1/`), get)).toBe('/k8s/clusters/c-1/api');
  });
});

describe('an answer', () => {
  test('has its status, headers in lower case, and a body of any size', async () => {
    const content = 'é'.repeat(1_000_000);
    const transport = await transportFor((_, answer) => answer.writeHead(404, { 'X-Kind': 'Status' }).end(content));
    const answer = await transport.request(get);
    expect(answer).toMatchObject({ status: 404, headers: { 'x-kind': 'Status' } });
    expect(await textOf(answer)).toBe(content);
  });

  test('that breaks off rejects the iteration', async () => {
    const transport = await transportFor((_, answer) => {
      answer.write('half', () => answer.destroy());
    });
    const answer = await transport.request(get);
    const error = await errorOf(textOf(answer));
    expect(error.message).toMatch(/^The answer of the API server http:\S+ broke off: /);
    expect(error.code).toBe('ECONNRESET');
  });

  test('in another protocol is none', async () => {
    const { url, server } = await serve(() => {});
    server.on('upgrade', () => {});
    server.on('connection', (socket) =>
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n'),
      ),
    );
    const error = await errorOf(transportTo(url).request(get));
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error.message).toMatch(/cannot be reached: it answers in another protocol, which nobody asked for$/);
  });

  test.each([
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['headers that never end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n'],
  ])('that is %s is none', async (_what, answer) => {
    const { url, server } = await serve(() => {});
    server.removeAllListeners('connection').on('connection', (socket) => {
      socket.on('error', () => {}).once('data', () => socket.write(answer));
    });
    expect(await errorOf(transportTo(url).request(get))).toBeInstanceOf(NoAnswerError);
  });

  test('that is shorter than it says rejects the iteration', async () => {
    const { url, server } = await serve(() => {});
    server.removeAllListeners('connection').on('connection', (socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}'));
    });
    await expect(bodyText(transportTo(url), get)).rejects.toThrow(NoAnswerError);
  });

  test('is not lost for a function that fails on its warnings', async () => {
    const transport = await transportFor((_, answer) => answer.setHeader('warning', '299 - "old"').end('{}'), {
      onWarning: () => {
        throw new Error('no');
      },
    });
    expect(await bodyText(transport, get)).toBe('{}');
  });

  test('passes its warnings on', async () => {
    const warnings: string[] = [];
    const transport = await transportFor(
      (_, answer) =>
        answer.setHeader('warning', ['299 - "v1 \\"old\\" is deprecated"', '299 - "b, c"', '199 - "no"']).end(),
      { onWarning: (warning) => warnings.push(warning) },
    );
    await bodyText(transport, get);
    expect(warnings).toEqual(['v1 "old" is deprecated', 'b, c']);
  });
});

describe('connections', () => {
  test('are reused', async () => {
    const { url, sockets } = await serve((_, answer) => answer.end('{}'));
    const transport = transportTo(url);
    for (let count = 0; count < 50; count++) await bodyText(transport, get);
    expect(sockets).toHaveLength(1);
  });

  test('are at most 16 for calls, whatever the watches', async () => {
    const { url, sockets } = await serve((request, answer) => {
      if (request.url?.includes('watch')) answer.write('{}\n');
      else setImmediate(() => answer.end('{}'));
    });
    const transport = transportTo(url);
    const watches = await Promise.all(Array.from({ length: 20 }, () => transport.request(watch)));
    expect(watches).toHaveLength(20);
    await Promise.all(Array.from({ length: 100 }, () => bodyText(transport, get)));
    expect(sockets).toHaveLength(36);
  });

  test('that the server closed in the meantime do no harm', async () => {
    const { url, server, sockets } = await serve((_, answer) => answer.end('{}'));
    const transport = transportTo(url);
    await Promise.all(Array.from({ length: 5 }, () => bodyText(transport, get)));
    server.prependOnceListener('request', (request) => request.socket.destroy());
    expect(await bodyText(transport, { ...get, method: 'POST', body: '{}' })).toBe('{}');
    expect(sockets).toHaveLength(6);
    await vi.waitFor(() => expect(sockets.filter(({ destroyed }) => !destroyed)).toHaveLength(4));
  });

  test('that are closed in the midst of a create without a name are not tried again: two objects might come of it', async () => {
    const { url, server } = await serve((_, answer) => answer.end('{}'));
    const transport = transportTo(url);
    await bodyText(transport, get);
    server.prependOnceListener('request', (request) => request.socket.destroy());
    const body = JSON.stringify({ metadata: { generateName: 'a-' } });
    const error = await errorOf(transport.request({ ...get, method: 'POST', body }));
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error.code).toBe('ECONNRESET');
  });

  test('that replace a closed one end with the transport too', async () => {
    let requests = 0;
    const transport = await transportFor((request, answer) => {
      requests++;
      if (requests === 1) answer.end('{}');
      else if (requests === 2) request.socket.destroy();
      else answer.write('{}\n');
    });
    await bodyText(transport, watch);
    const answer = await transport.request(watch);
    const end = errorOf(textOf(answer));
    transport.close();
    expect((await end).message).toContain('broke off');
    expect(requests).toBe(3);
  });

  test('that are new are not tried again', async () => {
    let requests = 0;
    const transport = await transportFor((request) => {
      requests++;
      request.socket.destroy();
    });
    expect((await errorOf(transport.request(get))).message).toMatch(/cannot be reached: socket hang up/);
    expect(requests).toBe(1);
  });

  test('end with the transport, also those of watches', async () => {
    const transport = await transportFor((_, answer) => answer.write('{}\n'));
    const { body } = await transport.request(watch);
    const end = errorOf(textOf({ status: 200, headers: {}, body }));
    transport.close();
    expect((await end).message).toContain('broke off');
  });
});

describe('an abort', () => {
  test('before the request rejects with its reason', async () => {
    const transport = transportTo('http://127.0.0.1:1');
    const reason = new Error('enough');
    expect(await errorOf(transport.request({ ...get, signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  test('ends a request without an answer', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    let closed: Promise<unknown> | undefined;
    const transport = await transportFor((request) => {
      closed = new Promise((done) => request.socket.once('close', done));
      abort.abort(reason);
    });
    expect(await errorOf(transport.request({ ...get, signal: abort.signal }))).toBe(reason);
    await closed;
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
  });

  test('before the request asks for no credentials', async () => {
    const credentials = vi.fn(async () => none);
    const transport = transportTo('http://127.0.0.1:1', credentials);
    await errorOf(transport.request({ ...get, signal: AbortSignal.abort() }));
    expect(credentials).not.toHaveBeenCalled();
  });

  test('ends a request that waits for its credentials', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const request = transportTo('http://127.0.0.1:1', () => new Promise(() => {})).request({
      ...get,
      signal: abort.signal,
    });
    setTimeout(() => abort.abort(reason), 10);
    expect(await errorOf(request)).toBe(reason);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
  });

  test('ends a request that waits for a connection, and the next one gets it', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    let finish = (): void => {};
    const seen: (string | undefined)[] = [];
    const transport = await transportFor(
      ({ url }, answer) => {
        seen.push(url);
        if (url === '/first') finish = () => answer.end('{}');
        else answer.end('{}');
      },
      { connections: 1 },
    );
    const first = bodyText(transport, { ...get, path: '/first' });
    await vi.waitFor(() => expect(seen).toEqual(['/first']));
    const second = transport.request({ ...get, path: '/second', signal: abort.signal });
    const third = bodyText(transport, { ...get, path: '/third' });
    setTimeout(() => abort.abort(reason), 10);
    expect(await errorOf(second)).toBe(reason);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
    finish();
    expect([await first, await third]).toEqual(['{}', '{}']);
    expect(seen).toEqual(['/first', '/third']);
  });

  test('between an answer and its reading ends the reading', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const transport = await transportFor((_, answer) => answer.end('{}'));
    const answer = await transport.request({ ...get, signal: abort.signal });
    await new Promise((done) => setTimeout(done, 20));
    abort.abort(reason);
    expect(await errorOf(textOf(answer))).toBe(reason);
  });

  test('ends a body that is being read', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    let closed: Promise<unknown> | undefined;
    const transport = await transportFor((request, answer) => {
      closed = new Promise((done) => request.socket.once('close', done));
      answer.write('{}\n');
    });
    const { body } = await transport.request({ ...watch, signal: abort.signal });
    const read = errorOf(
      (async () => {
        for await (const _ of body) abort.abort(reason);
      })(),
    );
    expect(await read).toBe(reason);
    await closed;
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
  });

  test('is no longer listened for once the body is read', async () => {
    const abort = new AbortController();
    const transport = await transportFor((_, answer) => answer.end('{}'));
    await bodyText(transport, { ...get, signal: abort.signal });
    await vi.waitFor(() => expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0));
  });

  test('of whoever stops reading early closes the connection', async () => {
    let closed: Promise<unknown> | undefined;
    const transport = await transportFor((request, answer) => {
      closed = new Promise((done) => request.socket.once('close', done));
      answer.write('{}\n');
    });
    for await (const _ of (await transport.request(watch)).body) break;
    await expect(closed).resolves.toBe(false);
  });
});

describe('the limit of time', () => {
  test('is for calls', async () => {
    const transport = await transportFor(() => {}, { timeout: 20 });
    const error = await errorOf(transport.request(get));
    expect(error.message).toMatch(/^The API server http:\S+ cannot be reached: no answer within 0.02 seconds$/);
    expect(error.code).toBe('ETIMEDOUT');
  });

  test('is for calls that wait for a connection too', async () => {
    const transport = await transportFor(() => {}, { timeout: 50, connections: 1 });
    const errors = await Promise.all([errorOf(transport.request(get)), errorOf(transport.request(get))]);
    expect(errors.map(({ code }) => code)).toEqual(['ETIMEDOUT', 'ETIMEDOUT']);
  });

  test('is for bodies that stand still', async () => {
    let closed: Promise<unknown> | undefined;
    const transport = await transportFor(
      (request, answer) => {
        closed = new Promise((done) => request.socket.once('close', done));
        answer.write('{"items":[');
      },
      { bodyTimeout: 20 },
    );
    const error = await errorOf(bodyText(transport, get));
    expect(error.message).toMatch(/^The answer of the API server http:\S+ broke off: nothing came for 0.02 seconds$/);
    expect(error).toBeInstanceOf(NoAnswerError);
    await closed;
  });

  test('does not count the time of who reads the body', async () => {
    const transport = await transportFor((_, answer) => answer.write('a', () => answer.end('b')), { bodyTimeout: 20 });
    let text = '';
    for await (const chunk of (await transport.request(get)).body) {
      await new Promise((done) => setTimeout(done, 60));
      text += Buffer.from(chunk);
    }
    expect(text).toBe('ab');
  });

  test('is not for watches, nor for the headers of bodies', async () => {
    const transport = await transportFor(
      (request, answer) => {
        if (!request.url?.includes('watch')) answer.flushHeaders();
        setTimeout(() => answer.end('late'), 60);
      },
      { timeout: 20, bodyTimeout: 10_000 },
    );
    expect(await bodyText(transport, watch)).toBe('late');
    expect(await bodyText(transport, get)).toBe('late');
  });
});

describe('Retry-After', () => {
  const answers = (list: [number, string?][]): RequestListener => {
    let count = 0;
    return (_, answer) => {
      const [status, header] = list[Math.min(count++, list.length - 1)]!;
      answer.writeHead(status, header === undefined ? {} : { 'retry-after': header }).end(String(count));
    };
  };

  test.each([429, 503])('of %i is waited for', async (status) => {
    const { url } = await serve(answers([[status, '0.05'], [status, '0.05'], [200]]));
    const start = performance.now();
    expect(await bodyText(transportTo(url), { ...get, method: 'POST', body: '{}' })).toBe('3');
    expect(performance.now() - start).toBeGreaterThan(95);
  });

  test('is waited for 10 times', async () => {
    const transport = await transportFor(answers([[429, '0']]));
    const answer = await transport.request(get);
    expect(answer.status).toBe(429);
    expect(await textOf(answer)).toBe('11');
  });

  test.each<[string, [number, string?], typeof get]>([
    ['a watch', [429, '0'], watch],
    ['another status', [500, '0'], get],
    ['an answer without the header', [429], get],
    ['a header that is no number', [429, 'Wed, 21 Oct 2015 07:28:00 GMT'], get],
  ])('of %s is left to the caller', async (_, answer, request) => {
    const transport = await transportFor(answers([answer]));
    expect(await bodyText(transport, request)).toBe('1');
  });

  test('of an answer whose body never ends keeps no connection', async () => {
    let count = 0;
    const { url } = await serve((_, answer) => {
      if (count++ === 0) answer.writeHead(503, { 'retry-after': '0' }).write('busy');
      else answer.end('{}');
    });
    expect(await bodyText(transportTo(url, undefined, { connections: 1 }), get)).toBe('{}');
  });

  test('ends with the signal', async () => {
    const abort = new AbortController();
    const transport = await transportFor((_, answer) => {
      answer.writeHead(429, { 'retry-after': '20' }).end(() => setImmediate(() => abort.abort(new Error('enough'))));
    });
    expect((await errorOf(transport.request({ ...get, signal: abort.signal }))).message).toBe('enough');
  });
});

describe('credentials', () => {
  const bearer = (token: string): Credentials => ({ tls: {}, headers: { authorization: `Bearer ${token}` } });

  test('are asked for with every request', async () => {
    const { url } = await serve((request, answer) => answer.end(request.headers.authorization));
    let count = 0;
    const transport = transportTo(url, async () => bearer(`t${++count}`));
    expect([await bodyText(transport, get), await bodyText(transport, get)]).toEqual(['Bearer t1', 'Bearer t2']);
  });

  test('may have a header more than once', async () => {
    const { url } = await serve((request, answer) => answer.end(JSON.stringify(request.rawHeaders)));
    const transport = transportTo(url, async () => ({ tls: {}, headers: { 'impersonate-group': ['a', 'b'] } }));
    const raw: string[] = JSON.parse(await bodyText(transport, get));
    expect(raw.filter((_, at) => raw[at - 1] === 'impersonate-group')).toEqual(['a', 'b']);
  });

  test('are renewed once after a 401', async () => {
    const seen: (string | undefined)[] = [];
    const { url, sockets } = await serve((request, answer) => {
      seen.push(request.headers.authorization);
      answer.writeHead(seen.length === 1 ? 401 : 200).end('{}');
    });
    const transport = transportTo(url, async (rejected) => bearer(rejected ? 'new' : 'old'));
    expect((await transport.request(get)).status).toBe(200);
    expect(seen).toEqual(['Bearer old', 'Bearer new']);
    expect(sockets.length).toBeLessThanOrEqual(2);
  });

  test('whose renewal fails keep no connection', async () => {
    let requests = 0;
    const { url } = await serve((_, answer) => {
      if (requests++ === 0) answer.writeHead(401).write('never ends');
      else answer.end('{}');
    });
    const credentials = async (rejected?: Credentials): Promise<Credentials> => {
      if (rejected) throw new Error('no login');
      return none;
    };
    const transport = transportTo(url, credentials, { connections: 1 });
    expect((await errorOf(transport.request(get))).message).toMatch(/^There are no credentials .*: no login$/);
    expect(await bodyText(transport, get)).toBe('{}');
  });

  test('that cannot be renewed leave the 401', async () => {
    let requests = 0;
    const { url } = await serve((_, answer) => answer.writeHead(401).end(String(++requests)));
    const answer = await transportTo(url, async () => bearer('same')).request(get);
    expect([answer.status, await textOf(answer)]).toEqual([401, '1']);
  });

  test('that are a mistake of the configuration are reported as such', async () => {
    const mistake = new ConfigError('no token');
    const transport = transportTo('http://127.0.0.1:1', () => Promise.reject(mistake));
    expect(await errorOf(transport.request(get))).toBe(mistake);
  });

  test('that cannot be had are not taken for a server that cannot be reached', async () => {
    const transport = transportTo('http://127.0.0.1:1', () => Promise.reject(new Error('the provider is down')));
    expect((await errorOf(transport.request(get))).message).toBe(
      'There are no credentials for the API server http://127.0.0.1:1: the provider is down',
    );
  });
});

describe('TLS', () => {
  const authority = createCertificate('authority');
  const serving = createCertificate('api', authority);
  const client = createCertificate('jane', authority);
  const over =
    (tls: Credentials['tls']): Endpoint['credentials'] =>
    async () => ({ tls, headers: {} });
  const whoIs: RequestListener = (request, answer) => {
    const { subject } = (request.socket as import('node:tls').TLSSocket).getPeerCertificate();
    answer.end(String(subject?.CN));
  };

  test('authenticates with a client certificate, on connections of its own', async () => {
    const { url, sockets } = await serve(whoIs, { ...serving, ca: authority.cert, requestCert: true });
    const other = createCertificate('john', authority);
    const identities = [client, other, client];
    const transport = transportTo(url, async () => {
      const { cert, key } = identities.shift()!;
      return { tls: { ca: authority.cert, cert, key }, headers: {} };
    });
    const names = [await bodyText(transport, get), await bodyText(transport, get), await bodyText(transport, get)];
    expect(names).toEqual(['jane', 'john', 'jane']);
    expect(sockets).toHaveLength(2);
  });

  test('refuses a server of another authority, and says whose certificates count', async () => {
    const { url } = await serve(whoIs, serving);
    const other = createCertificate('another');
    const error = await errorOf(transportTo(url, over({ ca: other.cert })).request(get));
    expect(error.message).toBe(
      `The certificate of the API server ${url} must be trusted by the test authority, ` +
        'but it is not: unable to verify the first certificate. hint: give its authority as certificate-authority',
    );
    expect(error.code).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  test('accepts any server with rejectUnauthorized false', async () => {
    const { url } = await serve(whoIs, serving);
    expect(await bodyText(transportTo(url, over({ rejectUnauthorized: false })), get)).toBe('undefined');
  });

  test('checks the certificate against servername', async () => {
    const { url } = await serve(whoIs, serving);
    const tls = { ca: authority.cert };
    expect(await bodyText(transportTo(url, over({ ...tls, servername: 'localhost' })), get)).toBe('undefined');
    const error = await errorOf(transportTo(url, over({ ...tls, servername: 'elsewhere' })).request(get));
    expect(error.message).toMatch(/cannot be reached: .*altnames.*hint: tls-server-name/);
  });
});

test('an API server that is not there is named once, with the code of the system', async () => {
  const error = await errorOf(transportTo('https://127.0.0.1:1').request(get));
  const message = 'The API server https://127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1';
  expect(error).toMatchObject({ message, code: 'ECONNREFUSED', cause: { code: 'ECONNREFUSED' } });
  expect(messageOf(error)).toBe(message);
});

test('an API server that does not speak TLS gets a hint', async () => {
  const { port } = await serve((_, answer) => answer.end());
  const error = await errorOf(transportTo(`https://127.0.0.1:${port}`).request(get));
  expect(error.message).toMatch(/cannot be reached: .*hint: check `server`/s);
});
