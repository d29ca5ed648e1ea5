import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, ClusterRequest, ClusterResponse } from '../../src/runtime/cluster.js';
import type { LeaseObject } from '../../src/runtime/leaderelection/lease.js';
import { serveCluster } from '../../src/testing/serve.js';
import { type Operator, startOperator } from './operator.js';

/** The way from a replica to the API server. */
export interface Line {
  /** Milliseconds from the arrival of a request at the proxy until it goes on; none overtakes another. */
  delay: number;
  /** From now on nothing goes on, or no answer comes back, and nobody is told. */
  lose(what: 'everything' | 'answers'): void;
  /** All is well again, but for what was under way, which breaks off. */
  heal(): void;
}

/** A process of an operator, all of whose requests pass through a proxy of its own. */
export interface Replica {
  readonly operator: Operator;
  readonly line: Line;
}

/** Replicas of one operator that compete for one lease, and what the proxies have seen of them. */
export interface Fleet {
  /** All that were ever started. */
  readonly replicas: readonly Replica[];
  /** Writes that came while the lease was not that of the replica, in words. */
  readonly problems: readonly string[];
  /** Writes that came at all. */
  readonly writes: number;
  /** The longest time from the arrival of the last renewal that the API server took to the arrival of a write of the same replica. */
  readonly longest: number;
  /** How often the lease went to another replica. */
  readonly changes: number;
  start(): Promise<Replica>;
  running(): readonly Replica[];
  /** The replica that holds the lease by the last answer of the API server about it. */
  leader(): Replica | undefined;
  /** SIGKILL for all. */
  end(): Promise<void>;
}

export interface FleetOptions {
  readonly cluster: Cluster;
  /** As of `bundleOperator`. */
  readonly bundle: string;
  /** Name of the lease, in the namespace `default`. */
  readonly lease: string;
}

const isRenewal = ({ method, path }: ClusterRequest): boolean => method !== 'GET' && path.includes('/leases');
const isWrite = ({ method, path }: ClusterRequest): boolean => method !== 'GET' && !path.includes('/leases');

export function createFleet({ cluster, bundle, lease }: FleetOptions): Fleet {
  const replicas: Replica[] = [];
  const problems: string[] = [];
  const ends: (() => Promise<void>)[] = [];
  const renewals = new Map<object, number>();
  const seen = { writes: 0, longest: 0, changes: 0 };
  let last = { version: 0n, holder: undefined as object | undefined };

  const look = (line: object, { method, path }: ClusterRequest, moment: 'comes' | 'goes on'): void => {
    const since = performance.now() - (renewals.get(line) ?? Number.NEGATIVE_INFINITY);
    if (moment === 'comes') seen.writes++;
    if (moment === 'comes') seen.longest = Math.max(seen.longest, since);
    if (last.holder !== line)
      problems.push(`${method} ${path} ${moment} ${Math.round(since)} ms after the last renewal, without the lease`);
  };

  /** The versions of the lease tell the order of its states, whatever the order of the answers. */
  const note = (line: object, body: Uint8Array, cameAt: number): void => {
    const { metadata, spec } = JSON.parse(new TextDecoder().decode(body)) as LeaseObject;
    const version = BigInt(metadata?.resourceVersion ?? '0');
    const isHeld = (spec?.holderIdentity ?? '') !== '';
    if (isHeld) renewals.set(line, Math.max(renewals.get(line) ?? 0, cameAt));
    if (version <= last.version) return;
    if (isHeld && last.holder !== line) seen.changes++;
    last = { version, holder: isHeld ? line : undefined };
  };

  async function start(): Promise<Replica> {
    const line = createLine();
    const carried: Cluster = {
      async request(r) {
        const cameAt = performance.now();
        if (isWrite(r)) look(line, r, 'comes');
        await line.forth();
        if (isWrite(r)) look(line, r, 'goes on');
        const { signal, ...rest } = r;
        if (r.query?.watch === 'true') return watched(line, await cluster.request(r));
        const response = await cluster.request(r.method === 'GET' && signal ? { ...rest, signal } : rest);
        const body = await bytesOf(response);
        if (isRenewal(r) && response.status < 300) note(line, body, cameAt);
        await line.back();
        return { ...response, body: listOf(body) };
      },
    };
    const served = await serveCluster(carried);
    const args = ['--leader-elect', `--leader-election-id=${lease}`, '--leader-election-namespace=default'];
    const operator = await startOperator({ bundle, kubeconfig: served.kubeconfig, args });
    const replica = { operator, line };
    replicas.push(replica);
    ends.push(async () => {
      await operator.kill();
      await served.stop();
    });
    return replica;
  }

  const running = (): readonly Replica[] => replicas.filter(({ operator }) => operator.exitCode === undefined);

  return {
    replicas,
    problems,
    get writes() {
      return seen.writes;
    },
    get longest() {
      return seen.longest;
    },
    get changes() {
      return seen.changes;
    },
    start,
    running,
    leader: () => running().find(({ line }) => line === last.holder),
    async end() {
      await Promise.all(ends.splice(0).map((end) => end()));
    },
  };
}

interface Carrier extends Line {
  /** Resolves when a request may go on; rejects when the line is healed. */
  forth(): Promise<void>;
  /** The same for an answer. */
  back(): Promise<void>;
}

function createLine(): Carrier {
  let lost: 'nothing' | 'everything' | 'answers' = 'nothing';
  let broken: Promise<never> | undefined;
  let breakOff = (): void => {};
  let goesOnAt = 0;
  const line: Carrier = {
    delay: 0,
    lose(what) {
      lost = what;
      broken ??= new Promise((_, reject) => {
        breakOff = () => reject(new Error('the line was broken'));
      });
      broken.catch(() => {});
    },
    heal() {
      lost = 'nothing';
      broken = undefined;
      breakOff();
    },
    async forth() {
      const now = performance.now();
      goesOnAt = Math.max(goesOnAt, now + line.delay);
      if (goesOnAt > now) await sleep(goesOnAt - now);
      if (lost === 'everything') await broken;
    },
    async back() {
      if (lost !== 'nothing') await broken;
    },
  };
  return line;
}

async function bytesOf({ body }: ClusterResponse): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* listOf(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}

/** A watch of which nothing arrives while answers get lost, and which breaks off with the line. */
function watched(line: Carrier, response: ClusterResponse): ClusterResponse {
  async function* through(): AsyncGenerator<Uint8Array> {
    for await (const chunk of response.body) {
      await line.back();
      yield chunk;
    }
  }
  return { ...response, body: through() };
}
