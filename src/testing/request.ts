import type { Cluster } from '../runtime/cluster.js';
import { textOf } from '../runtime/request.js';
import { createTransport, type Transport } from '../runtime/transport/index.js';

/** How to reach an API server: `ca` is PEM, `token` a bearer token. */
export interface Access {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
}

const timeoutMilliseconds = 10_000;

/** Connections to the API server; its certificate is verified. */
export function transportOf({ url, ca, token }: Access): Transport {
  const credentials = { tls: { ca }, headers: { authorization: `Bearer ${token}` } };
  return createTransport({ server: url, trust: 'its own authority', credentials: async () => credentials });
}

/** One request of ten seconds at most. Rejects when there is no answer. */
export async function request(
  cluster: Cluster,
  method: string,
  path: string,
  { body, headers }: { body?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: string }> {
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const content = body === undefined ? {} : { body };
  const answer = await cluster.request({
    method,
    path,
    headers: { accept: 'application/json', ...headers },
    signal,
    ...content,
  });
  return { status: answer.status, body: await textOf(answer) };
}
