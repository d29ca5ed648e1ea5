import { createClient } from '../client/index.js';
import type { Cluster } from '../cluster.js';
import { withDeadline } from '../deadline.js';
import { defineResource } from '../define.js';
import type { K8sObject } from '../resource.js';
import { microTime } from '../time.js';
import type { ElectionSettings } from './options.js';

/** Who leads, as all replicas see it. Times are for people: no replica compares them with its own clock. */
export interface LeaseSpec {
  /** Empty after a release. */
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  acquireTime?: string;
  renewTime?: string;
  leaseTransitions?: number;
}

export interface LeaseObject extends K8sObject {
  spec?: LeaseSpec;
}

export const Lease = defineResource<LeaseObject>({ group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' });

/** The Lease of an election on the API server. Every call ends within the time of a request, or rejects. */
export interface LeaseStore {
  read(signal: AbortSignal): Promise<LeaseObject | undefined>;
  create(spec: LeaseSpec, signal: AbortSignal): Promise<LeaseObject>;
  /** Rejects with a conflict where the lease is no longer the one that is given. */
  replace(lease: LeaseObject, spec: LeaseSpec, signal: AbortSignal): Promise<LeaseObject>;
}

export function leaseStore(cluster: Cluster, { id: name, namespace, requestTimeout }: ElectionSettings): LeaseStore {
  const client = createClient({ cluster });
  const metadata = { name, namespace };
  const timely = <T>(signal: AbortSignal, send: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    withDeadline(requestTimeout, signal, send);
  return {
    read: (outer) => timely(outer, (signal) => client.get(Lease, metadata, { signal })),
    create: (spec, outer) => timely(outer, (signal) => client.create(Lease, { metadata, spec }, { signal })),
    replace: (lease, spec, outer) =>
      timely(outer, (signal) => client.update(Lease, { ...lease, spec: { ...lease.spec, ...spec } }, { signal })),
  };
}

/** What a replica writes that has the lease, or takes it from `before`. */
export function claim({ identity, leaseDuration }: ElectionSettings, before: LeaseSpec | undefined): LeaseSpec {
  const renewTime = microTime();
  const { acquireTime = renewTime, leaseTransitions = 0 } = before ?? {};
  const isOwn = before?.holderIdentity === identity;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(leaseDuration / 1000),
    renewTime,
    acquireTime: isOwn ? acquireTime : renewTime,
    leaseTransitions: before === undefined || isOwn ? leaseTransitions : leaseTransitions + 1,
  };
}

/** What a replica writes that gives the lease up. */
export const release = (): LeaseSpec => ({
  holderIdentity: '',
  leaseDurationSeconds: 1,
  renewTime: microTime(),
  acquireTime: microTime(),
});
