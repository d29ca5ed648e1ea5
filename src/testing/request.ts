import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';

/** How to reach an API server: `ca` is PEM, `token` a bearer token. */
export interface Access {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
}

const timeoutMilliseconds = 10_000;

/** One request on a connection of its own; the certificate of the server is verified. Rejects when there is no answer. */
export function request(
  { url, ca, token }: Access,
  method: string,
  path: string,
  { body, headers }: { body?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      method,
      ca,
      agent: false as const,
      headers: { accept: 'application/json', authorization: `Bearer ${token}`, ...headers },
      signal: AbortSignal.timeout(timeoutMilliseconds),
    };
    httpsRequest(new URL(path, url), options, (answer) => {
      text(answer).then((content) => resolve({ status: answer.statusCode as number, body: content }), reject);
    })
      .once('error', reject)
      .end(body);
  });
}
