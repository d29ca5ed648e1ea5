import type { Cluster, ClusterRequest } from '../../src/runtime/cluster.js';

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON; text is sent as it is. */
  body?: unknown;
}

/** A request with its body parsed. */
export interface Sent extends Omit<ClusterRequest, 'body'> {
  body?: unknown;
}

/** A cluster that answers by a function, and keeps the requests. */
export function scriptedCluster(
  answer: (request: Sent, index: number) => Answer | Promise<Answer>,
): Cluster & { requests: Sent[] } {
  const requests: Sent[] = [];
  return {
    requests,
    async request({ body, ...rest }) {
      const sent: Sent = { ...rest, ...(body !== undefined && { body: JSON.parse(body) }) };
      requests.push(sent);
      const { status = 200, headers = {}, body: content = {} } = await answer(sent, requests.length - 1);
      return { status, headers, body: chunksOf(typeof content === 'string' ? content : JSON.stringify(content)) };
    },
  };
}

/** In pieces of 7 bytes, so that characters and tokens are split. */
async function* chunksOf(text: string): AsyncIterable<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
}

/** A failed answer as the API server words it. */
export const failure = (code: number, reason: string, rest: object = {}): Answer => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: reason, ...rest },
});

export const notFound = failure(404, 'NotFound', { details: { name: 'x', kind: 'things' } });

/** What a JSON patch that does not fit is answered, after a failed `test` too. */
export const unfit = failure(422, 'Invalid', {
  message: 'the server rejected our request due to an error in our request',
  details: {},
});
