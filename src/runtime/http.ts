import { once } from 'node:events';
import type { Server, ServerOptions, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { withinTime } from './deadline.js';
import { ConfigError } from './errors.js';
import { messageOf } from './log.js';

/** What a client may do to a server: headers of 16 KiB, half a minute for them, and a minute and a half of silence. */
export const serverLimits: ServerOptions = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 30_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 90_000,
};

/** More connections than that are refused. */
const mostConnections = 256;

/** Resolves with where the server listens. Rejects with a ConfigError that begins with `what`: `The metrics`. */
export async function listen(
  server: Server,
  { host, port }: { readonly host?: string; readonly port: number },
  what: string,
): Promise<AddressInfo> {
  server.maxConnections = mostConnections;
  try {
    server.listen({ port, ...(host !== undefined && { host }) });
    await once(server, 'listening');
  } catch (error) {
    throw new ConfigError(`${what} cannot listen on ${host ?? ''}:${port}`, { cause: messageOf(error) });
  }
  return server.address() as AddressInfo;
}

/** Takes no new connections, waits so many milliseconds for the requests that are being answered, then ends all. */
export async function drain(server: Server, milliseconds: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await withinTime(closed, milliseconds);
  server.closeAllConnections();
  await closed;
}

/** A whole answer of plain text. */
export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}
