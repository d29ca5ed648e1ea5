import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

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

const poolSize = 16;
const keepAliveMsecs = 30_000;

/** Keep-alive connections. An agent of Node.js never shares a connection between TLS identities: they are part of its pool's key. */
export function createAgents(protocol: string): Agents {
  const Agent = protocol === 'https:' ? HttpsAgent : HttpAgent;
  const calls = new Agent({ keepAlive: true, keepAliveMsecs, maxSockets: poolSize, maxFreeSockets: poolSize });
  const watches = new Agent({ keepAlive: true, keepAliveMsecs });
  const fresh = new Agent({ keepAlive: true, keepAliveMsecs });
  // The constructor takes 0 for a number that was not given.
  fresh.maxFreeSockets = 0;
  return {
    calls,
    watches,
    fresh,
    close() {
      for (const agent of [calls, watches, fresh]) agent.destroy();
    },
  };
}
