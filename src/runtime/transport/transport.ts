import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { unlessAborted } from '../abort.js';
import type { Cluster, ClusterRequest, ClusterResponse } from '../cluster.js';
import { isEqual } from '../json.js';
import { type RequestMetrics, requestMetrics } from '../metrics/client.js';
import { sleep } from '../time.js';
import { requestChannel, traced } from '../trace.js';
import { createAgents } from './agents.js';
import { bodyOf, discard } from './body.js';
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
  const host = hostOf(endpoint.server);
  const agents = createAgents({ protocol: base.protocol, proxy: endpoint.proxy, poolSize: options.connections });
  const { onWarning, timeout = 60_000, bodyTimeout = 60_000 } = options;

  async function send({ request, tried }: Asked, credentials: Credentials): Promise<IncomingMessage> {
    const isLong = isWatch(request);
    const parts = { url: urlOf(base, request), credentials, ...(!isLong && { timeout }) };
    try {
      const agent = isLong ? agents.watches : agents.calls;
      const answer = await exchange(request, { ...parts, agent }).catch((error) => {
        if (!isStale(error) || !isRepeatable(request)) throw error;
        return exchange(request, { ...parts, agent: agents.fresh });
      });
      tried(answer.statusCode);
      return answer;
    } catch (error) {
      tried(undefined);
      throw request.signal?.aborted ? request.signal.reason : noAnswer(endpoint, error);
    }
  }

  async function credentialsFor({ signal }: ClusterRequest, rejected?: Credentials): Promise<Credentials> {
    signal?.throwIfAborted();
    try {
      const credentials = endpoint.credentials(rejected);
      return await (signal ? unlessAborted(credentials, [signal]) : credentials);
    } catch (error) {
      throw signal?.aborted ? signal.reason : noCredentials(endpoint, error);
    }
  }

  async function authenticated(asked: Asked): Promise<IncomingMessage> {
    const credentials = await credentialsFor(asked.request);
    const answer = await send(asked, credentials);
    if (answer.statusCode !== 401) return answer;
    const renewed = await credentialsFor(asked.request, credentials).catch((error) => {
      discard(answer);
      throw error;
    });
    if (isEqual(renewed, credentials)) return answer;
    discard(answer);
    return send(asked, renewed);
  }

  async function patient(asked: Asked): Promise<IncomingMessage> {
    for (let retry = 0; ; retry++) {
      const answer = await authenticated(asked);
      const seconds = isWatch(asked.request) || retry === maxRetries ? undefined : retryAfter(answer);
      if (seconds === undefined) return answer;
      discard(answer);
      await sleep(Math.min(seconds, maxRetrySeconds) * 1000, asked.request.signal);
    }
  }

  async function answered(request: ClusterRequest): Promise<ClusterResponse> {
    const { method, body: sent } = request;
    const measure = requestMetrics({ method, host, body: sent, isWatch: isWatch(request) });
    const answer = await patient({ request, tried: measure.tried }).catch((error) => {
      measure.failed();
      throw error;
    });
    for (const text of warningsOf(answer.headers.warning)) tell(onWarning, text);
    const body = bodyOf(answer, {
      signal: request.signal,
      patience: isWatch(request) ? undefined : bodyTimeout,
      broken: (error) => brokenAnswer(endpoint, error),
    });
    return { status: answer.statusCode ?? 0, headers: flat(answer.headers), body: measure.reading(body) };
  }

  return {
    request(request) {
      const { method, path } = request;
      return traced(requestChannel, { method, path, server: endpoint.server }, () => answered(request));
    },
    close: agents.close,
  };
}

/** A request, and who counts its tries. */
interface Asked {
  readonly request: ClusterRequest;
  readonly tried: RequestMetrics['tried'];
}

/** What a function of the user throws is no fault of the request. */
function tell(onWarning: TransportOptions['onWarning'], text: string): void {
  try {
    onWarning?.(text);
  } catch {
    // The request has been answered: it must not fail for this.
  }
}

const isWatch = ({ query }: ClusterRequest): boolean => query?.watch === 'true' || query?.watch === '1';

/** An old connection may have ended after the request arrived: then a name keeps a second object from coming, but `generateName` does not. */
const isRepeatable = ({ method, body }: ClusterRequest): boolean =>
  method !== 'POST' || !body?.includes('"generateName":');

/** `host:port` as it was written: a port that goes without saying stays. */
const hostOf = (server: string): string => /^[a-z]+:\/\/(?:[^@/?#]*@)?([^/?#]*)/i.exec(server)?.[1] ?? '';

/** A path never leads to another host. */
function urlOf(base: URL, { path, query }: ClusterRequest): URL {
  if (!path.startsWith('/')) throw new TypeError(`The path of a request must begin with \`/\`, but is \`${path}\``);
  const search = new URLSearchParams(query).toString();
  const root = base.href.slice(0, base.href.length - `${base.pathname}${base.search}${base.hash}`.length);
  const prefix = base.pathname.replace(/\/+$/, '');
  return new URL(`${root}${prefix}${path}${search && (path.includes('?') ? '&' : '?')}${search}`);
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
