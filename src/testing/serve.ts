import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cluster, ClusterRequest, ClusterResponse } from '../runtime/cluster.js';
import { ApiError } from '../runtime/errors.js';
import { statusBody } from './fake/status.js';
import { kubeconfigText } from './kubeconfig.js';

/** A cluster that is reachable over HTTP. */
export interface ServedCluster {
  /**
   * Text of a kubeconfig. The token stands in the path of the server too, since kubectl sends no credentials over plain
   * HTTP.
   */
  readonly kubeconfig: string;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Ends all watches and connections. Further calls do nothing. */
  stop(): Promise<void>;
}

const largestBody = 3 * 1024 * 1024;

/**
 * Serves a cluster on a free port of 127.0.0.1, watches included, so that programs such as kubectl or a built operator
 * can use it.
 *
 * Guarantees: requests need the token of the kubeconfig, which is made anew for each server (401 otherwise), as a
 * bearer token or as the first part of the path; a client that leaves aborts its request; bodies over 3 MiB get 413.
 */
export async function serveCluster(cluster: Cluster): Promise<ServedCluster> {
  const token = randomBytes(32).toString('hex');
  const server = createServer((request, response) => {
    serve(cluster, token, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeconfig = kubeconfigText({ name: 'fake', server: `${url}/${token}`, token });
  let end: Promise<void> | undefined;
  return { url, kubeconfig, stop: () => (end ??= close(server)) };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function serve(cluster: Cluster, token: string, request: IncomingMessage, response: ServerResponse) {
  const path = permittedPath(request, token);
  if (path === undefined) return refuse(response, 401, 'Unauthorized', 'Unauthorized');
  const body = await bodyOf(request);
  if (body === undefined) {
    response.shouldKeepAlive = false;
    return refuse(response, 413, 'RequestEntityTooLarge', `a request must have at most ${largestBody} bytes`);
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('the client has left')));
  await send(response, await cluster.request(requestOf(request, { path, body, signal: gone.signal })));
}

/** The path without the token; undefined when neither the path nor the header has it. */
function permittedPath({ url = '/', headers }: IncomingMessage, token: string): string | undefined {
  const path = url.replace(/\?.*$/s, '');
  if (path.startsWith(`/${token}/`)) return path.slice(token.length + 1);
  return headers.authorization === `Bearer ${token}` ? path : undefined;
}

/** The body as text; undefined when it is too large. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function requestOf(
  { method = 'GET', url = '/', headers }: IncomingMessage,
  { path, body, signal }: { path: string; body: string; signal: AbortSignal },
): ClusterRequest {
  const { searchParams } = new URL(url, 'http://127.0.0.1');
  const { authorization: _, ...others } = headers;
  const texts = Object.entries(others).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return {
    method,
    path,
    query: Object.fromEntries(searchParams),
    headers: Object.fromEntries(texts),
    signal,
    ...(body !== '' && { body }),
  };
}

async function send(response: ServerResponse, { status, headers, body }: ClusterResponse): Promise<void> {
  response.writeHead(status, headers);
  response.flushHeaders();
  for await (const chunk of body) {
    if (!response.write(chunk) && !response.destroyed)
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    if (response.destroyed) return;
  }
  response.end();
}

function refuse(response: ServerResponse, code: number, reason: string, message: string): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(statusBody(new ApiError(code, { reason, message }))));
}
