import type { Socket } from 'node:net';
import { connectByHttp } from './httpconnect.js';
import { isSocks, type ProxyServer, type Target } from './proxy.js';
import { connectBySocks } from './socks.js';

const keepAliveDelay = 30_000;

/** A connection to a target through a proxy. Rejects with what the proxy refuses, or why there is no answer. */
export async function connectThrough(proxy: ProxyServer, target: Target, signal: AbortSignal): Promise<Socket> {
  const socket = await (isSocks(proxy.url) ? connectBySocks : connectByHttp)(proxy, target, signal);
  socket.setTimeout(0);
  socket.setNoDelay(true);
  return socket.setKeepAlive(true, keepAliveDelay);
}
