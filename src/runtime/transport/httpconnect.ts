import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { messageOf } from '../log.js';
import {
  type ProxyServer,
  proxyHost,
  proxyLogin,
  proxyPatience,
  proxyTitle,
  type Target,
  targetText,
} from './proxy.js';

/** A connection through a proxy that is asked by CONNECT. Rejects with what the proxy answers, or why there is no answer. */
export function connectByHttp({ url }: ProxyServer, to: Target, signal: AbortSignal): Promise<Socket> {
  const target = targetText(to);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (fact: string, cause?: NodeJS.ErrnoException): void =>
      reject(Object.assign(new Error(`${proxyTitle(url)} ${fact}`, { cause }), cause?.code && { code: cause.code }));
    const asked = send({
      host: proxyHost(url),
      port: url.port || (url.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...authorization(url) },
      agent: false,
      timeout: proxyPatience,
      signal,
    });
    asked.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      fail(`answers the request for ${target} with the status ${statusCode}`);
    });
    asked.once('response', (answer) => {
      answer.destroy();
      fail(`answers the request for ${target} with the status ${answer.statusCode}`);
    });
    asked.once('timeout', () => asked.destroy(new Error(`it gives no answer within ${proxyPatience / 1000} seconds`)));
    asked.on('error', (error) => fail(`cannot be used: ${messageOf(error)}`, error));
    asked.end();
  });
}

function authorization(url: URL): { 'proxy-authorization'?: string } {
  const login = proxyLogin(url);
  if (login === undefined) return {};
  return { 'proxy-authorization': `Basic ${Buffer.from(`${login.name}:${login.password}`).toString('base64')}` };
}
