import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { messageOf } from '../log.js';

/** A server that connections go through. */
export interface HttpProxy {
  /** Its address; a name and a password in it are what it is told. */
  readonly url: URL;
}

const patience = 30_000;
const keepAliveDelay = 30_000;

/**
 * A connection to a host through a proxy, which is asked for by CONNECT. Rejects with what the proxy answers, or why there is no answer.
 */
export function connectThrough({ url }: HttpProxy, host: string, port: number): Promise<Socket> {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (fact: string, cause?: NodeJS.ErrnoException): void =>
      reject(
        Object.assign(new Error(`the proxy ${url.origin} ${fact}`, { cause }), cause?.code && { code: cause.code }),
      );
    const asked = send({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (url.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...authorization(url) },
      agent: false,
      timeout: patience,
    });
    asked.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) return resolve(ready(socket));
      socket.destroy();
      fail(`answers the request for ${target} with the status ${statusCode}`);
    });
    asked.once('response', (answer) => {
      answer.destroy();
      fail(`answers the request for ${target} with the status ${answer.statusCode}`);
    });
    asked.once('timeout', () => asked.destroy(new Error(`it gives no answer within ${patience / 1000} seconds`)));
    asked.once('error', (error) => fail(`cannot be used: ${messageOf(error)}`, error));
    asked.end();
  });
}

function ready(socket: Socket): Socket {
  socket.setTimeout(0);
  socket.setNoDelay(true);
  return socket.setKeepAlive(true, keepAliveDelay);
}

function authorization({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
