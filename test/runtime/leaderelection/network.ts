import type { Cluster, ClusterRequest, ClusterResponse } from '../../../src/runtime/cluster.js';
import type { Machine, World } from './world.js';

/** A request as a proxy beside the replica sees it. */
export interface Sent {
  readonly machine: Machine;
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  /** When it left the replica. */
  readonly leftAt: number;
  /** When the API server got it; undefined where it did not. */
  arrivedAt?: number;
  /** What it answered. */
  status?: number;
}

/** How a machine reaches the API server. */
export interface Link {
  /** Milliseconds for a request, and for its answer. */
  delay: number;
  /** Milliseconds until there is a connection. */
  connecting: number;
  /** Nothing arrives from now on, in either direction, and nobody is told. */
  cut(): void;
  /** All is well again, but for what was under way, which breaks off. */
  heal(): void;
  /** Undefined while the link is whole; rejects when it is healed. */
  readonly broken: Promise<never> | undefined;
}

export interface Network {
  /** The way of a machine to the API server, which `sent` gets what leaves by. */
  clusterOf(machine: Machine): Cluster & { readonly link: Link };
}

interface Tools {
  readonly world: World;
  readonly server: Cluster;
  /** Called as a request leaves, as it arrives, and when the API server has dealt with it. */
  readonly onLeave: (sent: Sent) => void;
  readonly onArrival: (sent: Sent) => void;
  readonly onAnswer: (sent: Sent) => void;
}

/** Requests take time, and go on to the API server once they have left, whatever becomes of those who sent them. */
export function createNetwork({ world, server, onLeave, onArrival, onAnswer }: Tools): Network {
  const wait = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => (milliseconds > 0 ? world.after(milliseconds, resolve) : resolve()));

  async function carry(r: ClusterRequest, sent: Sent, link: Link): Promise<ClusterResponse> {
    await wait(link.delay);
    await link.broken;
    sent.arrivedAt = world.now;
    onArrival(sent);
    const { signal, ...rest } = r;
    const isWatch = r.query?.watch === 'true';
    const response = await server.request(isWatch && signal ? { ...rest, signal } : rest);
    sent.status = response.status;
    onAnswer(sent);
    const chunks: Uint8Array[] = [];
    if (!isWatch) for await (const chunk of response.body) chunks.push(chunk);
    await wait(link.delay);
    await link.broken;
    return { ...response, body: isWatch ? response.body : listOf(chunks) };
  }

  async function* gated(body: AsyncIterable<Uint8Array>, machine: Machine, link: Link): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      await link.broken;
      await world.delivered(machine);
      yield chunk;
    }
  }

  async function request(r: ClusterRequest, machine: Machine, link: Link): Promise<ClusterResponse> {
    if (link.connecting > 0) {
      await wait(link.connecting);
      await world.delivered(machine);
      r.signal?.throwIfAborted();
    }
    r.beforeSend?.();
    const sent: Sent = { machine, method: r.method, path: r.path, body: r.body, leftAt: world.now };
    onLeave(sent);
    const answer = world.outside(() => carry(r, sent, link));
    try {
      return await Promise.race([answer, rejectionOf(r.signal)]).finally(() => world.delivered(machine));
    } catch (error) {
      answer.catch(() => {});
      throw error;
    }
  }

  return {
    clusterOf(machine) {
      const link = createLink();
      return {
        link,
        async request(r) {
          r.signal?.throwIfAborted();
          const response = await request(r, machine, link);
          return { ...response, body: gated(response.body, machine, link) };
        },
      };
    },
  };
}

function createLink(): Link {
  let broken: Promise<never> | undefined;
  let reset = (): void => {};
  return {
    delay: 1,
    connecting: 0,
    get broken() {
      return broken;
    },
    cut() {
      broken ??= new Promise((_, reject) => {
        reset = () => reject(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
      });
      broken.catch(() => {});
    },
    heal() {
      broken = undefined;
      reset();
    },
  };
}

const rejectionOf = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));

async function* listOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
