import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drain, listen, sendText as send, serverLimits } from '../http.js';
import type { Address } from './address.js';
import type { CheckRequest, Checks } from './checks.js';

export interface HealthServer {
  /** Where it listens: the port is known even if any free one was asked for. */
  readonly address: AddressInfo;
  stop(): Promise<void>;
}

/** Milliseconds that answers get which were begun before the stop. */
const longestDrain = 1000;

/** Answers `/<path>` and `/<path>/<check>` for each of the paths, until it is stopped. Throws ConfigError if it cannot listen. */
export async function startHealthServer(
  address: Address,
  paths: Readonly<Record<string, Checks>>,
): Promise<HealthServer> {
  const server = createServer(serverLimits, (request, response) => {
    answer(request, response, paths).catch(() => response.destroy());
  });
  return { address: await listen(server, address, 'The health probes'), stop: () => drain(server, longestDrain) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  paths: Readonly<Record<string, Checks>>,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://probe');
  const [path, name] = segmentsOf(url.pathname);
  if (path === undefined || name === undefined) return send(response, 400, 'bad request\n');
  const checks = Object.hasOwn(paths, path) ? paths[path] : undefined;
  if (!checks) return send(response, 404, 'not found\n');
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'method not allowed\n');
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('the probe went away')));
  const { status, text } = await checks.answer(requestOf(name, url.searchParams), gone.signal);
  send(response, status, text);
}

/** Nothing for a path that cannot be decoded. */
function segmentsOf(pathname: string): readonly string[] {
  try {
    const [, path = '', ...names] = pathname.split('/').map(decodeURIComponent);
    return [path, names.join('/')];
  } catch {
    return [];
  }
}

const requestOf = (name: string, query: URLSearchParams): CheckRequest => ({
  ...(name !== '' && { name }),
  verbose: query.has('verbose'),
  exclude: query.getAll('exclude'),
});
