import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Cluster, ClusterRequest, ClusterResponse } from '../cluster.js';
import { isEqual } from '../json.js';
import { countRequest } from '../metrics/client.js';
import { sleep } from '../time.js';
import { requestChannel, traced } from '../trace.js';
import { createAgents } from './agents.js';
import { bodyOf } from './body.js';
import type { Credentials, Endpoint } from './endpoint.js';
import { exchange, isStale } from './exchange.js';
import { brokenAnswer, noAnswer, noCredentials } from './problem.js';
import { warningsOf } from './warnings.js';

export interface TransportOptions {
  /** Gets every warning of the API server, repeated ones too. */
  onWarning?(text: string): void;
  /** Milliseconds until the headers of an answer must be there; watches have no limit. Default 60_000. */
  timeout?: number;
  /** Milliseconds that a body may stand still; those of watches may for ever. Default 60_000. */
  bodyTimeout?: number;
  /** Connections for calls. Default 16. */
  connections?: number;
}

export interface Transport extends Cluster {
  /** Ends all connections. */
  close(): void;
}

const maxRetries = 10;
const maxRetrySeconds = 30;

/**
 * A cluster behind HTTP or HTTPS.
 *
 * Guarantees: connections are reused, at most 16 for calls, and one for each watch besides. Credentials are asked for with every request;
 * after a 401 they are renewed, and the request is repeated once if they changed. Calls that are answered 429 or 503 with `Retry-After`
 * are repeated, up to 10 times, after at most 30 s each: they were not carried out. A request on an old connection that turns out to be
 * closed is repeated once on a new one, unless a second object could come of it. Anything else is left to the caller.
 * Assumptions: every body is read to its end, or its request aborted; else its connection stays busy.
 */
export function createTransport(endpoint: Endpoint, options: TransportOptions = {}): Transport {
  const base = new URL(endpoint.server);
  const agents = createAgents({ protocol: base.protocol, proxy: endpoint.proxy, poolSize: options.connections });
  const { onWarning, timeout = 60_000, bodyTimeout = 60_000 } = options;

  async function send(request: ClusterRequest, credentials: Credentials): Promise<IncomingMessage> {
    const isLong = isWatch(request);
    const parts = { url: urlOf(base, request), credentials, ...(!isLong && { timeout }) };
    try {
      const agent = isLong ? agents.watches : agents.calls;
      const answer = await exchange(request, { ...parts, agent }).catch((error) => {
        if (!isStale(error) || !isRepeatable(request)) throw error;
        return exchange(request, { ...parts, agent: agents.fresh });
      });
      countRequest(request.method, base.host, answer.statusCode);
      return answer;
    } catch (error) {
      countRequest(request.method, base.host, undefined);
      throw request.signal?.aborted ? request.signal.reason : noAnswer(endpoint, error);
    }
  }

  async function credentialsFor(rejected?: Credentials): Promise<Credentials> {
    try {
      return await endpoint.credentials(rejected);
    } catch (error) {
      throw noCredentials(endpoint, error);
    }
  }

  async function authenticated(request: ClusterRequest): Promise<IncomingMessage> {
    const credentials = await credentialsFor();
    const answer = await send(request, credentials);
    if (answer.statusCode !== 401) return answer;
    const renewed = await credentialsFor(credentials);
    if (isEqual(renewed, credentials)) return answer;
    answer.resume();
    return send(request, renewed);
  }

  async function patient(request: ClusterRequest): Promise<IncomingMessage> {
    for (let retry = 0; ; retry++) {
      const answer = await authenticated(request);
      const seconds = isWatch(request) || retry === maxRetries ? undefined : retryAfter(answer);
      if (seconds === undefined) return answer;
      answer.resume();
      await sleep(Math.min(seconds, maxRetrySeconds) * 1000, request.signal);
    }
  }

  async function answered(request: ClusterRequest): Promise<ClusterResponse> {
    const answer = await patient(request);
    for (const text of warningsOf(answer.headers.warning)) onWarning?.(text);
    const body = bodyOf(answer, {
      signal: request.signal,
      patience: isWatch(request) ? undefined : bodyTimeout,
      broken: (error) => brokenAnswer(endpoint, error),
    });
    return { status: answer.statusCode ?? 0, headers: flat(answer.headers), body };
  }

  return {
    request(request) {
      const { method, path } = request;
      return traced(requestChannel, { method, path, server: endpoint.server }, () => answered(request));
    },
    close: agents.close,
  };
}

const isWatch = ({ query }: ClusterRequest): boolean => query?.watch === 'true' || query?.watch === '1';

/** An old connection may have ended after the request arrived: then a name keeps a second object from coming, but `generateName` does not. */
const isRepeatable = ({ method, body }: ClusterRequest): boolean =>
  method !== 'POST' || !body?.includes('"generateName":');

function urlOf(base: URL, { path, query }: ClusterRequest): URL {
  const search = new URLSearchParams(query).toString();
  const prefix = base.pathname.replace(/\/+$/, '');
  return new URL(`${prefix}${path}${search && (path.includes('?') ? '&' : '?')}${search}`, base);
}

/** Seconds, where the answer asks for another try. */
function retryAfter({ statusCode, headers }: IncomingMessage): number | undefined {
  const header = headers['retry-after'];
  if ((statusCode !== 429 && statusCode !== 503) || !header) return undefined;
  const seconds = Number(header);
  return seconds >= 0 ? seconds : undefined;
}

const flat = (headers: IncomingHttpHeaders): ClusterResponse['headers'] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]));
