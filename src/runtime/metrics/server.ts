import { createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { CertificatePair } from '../certificates/watcher.js';
import { withDeadline } from '../deadline.js';
import { drain, listen, sendText, serverLimits } from '../http.js';
import type { Logger } from '../log.js';
import type { Guard } from './guard.js';
import { mergeTexts } from './merge.js';
import { textFormat } from './text.js';
import type { MetricsSource } from './types.js';

export interface MetricsServerOptions {
  readonly address: { readonly host?: string; readonly port: number };
  /** The first one counts for a metric that several have. */
  readonly sources: readonly MetricsSource[];
  readonly log: Logger;
  /** Without it everybody may read. */
  readonly guard?: Guard | undefined;
  /** Without it the server speaks HTTP in the clear. */
  readonly certificate?: CertificatePair | undefined;
}

export interface MetricsServer {
  readonly address: AddressInfo;
  /** For the handshakes from now on. */
  renew(certificate: CertificatePair): void;
  /** Finishes the answers that were begun. */
  stop(): Promise<void>;
}

/** Milliseconds. */
const longest = { source: 10_000, drain: 10_000 };

/** Serves `/metrics`. Rejects with a ConfigError if it cannot listen. */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { address, certificate, log } = options;
  const ending = new AbortController();
  const listener: RequestListener = (request, response) => {
    answer(request, response, options, ending.signal).catch((error) => {
      log.error(error, 'A request for metrics failed');
      response.destroy();
    });
  };
  const server = certificate ? createSecure(certificate, listener) : createHttp(serverLimits, listener);
  const listening = await listen(server, address, 'The metrics');
  server.on('error', (error) => log.error(error, 'The server of the metrics failed'));
  return {
    address: listening,
    renew: ({ cert, key }) => 'setSecureContext' in server && server.setSecureContext({ ...tlsLimits, cert, key }),
    async stop() {
      await drain(server, longest.drain);
      ending.abort(new Error('the server of the metrics has stopped'));
    },
  };
}

/** HTTP/2 is not offered: one connection of it would stand for any number of requests. */
const tlsLimits = { minVersion: 'TLSv1.2' } as const;

const createSecure = ({ cert, key }: CertificatePair, listener: RequestListener) =>
  createHttps(
    { ...serverLimits, ...tlsLimits, ALPNProtocols: ['http/1.1'], handshakeTimeout: 10_000, cert, key },
    listener,
  );

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { guard, sources, log }: MetricsServerOptions,
  signal: AbortSignal,
): Promise<void> {
  const path = (request.url ?? '').replace(/[?#].*$/s, '');
  if (path !== '/metrics') return sendText(response, 404, 'not found\n');
  const { method = '' } = request;
  const refusal = await guard?.(request.headers.authorization, { verb: method.toLowerCase(), path });
  if (refusal) return sendText(response, refusal.status, refusal.text, challengeOf(refusal.status));
  if (method !== 'GET' && method !== 'HEAD')
    return sendText(response, 405, 'method not allowed\n', { allow: 'GET, HEAD' });
  const texts = await Promise.all(sources.map((source) => textOf(source, log, signal)));
  sendText(response, 200, mergeTexts(texts), { 'content-type': textFormat, 'cache-control': 'no-store' });
}

const challengeOf = (status: number): Record<string, string> =>
  status === 401 ? { 'www-authenticate': 'Bearer' } : {};

/** A registry of the user's that fails keeps none of the others back. */
async function textOf(source: MetricsSource, log: Logger, signal: AbortSignal): Promise<string> {
  try {
    return await withDeadline(longest.source, signal, async () => source.metrics());
  } catch (error) {
    log.error(error, 'A registry of metrics cannot be read');
    return '';
  }
}
