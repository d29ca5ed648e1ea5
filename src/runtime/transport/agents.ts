import { setMaxListeners } from 'node:events';
import { type AgentOptions, type ClientRequestArgs, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { ProxyServer } from './proxy.js';
import { connectThrough } from './tunnel.js';

export interface Agents {
  /** For requests that end: the pool is limited. */
  readonly calls: HttpAgent;
  /** For watches: each has a connection of its own, so that they never keep calls waiting. */
  readonly watches: HttpAgent;
  /** For requests that need a new connection, which nobody uses after them. */
  readonly fresh: HttpAgent;
  /** Ends all connections, also those in use. */
  close(): void;
}

export interface AgentsOptions {
  /** `https:` or `http:` */
  readonly protocol: string;
  readonly proxy?: ProxyServer | undefined;
  /** Connections for calls. Default 16. */
  readonly poolSize?: number | undefined;
}

const defaultPoolSize = 16;
const keepAliveMsecs = 30_000;

/** Keep-alive connections. An agent of Node.js never shares a connection between TLS identities: they are part of its pool's key. */
export function createAgents({ protocol, proxy, poolSize = defaultPoolSize }: AgentsOptions): Agents {
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const contextOf = createContexts();
  const agent = (options: AgentOptions): HttpAgent => {
    const made = protocol === 'https:' ? sharing(new HttpsAgent(options), contextOf) : new HttpAgent(options);
    return proxy ? tunnelling(made, { protocol, proxy, contextOf, signal: closing.signal }) : made;
  };
  const calls = agent({ keepAlive: true, keepAliveMsecs, maxSockets: poolSize, maxFreeSockets: poolSize });
  const watches = agent({ keepAlive: true, keepAliveMsecs });
  const fresh = agent({ keepAlive: true, keepAliveMsecs });
  // The constructor takes 0 for a number that was not given.
  fresh.maxFreeSockets = 0;
  return {
    calls,
    watches,
    fresh,
    close() {
      closing.abort(new Error('the transport is closed'));
      for (const each of [calls, watches, fresh]) each.destroy();
    },
  };
}

type ContextOf = (identity: SecureContextOptions) => SecureContext;

/** The context of the last identity: to read authorities and keys anew is the larger part of the cost of a connection. */
function createContexts(): ContextOf {
  let last: { readonly identity: SecureContextOptions; readonly context: SecureContext } | undefined;
  return ({ ca, cert, key, pfx, passphrase }) => {
    const identity = { ca, cert, key, pfx, passphrase };
    if (!last || !isSameIdentity(last.identity, identity)) last = { identity, context: createSecureContext(identity) };
    return last.context;
  };
}

const isSameIdentity = (one: SecureContextOptions, other: SecureContextOptions): boolean =>
  (['ca', 'cert', 'key', 'pfx', 'passphrase'] as const).every((part) => one[part] === other[part]);

/** The agent, whose connections share a context. */
function sharing(agent: HttpsAgent, contextOf: ContextOf): HttpsAgent {
  const connect = agent.createConnection.bind(agent);
  const createConnection: typeof connect = (options, created) => {
    const withContext: RequestOptions & { secureContext: SecureContext } = {
      ...options,
      secureContext: contextOf(options),
    };
    return connect(withContext, created);
  };
  return Object.assign(agent, { createConnection });
}

type Created = (error: Error | null, socket?: Duplex) => void;

interface Tunnels {
  readonly protocol: string;
  readonly proxy: ProxyServer;
  readonly contextOf: ContextOf;
  /** Ends connections that are being made. */
  readonly signal: AbortSignal;
}

/** The agent, whose connections go through the proxy. */
function tunnelling(agent: HttpAgent, { protocol, proxy, contextOf, signal }: Tunnels): HttpAgent {
  const createConnection = (options: ClientRequestArgs & RequestOptions, created: Created): void => {
    const host = String(options.host);
    const tls = protocol === 'https:' && {
      secureContext: contextOf(options),
      rejectUnauthorized: options.rejectUnauthorized,
    };
    connectThrough(proxy, { host, port: Number(options.port) }, signal).then(
      (socket) => {
        const servername = options.servername || (isIP(host) ? '' : host);
        created(null, tls ? connectTls({ socket, servername, host, ...tls }) : socket);
      },
      (error: Error) => created(error),
    );
  };
  return Object.assign(agent, { createConnection });
}
