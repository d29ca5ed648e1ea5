import { follow } from '../abort.js';
import type { Cluster, ClusterRequest, ClusterResponse } from '../cluster.js';
import { NotLeaderError } from '../errors.js';
import type { Hold } from './hold.js';

/**
 * The cluster for those who may write only while they hold the lease, which `title` names.
 *
 * Guarantees: without the hold a write is refused with a NotLeaderError before anything leaves the process, also when it has waited for
 * a connection, for credentials or for another try; what is under way is aborted when the hold ends. Reads pass.
 */
export function fenced(cluster: Cluster, hold: Hold, title: string): Cluster {
  const assertHeld = ({ method, path }: ClusterRequest): void => {
    if (hold.check()) return;
    const fact = hold.ended.aborted ? 'does not lead any more' : 'does not lead yet';
    throw new NotLeaderError(`A write needs the lease \`${title}\`, but this process ${fact}: ${method} ${path}`);
  };

  async function write(r: ClusterRequest): Promise<ClusterResponse> {
    assertHeld(r);
    const within = follow([r.signal, hold.ended]);
    const beforeSend = (): void => {
      r.beforeSend?.();
      assertHeld(r);
    };
    try {
      const response = await cluster.request({ ...r, signal: within.signal, beforeSend });
      return { ...response, body: thenCall(response.body, within.release) };
    } catch (error) {
      within.release();
      throw !r.signal?.aborted && hold.ended.aborted && !(error instanceof NotLeaderError) ? stopped(r, error) : error;
    }
  }

  const stopped = ({ method, path }: ClusterRequest, cause: unknown): NotLeaderError =>
    new NotLeaderError(`The lease \`${title}\` has ended while a write was under way: ${method} ${path}`, { cause });

  return { request: (r) => (isWrite(r) ? write(r) : cluster.request(r)) };
}

/** Reviews are questions in the form of a creation: nothing is stored. */
const isWrite = ({ method, path }: ClusterRequest): boolean =>
  !/^(GET|HEAD|OPTIONS)$/i.test(method) && !/^\/apis\/(authentication|authorization)\.k8s\.io\//.test(path);

async function* thenCall(body: AsyncIterable<Uint8Array>, end: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    end();
  }
}
