import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { load } from 'js-yaml';

/** How to reach a server. Without `ca` its certificate is not verified: for servers of the same test on the loopback interface. */
export interface Access {
  readonly url: string;
  readonly ca?: string;
  readonly token?: string;
}

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data'?: string } }[];
  users?: { user?: { token?: string } }[];
}

/** The only cluster and user of a kubeconfig (its text), as `startEnvtest` and `serveCluster` write them. */
export function accessOf({ kubeconfig }: { kubeconfig: string }): Access {
  const { clusters, users } = load(kubeconfig) as Kubeconfig;
  const cluster = clusters[0]?.cluster;
  if (cluster === undefined) throw new Error('A kubeconfig needs a cluster, but this one has none');
  const ca = cluster['certificate-authority-data'];
  const token = users?.[0]?.user?.token;
  return {
    url: cluster.server,
    ...(ca === undefined ? {} : { ca: Buffer.from(ca, 'base64').toString() }),
    ...(token === undefined ? {} : { token }),
  };
}

export interface SendOptions {
  readonly body?: object;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** One request on a connection of its own; resolves when the answer starts. */
export function open(
  access: Access,
  method: string,
  path: string,
  options: SendOptions = {},
): Promise<IncomingMessage> {
  const { body, contentType = 'application/json', signal } = options;
  const { url, ca, token } = access;
  const target = new URL(path, url);
  const start = target.protocol === 'http:' ? httpRequest : httpsRequest;
  const content = body && JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = {
      accept: 'application/json',
      ...(content && { 'content-type': contentType, 'content-length': Buffer.byteLength(content) }),
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const tls = ca === undefined ? { rejectUnauthorized: false } : { ca };
    start(target, { method, agent: false, headers, ...tls, ...(signal && { signal }) }, resolve)
      .on('error', reject)
      .end(content);
  });
}

/** One request and its whole answer. Rejects when there is none. */
export async function send(
  access: Access,
  method: string,
  path: string,
  options: SendOptions = {},
): Promise<{ status: number; body: string }> {
  const answer = await open(access, method, path, { signal: AbortSignal.timeout(10_000), ...options });
  return { status: answer.statusCode ?? 0, body: await text(answer) };
}

/** The lines of an answer as they come; rejects when the connection breaks. */
export async function* linesOf(answer: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
