import { objectPath } from '../path.js';
import type { AnyResource, Key } from '../resource.js';
import { type Caller, call, queryOf } from './call.js';
import type { Client, Scale } from './types.js';

/** autoscaling/v1 Scale, as the API server sends it. */
interface RawScale {
  spec?: { replicas?: number };
  status?: { replicas?: number; selector?: string };
}

/** `Client.scale`. */
export function createScale(caller: Caller): Client['scale'] {
  const at = (resource: AnyResource, key: Key) => ({
    path: objectPath(resource, key, 'scale'),
    resource,
    subresource: 'scale',
  });
  return {
    get: async (resource, key, { signal } = {}) =>
      scaleOf(await call<RawScale>(caller, { method: 'GET', ...at(resource, key), signal })),
    async set(resource, key, replicas, options = {}) {
      if (!Number.isInteger(replicas) || replicas < 0)
        throw new TypeError(`Replicas must be a whole number from 0 on, but are ${replicas}`);
      const answer = await call<RawScale>(caller, {
        method: 'PATCH',
        ...at(resource, key),
        query: queryOf(caller, options),
        headers: { 'content-type': 'application/merge-patch+json' },
        body: { spec: { replicas } },
        signal: options.signal,
      });
      return scaleOf(answer);
    },
  };
}

const scaleOf = ({ spec, status }: RawScale): Scale => ({
  replicas: spec?.replicas ?? 0,
  current: status?.replicas ?? 0,
  selector: status?.selector ?? '',
});
