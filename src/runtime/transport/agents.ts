import { type AgentOptions, type ClientRequestArgs, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { connectThrough, type HttpProxy } from './proxy.js';

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
  readonly proxy?: HttpProxy | undefined;
  /** Connections for calls. Default 16. */
  readonly poolSize?: number | undefined;
}

const defaultPoolSize = 16;
const keepAliveMsecs = 30_000;

/** Keep-alive connections. An agent of Node.js never shares a connection between TLS identities: they are part of its pool's key. */
export function createAgents({ protocol, proxy, poolSize = defaultPoolSize }: AgentsOptions): Agents {
  const agent = (options: AgentOptions): HttpAgent => {
    const made = protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
    return proxy ? tunnelling(made, protocol, proxy) : made;
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
      for (const each of [calls, watches, fresh]) each.destroy();
    },
  };
}

type Created = (error: Error | null, socket?: Duplex) => void;

/** The agent, whose connections go through the proxy. */
function tunnelling(agent: HttpAgent, protocol: string, proxy: HttpProxy): HttpAgent {
  const createConnection = (options: ClientRequestArgs & RequestOptions, created: Created): void => {
    const host = String(options.host);
    connectThrough(proxy, host, Number(options.port)).then(
      (socket) => {
        if (protocol !== 'https:') return created(null, socket);
        const servername = options.servername || (isIP(host) ? '' : host);
        const { ca, cert, key, pfx, passphrase, rejectUnauthorized } = options;
        created(null, connectTls({ socket, servername, host, ca, cert, key, pfx, passphrase, rejectUnauthorized }));
      },
      (error: Error) => created(error),
    );
  };
  return Object.assign(agent, { createConnection });
}
